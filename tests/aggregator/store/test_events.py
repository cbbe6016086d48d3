"""What the store keeps of an event beside its document: extent, occurrences, who holds it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from aggregator.store.edits import Edit, set_fields
from aggregator.store.refresh import refresh_page
from aggregator.store.tables import entity, feed, occurrence, record
from tests.aggregator.making import DAY, ZONE, Bench, draft, event, mention
from tests.aggregator.soundness import faults

WEEKLY: dict[str, Any] = {"recurrence": {"rule": "FREQ=WEEKLY"}}


def starts(bench: Bench) -> list[str]:
    return [row.wall_start for row in bench.rows(occurrence)]


def test_a_single_event_has_one_occurrence_and_goes_with_it(bench: Bench) -> None:
    bench.sync(event("1"), event("2", "Lesung"), event("3", "Markt"))
    [first, *_] = bench.rows(occurrence)
    assert first.starts == datetime(2026, 12, 5, 9, tzinfo=UTC)
    assert len(bench.rows(occurrence)) == 3
    bench.sync(event("2", "Lesung"), event("3", "Markt"), gone=(("event", "1"),))
    assert len(bench.rows(occurrence)) == 2
    assert bench.database.read_now(faults) == []


def test_record_and_entity_know_when_it_starts_and_ends(bench: Bench) -> None:
    made = event("1", **WEEKLY)
    bench.sync(made, event("2", "Lesung"))
    endless, single = bench.rows(record)
    assert (endless.starts, endless.ends) == (datetime(2026, 12, 5, 9, tzinfo=UTC), None)
    assert (single.starts, single.ends) == 2 * (datetime(2026, 12, 5, 9, tzinfo=UTC),)
    assert endless.likeness == made.likeness
    shown = [(row.starts, row.ends, row.truncated) for row in bench.rows(entity)]
    assert shown == [
        (endless.starts, None, False),
        (single.starts, single.ends, False),
    ]


def test_another_time_brings_other_occurrences(bench: Bench) -> None:
    bench.sync(event("1"))
    bench.sync(event("1", at="2026-12-12"))
    assert starts(bench) == ["2026-12-12"]
    assert bench.rows(record)[0].starts == datetime(2026, 12, 11, 23, tzinfo=UTC)


def test_a_series_that_ends_takes_its_rows_along(bench: Bench) -> None:
    bench.sync(event("1", **WEEKLY), event("2", "Lesung"))
    assert len(bench.rows(occurrence)) > 100
    bench.sync(event("1"), event("2", "Lesung"))
    assert starts(bench) == 2 * ["2026-12-05T10:00:00"]


def test_an_unchanged_listing_expands_nothing(bench: Bench, monkeypatch: Any) -> None:
    bench.sync(event("1", **WEEKLY))
    before = bench.rows(occurrence)
    monkeypatch.setattr("aggregator.store.derived.occurring", None)
    bench.later(DAY)
    bench.sync(event("1", **WEEKLY))
    assert bench.rows(occurrence) == before


def test_an_edited_time_is_what_occurs(bench: Bench) -> None:
    bench.sync(event("1"))
    [one] = bench.entities("event")
    when = {"start": "2026-12-24T15:00:00+01:00", "zone": "Europe/Berlin"}
    edit = Edit(entity=one.id, patch={"when": when}, who="eva", reason="Ruf")
    bench.database.write_now(set_fields, edit, bench.clock, ZONE)
    assert starts(bench) == ["2026-12-24T15:00:00"]
    assert bench.database.read_now(faults) == []


def test_rendering_anew_renews_occurrences_and_starts_a_new_view(bench: Bench) -> None:
    bench.sync(event("1"))
    before = bench.rows(occurrence)
    bench.database.write_now(_age)
    head, (old,) = bench.head(), bench.rows(feed)
    bench.database.write_now(refresh_page, bench.clock, bench.source, 0)
    (new,) = bench.rows(feed)
    assert (bench.rows(occurrence), bench.head(), new.view) == (before, head, old.view + 1)


def _age(connection: Any) -> None:
    connection.execute(occurrence.delete())
    connection.execute(entity.update().values(inputs=b"an older renderer"))


def test_a_rollback_brings_time_and_likeness_back(bench: Bench) -> None:
    before = event("1")
    bench.sync(before)
    bench.sync(event("1", "Anderes", at="2026-12-12"))
    run = max(row.first_run for row in bench.rows(record)) + 1
    bench.roll_back(run)
    [row] = bench.rows(record)
    assert (row.starts, row.likeness) == (before.index.starts, before.likeness)
    assert starts(bench) == ["2026-12-05T10:00:00"]


def test_an_event_names_its_organiser_as_an_offer_its_organisation(bench: Bench) -> None:
    bench.sync(event("1", by=mention("Grünhof e.V.")), draft("2", by=mention("GRÜNHOF e. V.")))
    [organisation] = bench.entities("organisation")
    shown = {one["kind"]: one for one in map(orjson.loads, bench.documents().values())}
    assert shown["event"]["organiser"]["id"] == str(organisation.id)
    assert shown["event"]["organiser"]["name"] == "Grünhof e.V."
    assert shown["offer"]["organisation"]["id"] == str(organisation.id)


def test_an_organisation_of_events_alone_ends_with_its_last_event(bench: Bench) -> None:
    by = mention("Grünhof e.V.")
    far = "2040-01-01"
    listed = [event("1", at=far, by=by), event("2", "Lesung", far, by=by), event("3", "Markt", far)]
    bench.sync(*listed)
    for left in (listed[1:], listed[2:]):
        assert len(bench.entities("organisation")) == 1
        bench.sync(*left)
        bench.later(DAY + timedelta(hours=1))
        bench.sync(*left)
    assert bench.entities("organisation") == []
    assert bench.database.read_now(faults) == []


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "Pacific/Kiritimati"])
def test_instants_follow_from_the_zone(bench: Bench, zone: str) -> None:
    when = {"start": "2026-12-05", "zone": zone, "all_day": True}
    bench.sync(event("1", when=when))
    [row] = bench.rows(occurrence)
    assert row.ends - row.starts == DAY
    assert (row.zone, row.all_day) == (zone, True)
