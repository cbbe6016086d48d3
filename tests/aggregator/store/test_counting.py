"""Kept counts: totals and day counts say what is live, on every day since the first."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection

from aggregator.store.database import Database
from aggregator.store.tables import day_count, day_term_count, facet
from aggregator.working.clock import ShiftedClock
from tests.aggregator.histories import Listing, histories, hours
from tests.aggregator.making import DAY, ZONE, Bench, draft, mention
from tests.aggregator.soundness import faults
from tests.aggregator.wiping import empty

ENERGY: dict[str, Any] = {"categories": ({"scheme": "allmende", "term": "energy", "by": "source"},)}
FIRST = date(2026, 11, 21)
Told = dict[tuple[str, str], int]


class Noon:
    """Noon of the first day, in the instance's zone."""

    def now(self, connection: Connection) -> datetime:
        del connection
        return datetime(2026, 11, 21, 12, tzinfo=ZONE).astimezone(UTC)


def _bench(database: Database) -> Bench:
    return Bench(database, clock=ShiftedClock(Noon()))


def _told(bench: Bench, day: date, source: str = "freinet") -> Told:
    """(kind, status) → how many were live at the end of a day, as the sparse rows say."""
    rows = [row for row in bench.rows(day_count, source=source) if row.day <= day]
    newest = {(row.kind, row.status): row.n for row in rows}
    return {key: n for key, n in newest.items() if n}


def _totals(bench: Bench) -> dict[str, int]:
    return {row.kind: row.n for row in bench.rows(facet) if row.n and not row.name}


def test_the_first_day_counts_what_came(database: Database) -> None:
    bench = _bench(database)
    bench.sync(draft("1", status="open"), draft("2", status="open"), draft("3", status="filled"))
    assert _told(bench, FIRST) == {
        ("offer", "open"): 2,
        ("offer", "filled"): 1,
        ("organisation", ""): 1,
    }
    assert _totals(bench) == {"offer": 3, "organisation": 1}


def test_a_day_without_change_has_no_row_and_counts_as_the_day_before(database: Database) -> None:
    bench = _bench(database)
    bench.sync(draft("1", status="open"))
    bench.later(3 * DAY)
    bench.sync(draft("1", status="open"))
    assert {row.day for row in bench.rows(day_count)} == {FIRST}
    assert _told(bench, FIRST + 3 * DAY)["offer", "open"] == 1


def test_a_status_that_changes_moves_the_count(database: Database) -> None:
    bench = _bench(database)
    bench.sync(draft("1", status="open"), draft("2", status="open"))
    bench.later(DAY)
    bench.sync(draft("1", status="filled"), draft("2", status="open"))
    assert _told(bench, FIRST)["offer", "open"] == 2
    after = _told(bench, FIRST + DAY)
    assert (after["offer", "open"], after["offer", "filled"]) == (1, 1)
    assert _totals(bench)["offer"] == 2


def test_what_leaves_and_returns_is_counted_out_and_in(database: Database) -> None:
    bench = _bench(database)
    bench.sync(draft("1"), draft("2"))
    bench.sync(draft("1"))
    bench.later(DAY)
    bench.sync(draft("1"))
    bench.later(DAY)
    bench.sync(draft("1"), draft("2"))
    counted = [_told(bench, FIRST + n * DAY)["offer", "unknown"] for n in range(3)]
    assert counted == [2, 1, 2]


def test_a_merger_counts_one_organisation_less(database: Database) -> None:
    bench = _bench(database)
    bench.sync(draft("1", by=mention("A")), draft("2", by=mention("B", "5")))
    bench.later(DAY)
    bench.sync(draft("1", by=mention("A")), draft("2", by=mention("A", "5")))
    assert [_told(bench, FIRST + n * DAY)["organisation", ""] for n in range(2)] == [2, 1]


def test_every_category_of_an_offer_is_counted_and_the_unmapped_too(database: Database) -> None:
    bench = _bench(database)
    bench.sync(draft("1", **ENERGY), draft("2"))
    bench.later(DAY)
    bench.sync(draft("1"), draft("2", **ENERGY), draft("3", **ENERGY))
    rows = bench.rows(day_term_count, kind="offer")
    counted = {(row.day, row.term): row.n for row in rows}
    tomorrow = FIRST + DAY
    assert counted == {
        (FIRST, "allmende:energy"): 1,
        (FIRST, ""): 1,
        (tomorrow, "allmende:energy"): 2,
    }


def test_a_day_is_the_instances_day(database: Database) -> None:
    bench = _bench(database)
    bench.later(timedelta(hours=11, minutes=30))  # 23:30 in Berlin, 22:30 UTC
    bench.sync(draft("1"))
    bench.later(timedelta(hours=1))
    bench.sync(draft("1"), draft("2"))
    days = [row.day for row in bench.rows(day_count, kind="offer")]
    assert days == [FIRST, FIRST + DAY]


def test_a_clock_that_was_ahead_does_not_spoil_the_counts(database: Database) -> None:
    bench = _bench(database)
    bench.later(2 * DAY)
    bench.sync(draft("1"))
    bench.later(-2 * DAY)
    bench.sync(draft("1"), draft("2"))
    assert _told(bench, FIRST + 2 * DAY)["offer", "unknown"] == 2
    assert database.read_now(faults) == []


def test_each_source_is_counted_by_itself(database: Database) -> None:
    bench, other = _bench(database), Bench(database, source="andere", clock=ShiftedClock(Noon()))
    bench.sync(draft("1"))
    other.sync(draft("1"), draft("2"))
    assert _told(bench, FIRST)["offer", "unknown"] == 1
    assert _told(bench, FIRST, "andere")["offer", "unknown"] == 2
    assert _totals(bench)["offer"] == 3


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=histories)
def test_every_days_counts_add_up_to_what_was_live_then(
    database: Database, history: list[Listing]
) -> None:
    database.write_now(empty)
    bench, live = _bench(database), {}
    for listing in history:
        bench.later(hours(listing))
        bench.sync(*listing.made())
        day = bench.database.read_now(bench.clock.now).astimezone(ZONE).date()
        rows = [*bench.entities("offer"), *bench.entities("organisation")]
        live[day] = Counter((row.kind, row.status or "") for row in rows)
    assert {day: _told(bench, day) for day in live} == live
    assert bench.database.read_now(faults) == []
