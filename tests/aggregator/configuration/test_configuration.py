"""A configuration is read whole, or every mistake in it is explained with its line."""

from pathlib import Path

import pytest

from aggregator.configuration import Checked, check, choose, load
from aggregator.configuring.mistakes import Misconfigured, Mistake
from schema import Level
from tests.aggregator.configuration.conftest import Check

GOOD = """
[service]
public_url = "https://stadt.example/klima"

[[source]]
id = "bulletin"
connector = "bulletin"
every = "2h"
climate = []
categories = ["energy"]

[source.settings]
address = "https://stadt.example/bulletin"
key = "env:BULLETIN_KEY"

[source.terms]
"Natur, Tiere & Umwelt" = ["topics:urban_green_biodiversity", "health"]

[site]
imprint = "https://stadt.example/impressum"
"""


SOURCE = GOOD.partition("[[source]]")[2].partition("[site]")[0]


def only(checked: Checked) -> Mistake:
    """The one mistake of a configuration."""
    (mistake,) = checked.mistakes
    return mistake


def test_a_good_file_becomes_settings(configured: Check) -> None:
    checked = configured(GOOD)
    assert checked.settings is not None
    assert checked.mistakes == ()
    source = checked.settings.sources[0]
    assert (source.every, source.climate, source.categories) == (7200.0, (), ("energy",))
    assert source.facts().terms["Natur, Tiere & Umwelt"][1] == "health"


def test_the_public_url_ends_with_a_slash(configured: Check) -> None:
    settings = configured(GOOD).settings
    assert settings is not None
    assert settings.service.public_url == "https://stadt.example/klima/"


def test_an_empty_file_has_the_defaults_and_no_source(configured: Check) -> None:
    settings = configured("").settings
    assert settings is not None
    assert (settings.service.port, settings.sources) == (8080, ())


def test_relative_paths_are_anchored_at_the_file(configured: Check, tmp_path: Path) -> None:
    (tmp_path / "city.key").write_text("a-long-secret\n")
    settings = configured(GOOD.replace("env:BULLETIN_KEY", "file:city.key")).settings
    assert settings is not None
    assert settings.service.database == f"sqlite:///{tmp_path}/data/allmende.db"
    assert settings.service.data == f"{tmp_path}/data"
    assert settings.sources[0].settings["key"] == f"file:{tmp_path}/city.key"


def test_absolute_paths_stay(configured: Check) -> None:
    text = '[service]\ndatabase = "sqlite:////var/lib/a.db"\ndata = "/var/lib/a"'
    settings = configured(text).settings
    assert settings is not None
    assert settings.service.database == "sqlite:////var/lib/a.db"
    assert settings.service.data == "/var/lib/a"


@pytest.mark.parametrize(
    ("old", "new", "expected", "hint"),
    [
        ("every =", "evry =", ("settings.unknown", 8), 'did you mean "every"?'),
        ("[service]", "[servce]", ("settings.unknown", 2), 'did you mean "[service]"?'),
        ('"2h"', '"2 hours"', ("settings.invalid", 8), None),
        ("climate = []", 'climate = ["mitigaton"]', ("settings.invalid", 9), '"mitigation"'),
        ('["energy"]', '["enrgy"]', ("settings.unknown_term", 10), 'did you mean "energy"?'),
        ('"health"', '"helth"', ("settings.unknown_term", 17), 'did you mean "health"?'),
        (
            "every =",
            "pages = 1\nevery =",
            ("settings.unknown", 8),
            "belongs into [source.settings]",
        ),
        (
            "[source.terms]",
            "licence = 1\n[source.terms]",
            ("settings.unknown", 16),
            "into [[source]]",
        ),
        ("[service]", "port = 1\n[service]", ("settings.unknown", 2), "belongs into [service]"),
        ('or = "bulletin"', 'or = "buletin"', ("settings.unknown_connector", 7), '"bulletin"'),
        ('or = "bulletin"', 'or = "broken"', ("settings.unknown_connector", 7), "install it"),
        ('connector = "bulletin"', "", ("settings.missing", 5), "add connector = …"),
        ('address = "https://stadt.example/bulletin"', "", ("settings.missing", 12), "add address"),
        ('id = "bulletin"', 'id = "Bulletin 1"', ("settings.invalid", 6), None),
        ('id = "bulletin"', 'id = "editor"', ("settings.invalid", 6), "another id"),
        ('"2h"', '"2h"\nzone = "Europe/Berln"', ("settings.invalid", 9), '"Europe/Berlin"'),
        ('"2h"', '"2h"\nlanguage = "Deutsch"', ("settings.invalid", 9), None),
        ('"2h"', '"2h"\npage_url = "https://a.example/"', ("settings.invalid", 9), None),
        ('"2h"', '"2h"\nurl = "stadt.example"', ("settings.invalid", 9), None),
        ("[[source]]", "[source]", ("settings.invalid", 5), None),
        ("klima", "klima?a=1", ("settings.invalid", 3), None),
    ],
)
def test_a_mistake_is_explained(
    configured: Check, old: str, new: str, expected: tuple[str, int], hint: str | None
) -> None:
    mistake = only(configured(GOOD.replace(old, new, 1)))
    assert (mistake.code, mistake.line) == expected
    assert mistake.file is not None
    assert mistake.suggestion is None if hint is None else hint in str(mistake.suggestion)


