"""How a source is doing, in one word and in numbers."""

from datetime import date, timedelta
from typing import Any

import pytest

from aggregator.merge import EDITOR
from aggregator.queries import Database
from aggregator.queries.health import sources_never_succeeded
from aggregator.queries.sources import GRACE, source_states, stale_sources
from schema.problems import Problem
from tests.api.seeding import (
    HOUR,
    NOW,
    add_day_count,
    add_quarantined,
    add_record,
    add_source,
)

SECOND = timedelta(seconds=1)
NEVER_RUN = {"outcome": None, "checked": None, "succeeded": None, "next_due": None}
CONDITIONS: list[tuple[str, dict[str, Any]]] = [
    ("fresh", {"outcome": "unchanged"}),
    ("fresh", {"outcome": "degraded"}),
    ("fresh", {"next_due": NOW - GRACE}),
    ("late", {"next_due": NOW - GRACE - SECOND}),
    ("failing", {"outcome": "refused", "failures": 1}),
    ("failing", {"outcome": "incomplete", "failures": 1, "next_due": NOW - 9 * HOUR}),
    ("failing", {"outcome": "crashed", "failures": 3}),
    ("held", {"outcome": "held"}),
    ("never", NEVER_RUN),
    ("never", {"outcome": "interrupted", "succeeded": None}),
    ("fresh", {"outcome": "interrupted", "next_due": NOW}),
    ("late", {"outcome": "cancelled", "next_due": NOW - 2 * HOUR}),
    ("failing", {"outcome": "interrupted", "failures": 2}),
    ("paused", {"paused": True, "outcome": "refused"}),
    ("disabled", {"enabled": False, "paused": True}),
]


def test_each_source_is_told_in_one_word(database: Database) -> None:
    for number, (_, columns) in enumerate(CONDITIONS):
        database.write_now(add_source, f"s{number:02}", **columns)
    states = database.read_now(source_states, NOW)
    assert [state.condition for state in states] == [word for word, _ in CONDITIONS]


def test_what_is_not_fresh_is_stale(database: Database) -> None:
    for number, (_, columns) in enumerate(CONDITIONS):
        database.write_now(add_source, f"s{number:02}", **columns)
    states = database.read_now(source_states, NOW)
    stale = tuple(state.id for state in states if not state.fresh)
    assert database.read_now(stale_sources, NOW) == stale
    assert 0 < len(stale) < len(states)


def test_a_source_comes_with_its_facts(database: Database) -> None:
    problem = '{"code": "source.refused", "path": "", "message": "403"}'
    database.write_now(add_source, outcome="refused", failures=2, problem=problem)
    (state,) = database.read_now(source_states, NOW)
    assert (state.name, state.licence) == ("Freiwilligen-Agentur", "cc-by/4.0")
    assert state.problem == Problem("source.refused", message="403")
    assert (state.failures, state.checked, state.next_due) == (2, NOW - HOUR, NOW + HOUR)


def test_published_entries_are_the_newest_day_counts(database: Database) -> None:
    database.write_now(add_source)
    for day, kind, status, n in (
        (1, "offer", "open", 7),
        (3, "offer", "open", 400),
        (2, "offer", "paused", 29),
        (1, "organisation", "", 249),
    ):
        database.write_now(add_day_count, date(2026, 11, day), kind, status, n)
    (state,) = database.read_now(source_states, NOW)
    assert state.live == {"offer": 429, "organisation": 249}


def test_missing_and_quarantined_records_are_counted(database: Database) -> None:
    database.write_now(add_source)
    database.write_now(add_source, "andere")
    database.write_now(add_record, 1)
    database.write_now(add_record, 2, missing_since=NOW)
    database.write_now(add_record, 3, missing_since=NOW, withdrawn=NOW)
    database.write_now(add_quarantined, "x")
    states = {state.id: state for state in database.read_now(source_states, NOW)}
    assert (states["agentur"].missing, states["agentur"].quarantined) == (1, 1)
    assert (states["andere"].missing, states["andere"].quarantined) == (0, 0)


@pytest.mark.parametrize("enabled", [True, False])
def test_sources_that_never_brought_anything_are_named(database: Database, enabled: bool) -> None:
    database.write_now(add_source)
    database.write_now(add_source, "leer", enabled=enabled, **NEVER_RUN)
    assert database.read_now(sources_never_succeeded) == (("leer",) if enabled else ())


def test_editors_decisions_are_no_source_to_show(database: Database) -> None:
    database.write_now(add_source)
    database.write_now(add_source, EDITOR, connector=EDITOR, enabled=False)
    shown = database.read_now(source_states, NOW)
    assert [state.id for state in shown] == ["agentur"]
    assert EDITOR not in database.read_now(stale_sources, NOW)
