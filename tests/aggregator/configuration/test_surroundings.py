"""What `[site]` names outside the file is looked at when the configuration is read."""

from pathlib import Path

import pytest

from aggregator.configuring.surroundings import MOST_BYTES
from tests.aggregator.configuration.conftest import Check

PUBLIC = '[service]\npublic_url = "https://stadt.example/"\n'


def test_texts_and_logo_lie_beside_the_configuration(configured: Check, tmp_path: Path) -> None:
    (tmp_path / "imprint.md").write_text("# Impressum\n\nStadt Halle")
    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    checked = configured('[site]\nimprint = "imprint.md"\nlogo = "logo.svg"')
    assert checked.mistakes == ()
    assert checked.settings is not None
    assert checked.settings.site.imprint == str(tmp_path / "imprint.md")
    assert checked.settings.site.logo == str(tmp_path / "logo.svg")


def test_a_page_elsewhere_stays_as_it_is(configured: Check) -> None:
    checked = configured('[site]\nprivacy = "https://stadt.example/datenschutz"')
    assert checked.settings is not None
    assert checked.settings.site.privacy == "https://stadt.example/datenschutz"


@pytest.mark.parametrize(
    ("setting", "content", "message"),
    [
        ("imprint=gone.md", None, "the file cannot be read: No such file or directory"),
        ("imprint=page.html", b"x", "the file's name must end in .md or .txt"),
        ("imprint=empty.md", b" \n", "the file is empty"),
        ("privacy=old.txt", b"Datenschutzerkl\xe4rung", "the file is not UTF-8"),
        ("logo=logo.gif", b"GIF89a", "the file's name must end in .png or .svg"),
        ("logo=logo.png", b"GIF89a", "the file is no picture of this kind"),
        ("logo=logo.svg", b"<html>", "the file is no picture of this kind"),
        (
            "logo=https://stadt.example/logo.png",
            None,
            "the file cannot be read: No such file or directory",
        ),
        ("accessibility=big.md", b"x" * (MOST_BYTES + 1), "the file has more than 300000 bytes"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_mistake(
    configured: Check, tmp_path: Path, setting: str, content: bytes | None, message: str
) -> None:
    name, _, file = setting.partition("=")
    if content is not None:
        (tmp_path / file).write_bytes(content)
    (mistake,) = configured(f'[site]\n{name} = "{file}"').mistakes
    assert (mistake.code, mistake.message) == ("settings.invalid", message)
    assert (mistake.setting, mistake.line) == (f"site.{name}", 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("imprint", ""),
        ("imprint", "ftp://stadt.example/imprint"),
        ("privacy", "https://me:word@stadt.example/"),
        ("feedback", "barrierefrei"),
        ("feedback", "a@b.example?cc=c@d.example"),
        ("feedback", "javascript://x"),
    ],
)
def test_a_value_that_leads_nowhere_is_a_mistake(configured: Check, name: str, value: str) -> None:
    mistakes = configured(f'[site]\n{name} = "{value}"').mistakes
    assert {mistake.setting for mistake in mistakes} == {f"site.{name}"}


def test_a_public_service_without_imprint_is_warned(configured: Check) -> None:
    checked = configured(PUBLIC)
    assert [mistake.code for mistake in checked.mistakes] == ["settings.no_imprint"]
    assert checked.settings is not None
    assert configured("").mistakes == ()
    named = configured(PUBLIC + '[site]\nimprint = "https://stadt.example/impressum"')
    assert named.mistakes == ()


def test_the_environment_names_them_too(configured: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLMENDE_SITE__FEEDBACK", "barrierefrei@stadt.example")
    checked = configured("")
    assert checked.settings is not None
    assert checked.settings.site.feedback == "barrierefrei@stadt.example"
