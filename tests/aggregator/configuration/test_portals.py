"""`[[portal]]`: what a filter may say, and how mistakes in it are told."""

from pathlib import Path

import pytest

from aggregator.configuration import Checked, check, load
from aggregator.configuring.mistakes import Misconfigured
from api.portals import faults_in, portals_of
from schema import Level

PORTAL = """
[[portal]]
id = "halle"
filter = "{}"
"""


def checked(folder: Path, text: str) -> Checked:
    """A file with this text, checked as `allmende check` does."""
    file = folder / "allmende.toml"
    file.write_text(text, "utf-8")
    return check(file, faults_in)


def test_a_portal_is_read_and_called_by_its_id_or_title(tmp_path: Path) -> None:
    text = PORTAL.format("city=Halle (Saale)&category=energy,mobility&radius=10&near=06108")
    named = PORTAL.replace("halle", "b").format("q=Baum") + 'title = "Bäume"\n'
    found = checked(tmp_path, text + named)
    assert found.mistakes == ()
    assert found.settings is not None
    portals = portals_of(found.settings.portals)
    assert portals.names == {("portal", "halle"): "halle", ("portal", "b"): "Bäume"}


@pytest.mark.parametrize(
    ("filter_", "code", "message", "suggestion"),
    [
        ("catgory=energy", "settings.unknown", '"catgory"', 'did you mean "category"?'),
        ("limit=5", "settings.unknown", '"limit"', "did you mean"),
        ("portal=halle", "settings.unknown", '"portal"', "accepted: attendance, bbox"),
        ("category=enrgy", "settings.invalid", '"category"', "there is no such category"),
        ("status=open,opne", "settings.invalid", '"status"', "open, paused, filled"),
        ("commitment=ever", "settings.invalid", '"commitment"', "one_off, short_term"),
        ("near=99999", "settings.invalid", '"near"', "a German postcode"),
        ("near=06108&radius=0", "settings.invalid", '"radius"', "kilometres around"),
        ("radius=10", "settings.invalid", 'no "near"', "around which place"),
        ("q=a&q=b", "settings.invalid", "more than once", "commas"),
        ("from=2026-12-02&to=2026-11-01", "settings.invalid", "not later", "exchange"),
        ("&", "settings.invalid", "says nothing", "category=energy"),
        ("energy", "settings.unknown", '"energy"', "did you mean"),
    ],
)
def test_a_mistake_in_a_filter_is_named_with_its_line_and_keeps_from_starting(
    tmp_path: Path, filter_: str, code: str, message: str, suggestion: str
) -> None:
    found = checked(tmp_path, PORTAL.format(filter_))
    (mistake,) = found.mistakes
    assert (mistake.code, mistake.setting, mistake.line) == (code, "portal[0].filter", 4)
    assert message in mistake.message
    assert suggestion in (mistake.suggestion or "")
    assert found.settings is None
    with pytest.raises(Misconfigured):
        load(tmp_path / "allmende.toml", faults_in)


def test_values_of_different_kinds_may_stand_together(tmp_path: Path) -> None:
    found = checked(tmp_path, PORTAL.format("status=open,scheduled&type=initiative,workshop"))
    assert found.settings is not None
    (portal,) = portals_of(found.settings.portals).by_id.values()
    asked = {kind: dict(query.values) for kind, query in portal.of_kind.items()}
    assert asked == {
        "organisation": {"type": ("initiative",)},
        "offer": {"status": ("open",)},
        "event": {"status": ("scheduled",), "type": ("workshop",)},
        "project": {},
    }


def test_a_source_the_file_has_not_is_warned_about(tmp_path: Path) -> None:
    found = checked(tmp_path, PORTAL.format("source=alt"))
    (mistake,) = found.mistakes
    assert (mistake.level, mistake.line) == (Level.WARNING, 4)
    assert found.settings is not None


def test_ids_are_short_names_and_each_stands_once(tmp_path: Path) -> None:
    twice = PORTAL.format("q=a") * 2
    (mistake,) = checked(tmp_path, twice).mistakes
    assert (mistake.code, mistake.line) == ("settings.duplicate_portal", 7)
    assert mistake.message == "the portal in line 3 has the same id"
    (mistake,) = checked(tmp_path, PORTAL.replace("halle", "Halle").format("q=a")).mistakes
    assert mistake.setting == "portal[0].id"
    (mistake,) = checked(tmp_path, '[[portal]]\nid = "a"').mistakes
    assert (mistake.code, mistake.setting) == ("settings.missing", "portal[0].filter")
    (mistake,) = checked(tmp_path, "[portal]").mistakes
    assert mistake.message == "write [[portal]], with two brackets"


def test_a_filter_that_nobody_checked_is_refused_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "allmende.toml"
    file.write_text(PORTAL.format("limit=5"))
    with pytest.raises(ValueError, match="portal halle"):
        portals_of(load(file).portals)
