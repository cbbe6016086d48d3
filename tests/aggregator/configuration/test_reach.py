"""What `[fetch]` names outside the file is looked at when the configuration is read."""

from pathlib import Path

import pytest
import trustme

from tests.aggregator.configuration.conftest import Check


def test_authorities_lie_beside_the_configuration(configured: Check, tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    checked = configured(f'[fetch]\nca_file = "{tmp_path}/ca.pem"')
    assert checked.mistakes == ()
    assert checked.settings is not None
    assert checked.settings.fetch.ca_file == str(tmp_path / "ca.pem")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (None, "the file cannot be read: No such file or directory"),
        ("no certificate", "the file holds no certificate in PEM form"),
    ],
)
def test_authorities_that_cannot_be_used_are_a_mistake(
    configured: Check, tmp_path: Path, written: str | None, message: str
) -> None:
    if written is not None:
        (tmp_path / "ca.pem").write_text(written)
    (mistake,) = configured(f'[fetch]\nca_file = "{tmp_path}/ca.pem"').mistakes
    assert (mistake.code, mistake.message) == ("settings.invalid", message)
    assert (mistake.setting, mistake.line) == ("fetch.ca_file", 2)


@pytest.mark.parametrize(
    "proxy", ["https://proxy:1", "http://me:word@proxy:1", "proxy:3128", "http://proxy/path", "⚡"]
)
def test_a_proxy_is_a_plain_http_address(configured: Check, proxy: str) -> None:
    mistakes = configured(f'[fetch]\nproxy = "{proxy}"').mistakes
    assert {mistake.setting for mistake in mistakes} == {"fetch.proxy"}


def test_a_proxys_login_is_a_reference_that_leads_somewhere(
    configured: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mistake,) = configured('[fetch]\nproxy_login = "me:word"').mistakes
    assert mistake.setting == "fetch.proxy_login"
    text = '[fetch]\nproxy_login = "env:PROXY_LOGIN"'
    (mistake,) = configured(text).mistakes
    assert (mistake.code, mistake.line) == ("source.secret_missing", 2)
    monkeypatch.setenv("PROXY_LOGIN", "me:word")
    assert configured(text).mistakes == ()
