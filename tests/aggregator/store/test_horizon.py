"""Time goes by: recurring events get rows ahead and lose those behind, and nothing else happens."""

from datetime import date, timedelta
from typing import Any

import pytest

from aggregator.occurrences import AHEAD, BACK
from aggregator.store.horizon import PAGE, due_day, extend_page, reached
from aggregator.store.tables import feed, occurrence
from tests.aggregator.making import DAY, Bench, draft, event
from tests.aggregator.soundness import faults

DAILY: dict[str, Any] = {"recurrence": {"rule": "FREQ=DAILY"}, "at": "2020-01-01"}


def extend(bench: Bench) -> int:
    """A day's whole job → how many pages it took."""
    day = bench.database.read_now(due_day, bench.clock)
    pages, after = 0, bench.database.write_now(extend_page, bench.clock, 0) if day else None
    while after is not None:
        pages, after = pages + 1, bench.database.write_now(extend_page, bench.clock, after)
    if day is not None:
        bench.database.write_now(reached, day)
    return pages


def today(bench: Bench) -> date:
    return bench.database.read_now(bench.clock.now).date()


def feed_now(bench: Bench) -> Any:
    (row,) = bench.rows(feed)
    return row


def starts(bench: Bench, no: int) -> list[date]:
    rows = bench.rows(occurrence, entity_no=no)
    return sorted(date.fromisoformat(row.wall_start[:10]) for row in rows)


def test_over_months_the_window_moves_on_without_a_change_number(bench: Bench) -> None:
    bench.sync(event("1", **DAILY), event("2", "Lesung", at="2021-05-01"), draft("3"))
    endless, single = (row.no for row in bench.entities("event"))
    before, documents = feed_now(bench), bench.documents()
    for _ in range(5):
        bench.later(30 * DAY)
        assert extend(bench) == 1
        kept = starts(bench, endless)
        assert kept[0] in (today(bench) - BACK, today(bench) - BACK - DAY)
        assert kept[-1] in (today(bench) + AHEAD, today(bench) + AHEAD - DAY)
        assert len(set(kept)) == len(kept) == (kept[-1] - kept[0]).days + 1
    assert starts(bench, single) == [date(2021, 5, 1)]
    after = feed_now(bench)
    assert (after.head, after.view, after.horizon) == (before.head, before.view + 5, today(bench))
    assert bench.documents() == documents
    assert bench.database.read_now(faults) == []


def test_it_is_done_once_a_day(bench: Bench) -> None:
    bench.sync(event("1", **DAILY))
    assert extend(bench) == 1
    before = feed_now(bench)
    assert bench.database.read_now(due_day, bench.clock) is None
    bench.later(DAY)
    assert bench.database.read_now(due_day, bench.clock) == today(bench)
    assert before.view == feed_now(bench).view


def test_where_nothing_comes_in_or_falls_out_there_is_no_new_view(bench: Bench) -> None:
    rule: dict[str, Any] = {"recurrence": {"rule": "FREQ=WEEKLY;COUNT=2"}}
    bench.sync(event("1", at="2026-12-05", **rule), event("2", "Lesung"))
    bench.clock.push(timedelta(hours=25))
    before = feed_now(bench)
    extend(bench)
    assert feed_now(bench).view == before.view


def test_a_job_that_died_goes_on_where_it_is_needed(bench: Bench) -> None:
    bench.sync(*(event(str(n), f"Termin {n}", **DAILY) for n in range(4)))
    whole = len(bench.rows(occurrence))
    bench.later(DAY)
    day = bench.database.read_now(due_day, bench.clock)
    bench.database.write_now(extend_page, bench.clock, 2)  # two of them, then it died
    assert bench.database.read_now(due_day, bench.clock) == day
    extend(bench)
    assert len(bench.rows(occurrence)) == whole
    assert bench.database.read_now(faults) == []


def test_what_is_published_meanwhile_is_up_to_date(bench: Bench) -> None:
    bench.sync(event("1", **DAILY))
    extend(bench)
    bench.later(40 * DAY)
    bench.sync(event("1", **DAILY), event("2", "Lesung", **DAILY))
    late, fresh = (row.no for row in bench.entities("event"))
    assert starts(bench, late) != starts(bench, fresh)
    extend(bench)
    assert starts(bench, late) == starts(bench, fresh)


def test_a_page_bounds_what_one_transaction_does(bench: Bench) -> None:
    rule: dict[str, Any] = {"recurrence": {"rule": "FREQ=WEEKLY;COUNT=3"}, "at": "2026-12-05"}
    listed = [event(str(n), f"Termin {n}", **rule) for n in range(PAGE + 1)]
    bench.sync(*listed)
    bench.later(DAY)
    assert extend(bench) == 2


@pytest.mark.parametrize("state", ["withdrawn"])
def test_what_is_not_live_gets_no_rows(bench: Bench, state: str) -> None:
    bench.sync(event("1", **DAILY), event("2", "Lesung"))
    bench.sync(event("2", "Lesung"), gone=(("event", "1"),))
    bench.later(DAY)
    extend(bench)
    [gone] = bench.entities("event", state)
    assert starts(bench, gone.no) == []