def test_all_mistakes_are_found_at_once(configured: Check) -> None:
    broken = GOOD.replace('"2h"', "2h1").replace("2h1", '"2 h"').replace("energy", "enrgy")
    checked = configured(broken.replace("klima", "klima#x"))
    assert [mistake.line for mistake in checked.mistakes] == [3, 8, 10]
    assert checked.settings is None


def test_two_sources_with_one_id_are_refused(configured: Check) -> None:
    mistake = only(configured(GOOD + "[[source]]" + SOURCE))
    assert mistake.code == "settings.duplicate_source"
    assert (mistake.line, "line 6" in mistake.message) == (22, True)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\nb = \n", 2),
        ("a = 1\n[service\n", 2),
        ('a = """\n\nnever closed', 3),
        ("a = 1\na = 2", 2),
        ("a = [1,\n", 1),
    ],
)
def test_broken_toml_names_its_line(configured: Check, text: str, line: int) -> None:
    mistake = only(configured(text))
    assert (mistake.code, mistake.line) == ("settings.syntax", line)


def test_bytes_that_are_not_utf_8_name_their_line(tmp_path: Path) -> None:
    file = tmp_path / "allmende.toml"
    file.write_bytes('a = 1\nb = "Köln"'.encode("latin-1"))
    mistake = only(check(file))
    assert (mistake.code, mistake.line) == ("settings.syntax", 2)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "allmende.toml"
    file.write_bytes("\ufeff[service]\r\nport = 1\r\n".encode())
    settings = check(file).settings
    assert settings is not None
    assert settings.service.port == 1


def test_a_missing_file_says_how_to_name_another(tmp_path: Path) -> None:
    mistake = only(check(tmp_path / "nowhere.toml"))
    assert mistake.code == "settings.no_file"
    assert "--config" in str(mistake.suggestion)


def test_loading_a_broken_file_raises_all_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "allmende.toml"
    file.write_text('[service]\nport = "x"\nhst = "y"')
    with pytest.raises(Misconfigured) as raised:
        load(file)
    assert [mistake.line for mistake in raised.value.mistakes] == [2, 3]


def test_the_file_is_named_by_option_then_variable_then_habit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert choose(None) == Path("allmende.toml")
    monkeypatch.setenv("ALLMENDE_CONFIG", "/etc/allmende.toml")
    assert choose(None) == Path("/etc/allmende.toml")
    assert choose(Path("other.toml")) == Path("other.toml")


@pytest.mark.parametrize(
    ("change", "every"),
    [
        (("", ""), 15 * 60),
        (('key = "env:BULLETIN_KEY"', ""), 60 * 60),
        (("https://stadt", "http://localhost:1/stadt"), 1),
    ],
)
def test_a_source_is_never_asked_more_often_than_is_polite(
    configured: Check, change: tuple[str, str], every: float
) -> None:
    text = GOOD.replace('"2h"', "0.5").replace(*change)
    checked = configured(f"{text}\n[fetch]\nallow_loopback = true")
    mistake = only(checked)
    assert (mistake.level, mistake.line) == (Level.WARNING, 8)
    assert checked.settings is not None
    assert checked.settings.sources[0].every == every


def test_loopback_is_asked_like_everyone_unless_allowed(configured: Check) -> None:
    text = GOOD.replace('"2h"', '"20s"').replace("https://stadt", "http://127.0.0.1:1/")
    settings = configured(text).settings
    assert settings is not None
    assert settings.sources[0].every == 15 * 60


def test_a_mistake_as_json_leaves_out_what_is_absent(configured: Check) -> None:
    said = only(configured("[service]\nport = 70000")).as_json()
    assert said["setting"] == "service.port"
    assert said["line"] == 2
    assert "variable" not in said
