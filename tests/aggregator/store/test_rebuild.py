"""What is derived can be made anew at any time, to the byte; what is primary stays as it is."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, update

from aggregator.store.database import Database
from aggregator.store.edits import Edit, expire, set_fields
from aggregator.store.rebuild import Rebuilt, finish, rebuild_page, rebuild_search
from aggregator.store.refresh import frame_now, refresh_page
from aggregator.store.tables import (
    component,
    document,
    entity,
    facet,
    facet_entry,
    feed,
    metadata,
    occurrence,
)
from aggregator.working.clock import DatabaseClock
from tests.aggregator.histories import Listing, histories, hours
from tests.aggregator.making import DAY, ZONE, Bench, draft, event, mention
from tests.aggregator.soundness import faults
from tests.aggregator.wiping import empty

ENERGY: dict[str, Any] = {"categories": ({"scheme": "allmende", "term": "energy", "by": "source"},)}
PLACE: dict[str, Any] = {"place": {"locality": "Halle", "lat": 51.48, "lon": 11.97}}


def rebuild(database: Database) -> Rebuilt:
    """All of it, page by page."""
    frame = database.read_now(frame_now, DatabaseClock())
    after: int | None = 0
    made = differing = 0
    while after is not None:
        after, page = database.write_now(rebuild_page, after, frame)
        made, differing = made + page.documents, differing + page.differing
    block: int | None = -1
    while block is not None:
        block = database.write_now(rebuild_search, block)
    database.write_now(finish)
    return Rebuilt(made, differing)


def _tables(bench: Bench) -> dict[str, object]:
    """All rows; facets by what they say, for their numbers are anyone's guess."""
    left_out = ("feed", "facet", "facet_entry")
    tables = (name for name in metadata.tables if name not in left_out)
    said = {row.id: (row.kind, row.name, row.value) for row in bench.rows(facet)}
    return {
        **{name: bench.rows(metadata.tables[name]) for name in tables},
        "facet": {(said[row.id], row.n) for row in bench.rows(facet) if row.n},
        "facet_entry": {
            (said[row.facet], row.change, row.entity_no) for row in bench.rows(facet_entry)
        },
    }


WEEKLY: dict[str, Any] = {"recurrence": {"rule": "FREQ=WEEKLY"}}
EVENTS = (
    event("4", "Gartentag", by=mention("Gartenbund"), **WEEKLY),
    event("5", "Lesung", description={"de": "Mit Musik", "en": "With music"}),
)


@pytest.fixture
def filled(bench: Bench) -> Bench:
    bench.sync(
        draft("1", **ENERGY), draft("2", by=mention("Gartenbund"), **PLACE), draft("3"), *EVENTS
    )
    left = (draft("1", title="Neu", **ENERGY), draft("2", by=mention("Gartenbund"), **PLACE))
    bench.sync(*left, *EVENTS)
    bench.later(DAY)
    bench.sync(*left, *EVENTS)
    return bench


def test_rebuilding_a_sound_database_changes_no_row(filled: Bench) -> None:
    before = _tables(filled)
    made = rebuild(filled.database)
    assert (made.documents, made.differing) == (len(filled.documents()), 0)
    assert _tables(filled) == before


def _lose_what_is_derived(connection: Connection) -> None:
    for table in (document, facet, facet_entry, occurrence, component):
        connection.execute(delete(table))
    blank = update(entity).values(
        sort_title=None, status=None, lat=None, locality=None, starts=None, ends=None
    )
    connection.execute(blank.where(entity.c.state == "live"))


def test_everything_derived_comes_back(filled: Bench) -> None:
    before = _tables(filled)
    filled.database.write_now(_lose_what_is_derived)
    assert rebuild(filled.database).differing == len(filled.documents())
    assert _tables(filled) == before
    assert filled.database.read_now(faults) == []


def test_derived_rows_of_nothing_live_go(filled: Bench) -> None:
    (gone,) = filled.entities("offer", "withdrawn")
    row = {"entity_no": gone.no, "json": b"{}"}
    filled.database.write_now(lambda c: c.execute(document.insert().values(**row)))
    rebuild(filled.database)
    assert gone.no not in filled.documents()


def test_rebuilding_gives_no_change_numbers_but_a_new_view(filled: Bench) -> None:
    (before,) = filled.rows(feed)
    rebuild(filled.database)
    (after,) = filled.rows(feed)
    assert (after.head, after.view) == (before.head, before.view + 1)


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=histories, luck=st.randoms(use_true_random=False))
def test_after_any_history_of_runs_edits_and_new_names_bytes_are_equal(
    database: Database, history: list[Listing], luck: Random
) -> None:
    database.write_now(empty)
    bench = Bench(database)
    for listing in history:
        bench.later(hours(listing))
        bench.sync(*listing.made())
        _meddle(bench, luck)
    assert bench.database.read_now(faults) == []
    assert rebuild(database).differing == 0


def _meddle(bench: Bench, luck: Random) -> None:
    """Somebody edits something, an edit ends, the source has another name."""
    live = [*bench.entities("offer"), *bench.entities("organisation")]
    if live and luck.random() < 0.7:
        until = bench.database.read_now(bench.clock.now) + timedelta(hours=luck.randint(1, 30))
        one = luck.choice(live).id
        edit = Edit(
            entity=one, patch={"title": {"de": "Redigiert"}}, who="k", reason="r", until=until
        )
        bench.database.write_now(set_fields, edit, bench.clock, ZONE)
    if luck.random() < 0.3:
        bench.register(name=luck.choice(("Agentur", "Börse")))
        refresh(bench)
    bench.database.write_now(expire, bench.clock, ZONE)


def refresh(bench: Bench) -> None:
    """Render anew what is stale of the bench's source."""
    after: int | None = 0
    while after is not None:
        after = bench.database.write_now(refresh_page, bench.clock, bench.source, after)
