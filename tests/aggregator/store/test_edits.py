"""Editors' decisions: laid over the source, kept through its runs, ended in time."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from aggregator.store.edits import Edit, expire, set_fields
from aggregator.store.tables import record, record_version, run
from schema import Rejected
from tests.aggregator.making import DAY, HOUR, ZONE, Bench, draft
from tests.aggregator.soundness import faults


@pytest.fixture
def offer(bench: Bench) -> UUID:
    bench.sync(draft("1", title="Eins", status="open"), draft("2"))
    return UUID(str(bench.entities("offer")[0].id))


def _edit(bench: Bench, entity: UUID, patch: dict[str, Any], until: datetime | None = None) -> None:
    edit = Edit(entity=entity, patch=patch, who="k.meier", reason="Anruf", until=until)
    bench.database.write_now(set_fields, edit, bench.clock, ZONE)


def _shown(bench: Bench, entity: UUID) -> dict[str, Any]:
    return next(one for one in bench.public() if one["id"] == str(entity))


def _now(bench: Bench) -> datetime:
    return bench.database.read_now(bench.clock.now)


def test_an_edit_shows_at_once_and_is_a_change_of_that_entity_alone(
    bench: Bench, offer: UUID
) -> None:
    before, head = bench.documents(), bench.head()
    _edit(bench, offer, {"title": {"de": "Redigiert"}, "status": "filled"})
    shown = _shown(bench, offer)
    assert (shown["title"]["de"], shown["status"]) == ("Redigiert", "filled")
    assert bench.head() == head + 1
    assert sum(1 for no, json in bench.documents().items() if before[no] != json) == 1
    assert bench.database.read_now(faults) == []


def test_an_edit_does_not_make_the_editor_a_source_of_the_entry(bench: Bench, offer: UUID) -> None:
    _edit(bench, offer, {"title": {"de": "Redigiert"}})
    assert [source["id"] for source in _shown(bench, offer)["sources"]] == ["freinet"]


def test_an_edit_survives_what_the_source_says_later(bench: Bench, offer: UUID) -> None:
    _edit(bench, offer, {"title": {"de": "Redigiert"}})
    bench.sync(draft("1", title="Zwei", status="paused"), draft("2"))
    shown = _shown(bench, offer)
    assert (shown["title"]["de"], shown["status"]) == ("Redigiert", "paused")
    assert bench.database.read_now(faults) == []


def test_edits_of_one_entity_add_up(bench: Bench, offer: UUID) -> None:
    _edit(bench, offer, {"title": {"en": "One"}, "place": {"authority": {"ags": "15002000"}}})
    _edit(bench, offer, {"status": "paused", "place": {"authority": {"lau": "DE_15002000"}}})
    shown = _shown(bench, offer)
    assert shown["title"] == {"de": "Eins", "en": "One"}
    assert shown["status"] == "paused"
    assert shown["place"]["authority"] == {"ags": "15002000", "lau": "DE_15002000"}


def test_null_takes_a_field_away(bench: Bench, offer: UUID) -> None:
    bench.sync(draft("1", title="Eins", url="https://a.example/"), draft("2"))
    _edit(bench, offer, {"url": None})
    assert "url" not in _shown(bench, offer)


def test_an_expired_edit_gives_back_what_the_source_says(bench: Bench, offer: UUID) -> None:
    _edit(bench, offer, {"title": {"de": "Redigiert"}}, _now(bench) + HOUR)
    bench.later(timedelta(minutes=59))
    assert bench.database.write_now(expire, bench.clock, ZONE) == 0
    bench.later(timedelta(minutes=1))
    assert bench.database.write_now(expire, bench.clock, ZONE) == 1
    assert _shown(bench, offer)["title"] == {"de": "Eins"}
    assert bench.database.write_now(expire, bench.clock, ZONE) == 0
    assert bench.database.read_now(faults) == []


def test_an_edit_after_an_expired_one_starts_from_nothing(bench: Bench, offer: UUID) -> None:
    _edit(bench, offer, {"title": {"de": "Redigiert"}}, _now(bench) + HOUR)
    bench.later(HOUR)
    bench.database.write_now(expire, bench.clock, ZONE)
    _edit(bench, offer, {"status": "closed"})
    shown = _shown(bench, offer)
    assert (shown["title"]["de"], shown["status"]) == ("Eins", "closed")


@pytest.mark.parametrize(
    "patch",
    [
        {"status": "vielleicht"},
        {"no_such_field": 1},
        {"title": None},
        {"title": {"de": "x" * 2001}},
        {"title": {"de": "\x00"}},
        {"url": "javascript:alert(1)"},
        {"native_id": "7"},
        {"organisation": {"name": "Anders"}},
        {"text_languages": ["xx"]},
    ],
    ids=[
        "value",
        "field",
        "no title",
        "too long",
        "control character",
        "link",
        "key",
        "reference",
        "computed",
    ],
)
def test_a_patch_the_schema_refuses_changes_nothing(
    bench: Bench, offer: UUID, patch: dict[str, Any]
) -> None:
    before, head, runs = bench.documents(), bench.head(), bench.rows(run)
    with pytest.raises(Rejected):
        _edit(bench, offer, patch)
    assert (bench.documents(), bench.head(), bench.rows(run)) == (before, head, runs)


def test_an_edit_of_nothing_live_is_refused(bench: Bench, offer: UUID) -> None:
    with pytest.raises(KeyError):
        _edit(bench, UUID(int=0), {"status": "open"})


def test_an_edit_leaves_a_run_that_says_why(bench: Bench, offer: UUID) -> None:
    _edit(bench, offer, {"status": "paused"})
    row = bench.rows(run, source="editor")[-1]
    assert (row.outcome, orjson.loads(row.counts)["changed"]) == ("applied", 1)
    assert "Anruf" in row.findings


def test_the_edit_before_is_kept_as_a_version(bench: Bench, offer: UUID) -> None:
    _edit(bench, offer, {"status": "paused"})
    _edit(bench, offer, {"status": "closed"})
    (row,) = bench.rows(record, source="editor")
    assert [version.record_no for version in bench.rows(record_version)] == [row.no]
    assert row.stamp == "k.meier"


def test_an_edited_entry_ends_with_its_source_and_returns_edited(bench: Bench, offer: UUID) -> None:
    _edit(bench, offer, {"title": {"de": "Redigiert"}})
    bench.sync(draft("2"))
    bench.later(DAY)
    bench.sync(draft("2"))
    assert len(bench.entities("offer")) == 1
    assert bench.database.read_now(faults) == []
    bench.sync(draft("1", title="Eins"), draft("2"))
    assert _shown(bench, offer)["title"]["de"] == "Redigiert"
