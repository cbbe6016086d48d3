"""Secrets are references; what is written out is refused and never repeated."""

from pathlib import Path

import pytest

from schema import Level
from tests.aggregator.configuration.conftest import Check

SOURCE = """
[[source]]
id = "bulletin"
connector = "bulletin"
[source.settings]
address = "https://stadt.example/bulletin"
"""
CANARY = "kanarienvogel-4711"


@pytest.mark.parametrize(
    "setting",
    [
        f'key = "{CANARY}"',
        f'spare_key = "{CANARY}"',
        f'key = "ENV:{CANARY}"',
        f'key = "env:{CANARY} x"',
    ],
)
def test_a_secret_written_out_is_refused_and_not_repeated(configured: Check, setting: str) -> None:
    (mistake,) = configured(SOURCE + setting).mistakes
    assert (mistake.code, mistake.line) == ("settings.plain_secret", 7)
    assert CANARY not in str(mistake)


@pytest.mark.parametrize(
    "address",
    [
        f"https://user:{CANARY}@stadt.example/",
        f"https://stadt.example/?accessKey={CANARY}",
        f"https://stadt.example/?a=1&apiKey={CANARY}",
        f"https://stadt.example/?TOKEN={CANARY}",
    ],
)
def test_a_secret_inside_an_address_is_refused_and_not_repeated(
    configured: Check, address: str
) -> None:
    text = SOURCE.replace("https://stadt.example/bulletin", address)
    (mistake,) = configured(text).mistakes
    assert (mistake.code, mistake.line) == ("settings.plain_secret", 6)
    assert CANARY not in str(mistake)


def test_no_mistake_repeats_a_value(configured: Check) -> None:
    names = ("id", "connector", "every", "licence", "zone", "url", "page_url", "terms", CANARY)
    text = "[[source]]\n" + "\n".join(f'{name} = "{CANARY}!"' for name in names)
    text += f'\n[source.settings]\npages = "{CANARY}"\n[service]\nport = "{CANARY}"'
    for mistake in configured(text).mistakes:
        assert f"{CANARY}!" not in str(mistake)
        assert mistake.path[-1] == CANARY or CANARY not in mistake.message


def test_a_reference_is_looked_up_without_being_shown(configured: Check, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{CANARY}\n")
    checked = configured(f'{SOURCE}key = "env:BULLETIN_KEY"\nspare_key = "file:key"')
    assert [(secret.path[-1], secret.found) for secret in checked.secrets] == [
        ("key", True),
        ("spare_key", True),
    ]
    assert CANARY not in str(checked)


@pytest.mark.parametrize("reference", ["env:NOT_SET_ANYWHERE", "file:nowhere", "file:."])
def test_a_reference_that_leads_nowhere_is_a_warning(configured: Check, reference: str) -> None:
    checked = configured(f'{SOURCE}key = "{reference}"')
    assert [(m.code, m.level) for m in checked.mistakes] == [
        ("source.secret_missing", Level.WARNING)
    ]
    assert checked.settings is not None


def test_an_empty_secret_leads_nowhere(configured: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULLETIN_KEY", " ")
    (secret,) = configured(f'{SOURCE}key = "env:BULLETIN_KEY"').secrets
    assert not secret.found
