"""Who gets into `/admin`: by a password behind a reference, by nobody's oversight."""

from pathlib import Path

import pytest

from aggregator.configuration import Checked
from aggregator.configuring.admission import is_reached_from_elsewhere
from aggregator.settings import ServiceSettings
from schema import Level
from tests.aggregator.configuration.conftest import Check

CITY = """
[service]
public_url = "https://stadt.example/"
[site]
imprint = "https://stadt.example/impressum"
"""
LONG = "a-long-password"


def codes(checked: Checked) -> list[str]:
    return [mistake.code for mistake in checked.mistakes]


def test_a_password_is_a_reference(configured: Check, tmp_path: Path) -> None:
    (tmp_path / "word").write_text(LONG)
    checked = configured('[admin]\npassword = "file:word"')
    assert checked.settings is not None
    assert checked.settings.admin.password == f"file:{tmp_path}/word"
    assert [(secret.path, secret.found) for secret in checked.secrets] == [
        (("admin", "password"), True)
    ]


def test_a_password_that_is_written_out_is_refused_and_not_repeated(
    configured: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mistake,) = configured(f'[admin]\npassword = "{LONG}"').mistakes
    assert (mistake.code, mistake.line) == ("settings.plain_secret", 2)
    monkeypatch.setenv("ALLMENDE_ADMIN__PASSWORD", LONG)
    (mistake,) = configured("").mistakes
    assert mistake.variable == "ALLMENDE_ADMIN__PASSWORD"
    assert LONG not in repr(mistake)


def test_a_password_that_leads_nowhere_keeps_the_service_from_starting(configured: Check) -> None:
    checked = configured('[admin]\npassword = "env:NO_SUCH_PASSWORD"')
    assert checked.settings is None
    assert codes(checked) == ["source.secret_missing"]


def test_a_short_password_is_warned_about(
    configured: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORD", "elevencharx")
    checked = configured('[admin]\npassword = "env:WORD"')
    assert checked.settings is not None
    (mistake,) = checked.mistakes
    assert (mistake.code, mistake.level) == ("settings.weak_password", Level.WARNING)
    assert "elevencharx" not in repr(mistake)


def test_pages_that_everybody_may_read_are_warned_about(configured: Check) -> None:
    checked = configured(f"{CITY}[admin]\npublic = true")
    assert checked.settings is not None
    (mistake,) = checked.mistakes
    assert (mistake.code, mistake.line) == ("settings.admin_unprotected", 7)
    assert mistake.level is Level.WARNING


@pytest.mark.parametrize("more", [f"{CITY}[admin]", "[admin]\npublic = true"])
def test_what_is_closed_or_not_reached_is_not_warned_about(configured: Check, more: str) -> None:
    assert configured(more).mistakes == ()


@pytest.mark.parametrize(
    ("host", "public_url", "reached"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080/", False),
        ("localhost", "http://[::1]:8080/", False),
        ("0.0.0.0", "http://127.0.0.1:8080/", True),
        ("", "http://127.0.0.1:8080/", True),
        ("127.0.0.1", "https://stadt.example/", True),
    ],
)
def test_who_listens_for_others_or_is_named_to_them_is_reached(
    host: str, public_url: str, *, reached: bool
) -> None:
    service = ServiceSettings(host=host, public_url=public_url)
    assert is_reached_from_elsewhere(service) is reached
