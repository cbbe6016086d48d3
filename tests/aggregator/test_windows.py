"""Listings that are complete for a window of time, and events that are over."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from aggregator.decisions import Decision
from aggregator.runs import Outcome
from aggregator.store.database import Database
from aggregator.store.records import overdue
from aggregator.store.tables import entity, record, withheld
from aggregator.working.clock import ShiftedClock
from connectors.base import Between
from tests.aggregator.making import DAY, HOUR, Bench, draft, event, refusal
from tests.aggregator.soundness import faults

WINDOW = {"complete": Between(date(2026, 12, 1), date(2026, 12, 31))}


class Still:
    """A clock that stands at noon of a day in November."""

    def now(self, connection: Connection) -> datetime:
        del connection
        return datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database, clock=ShiftedClock(Still()))


def missing(bench: Bench) -> list[str]:
    return [row.native_id for row in bench.rows(record, withdrawn=None) if row.missing_since]


def live(bench: Bench) -> int:
    return len(bench.entities("event"))


INSIDE = {
    "the first day but one": ("2026-12-02T10:00", {}),
    "the last day but one": ("2026-12-29T20:00", {}),
    "a series that ends inside": ("2026-12-05", {"rule": "FREQ=WEEKLY;COUNT=3"}),
}
NOT_INSIDE = {
    "the first day": ("2026-12-01T10:00", {}),
    "the last day": ("2026-12-30T10:00", {}),
    "before": ("2026-11-28T10:00", {}),
    "after": ("2027-03-01T10:00", {}),
    "a series without end": ("2026-12-05", {"rule": "FREQ=WEEKLY"}),
    "a series that goes on beyond": ("2026-12-05", {"rule": "FREQ=WEEKLY;COUNT=9"}),
    "a series that began before": ("2026-11-14", {"rule": "FREQ=WEEKLY;COUNT=4"}),
}


def _with(at: str, recurrence: dict[str, Any]) -> Any:
    return event("x", "Fraglich", at, recurrence=recurrence or None)


@pytest.mark.parametrize(("at", "recurrence"), INSIDE.values(), ids=INSIDE)
def test_what_lies_inside_the_window_must_be_listed(
    bench: Bench, at: str, recurrence: dict[str, Any]
) -> None:
    bench.sync(event("1"), _with(at, recurrence))
    assert bench.sync(event("1"), **WINDOW).counts.missing == 1
    assert missing(bench) == ["x"]
    bench.later(DAY)
    assert bench.sync(event("1"), **WINDOW).counts.withdrawn == 1
    assert live(bench) == 1


@pytest.mark.parametrize(("at", "recurrence"), NOT_INSIDE.values(), ids=NOT_INSIDE)
def test_what_does_not_lie_wholly_inside_may_be_missing(
    bench: Bench, at: str, recurrence: dict[str, Any]
) -> None:
    bench.sync(event("1"), _with(at, recurrence))
    bench.sync(event("1"), **WINDOW)
    bench.later(2 * DAY)
    bench.sync(event("1"), **WINDOW)
    assert (missing(bench), live(bench)) == ([], 2)


def test_what_has_no_time_is_expected_in_no_window(bench: Bench) -> None:
    bench.sync(event("1"), draft("2"))
    assert bench.sync(event("1"), **WINDOW).counts.missing == 0


def test_a_window_that_is_not_modified_is_the_same_window_again(bench: Bench) -> None:
    bench.sync(event("1"), event("x", "Fraglich"), event("y", "Später", "2027-03-01"))
    bench.sync(event("1"), **WINDOW)
    bench.later(DAY)
    plan = bench.repeat()
    assert (plan.outcome, plan.counts.withdrawn) == (Outcome.APPLIED, 1)
    assert live(bench) == 2
    assert bench.database.read_now(faults) == []


def test_a_window_said_again_ends_nothing_outside_of_it(bench: Bench) -> None:
    bench.sync(event("1"), event("x", "Fraglich", "2027-03-01"))
    bench.sync(event("1"))
    bench.sync(event("1"), **WINDOW)
    bench.later(DAY)
    assert bench.repeat().counts.withdrawn == 0
    assert (missing(bench), live(bench)) == (["x"], 2)


def test_what_the_window_moved_away_from_stays_as_it_was(bench: Bench) -> None:
    bench.sync(event("1"), event("2", "Lesung", "2027-01-15"), event("x", "Fraglich"))
    bench.sync(event("1"), **WINDOW)
    bench.later(DAY)
    later = Between(date(2027, 1, 1), date(2027, 1, 31))
    plan = bench.sync(event("2", "Lesung", "2027-01-15"), complete=later)
    assert (plan.counts.withdrawn, missing(bench)) == (0, ["x"])
    bench.sync(event("x", "Fraglich"), event("1"), **WINDOW)
    assert (missing(bench), live(bench)) == ([], 3)


def test_after_a_window_a_whole_listing_is_whole_again(bench: Bench) -> None:
    bench.sync(event("1"), event("x", "Fraglich", "2027-03-01"))
    bench.sync(event("1"), **WINDOW)
    bench.sync(event("1"))
    bench.later(DAY)
    assert bench.repeat().counts.withdrawn == 1


def test_a_refused_event_of_a_window_is_present(bench: Bench) -> None:
    bench.sync(event("1"), event("x", "Fraglich"))
    bad = replace(refusal("x"), kind="event")
    plan = bench.sync(event("1"), bad, **WINDOW)
    assert (plan.outcome, plan.counts.missing, plan.counts.quarantined) == (
        Outcome.DEGRADED, 0, 1,
    )  # fmt: skip


@pytest.mark.parametrize("scope", [{}, WINDOW], ids=["everything", "a window"])
def test_an_empty_day_removes_nothing(bench: Bench, scope: dict[str, Any]) -> None:
    listed = [event(str(n), f"Termin {n}") for n in range(3)]
    bench.sync(*listed)
    for _ in range(3):
        plan = bench.sync(**scope)
        assert (plan.outcome, plan.problem and plan.problem.code) == (
            Outcome.INCOMPLETE, "document.empty",
        )  # fmt: skip
        bench.later(DAY)
    assert (missing(bench), live(bench)) == ([], 3)


@pytest.mark.parametrize("scope", [{}, WINDOW], ids=["everything", "a window"])
def test_a_shrunk_day_is_held(bench: Bench, scope: dict[str, Any]) -> None:
    listed = [event(str(n), f"Termin {n}") for n in range(20)]
    bench.sync(*listed)
    assert bench.sync(*listed[:15], **scope).outcome is Outcome.HELD
    assert bench.sync(*listed[:16], **scope).outcome is Outcome.APPLIED


def test_what_is_over_is_not_missed_and_not_withdrawn(bench: Bench) -> None:
    listed = [event("1"), event("2", "Lesung", "2026-11-22"), event("3", "Markt", "2026-11-24")]
    bench.sync(*listed)
    before, head = bench.documents(), bench.head()
    bench.later(5 * DAY)
    for _ in range(3):
        plan = bench.sync(event("1"))
        assert (plan.counts.missing, plan.counts.withdrawn, plan.is_empty) == (0, 0, True)
        bench.later(DAY)
    assert (bench.documents(), bench.head(), missing(bench)) == (before, head, [])


def test_a_series_is_over_with_its_last_occurrence(bench: Bench) -> None:
    weekly: dict[str, Any] = {"recurrence": {"rule": "FREQ=WEEKLY;COUNT=3"}}
    bench.sync(event("1"), event("2", "Reihe", "2026-11-22", **weekly))
    bench.later(10 * DAY)
    assert bench.sync(event("1")).counts.missing == 1
    bench.sync(event("1"), event("2", "Reihe", "2026-11-22", **weekly))
    bench.later(10 * DAY)
    assert bench.sync(event("1")).counts.missing == 0


def test_what_was_missing_when_it_was_over_stays_as_it_is(bench: Bench) -> None:
    bench.sync(event("1"), event("2", "Lesung", "2026-11-22"))
    bench.later(22 * HOUR)
    bench.sync(event("1"))
    assert missing(bench) == ["2"]
    bench.later(2 * DAY)
    assert bench.database.read_now(_overdue, bench) == 0
    assert bench.sync(event("1")).counts.withdrawn == 0
    assert bench.repeat().counts.withdrawn == 0
    assert (missing(bench), live(bench)) == (["2"], 2)


def _overdue(connection: Connection, bench: Bench) -> int:
    return overdue(connection, bench.source, bench.clock.now(connection), DAY)


def test_a_source_that_says_deleted_is_believed_of_the_past_too(bench: Bench) -> None:
    bench.sync(event("1"), event("2", "Lesung", "2026-11-22"))
    bench.later(5 * DAY)
    assert bench.sync(event("1"), gone=(("event", "2"),)).counts.withdrawn == 1


def test_shares_are_of_what_is_still_to_come(bench: Bench) -> None:
    past = [event(f"p{n}", f"Früher {n}", "2026-11-22") for n in range(100)]
    coming = [event(str(n), f"Termin {n}") for n in range(10)]
    bench.sync(*past, *coming)
    bench.later(5 * DAY)
    assert bench.sync(*coming[:6]).outcome is Outcome.HELD  # 4 of 10, though of 110 it is little
    assert bench.sync(*coming[:7]).outcome is Outcome.APPLIED


def test_what_is_held_back_is_moot_once_it_is_over(bench: Bench) -> None:
    listed = [event(str(n), f"Termin {n}", "2026-11-22") for n in range(10)]
    coming = event("x", "Später")
    bench.sync(coming, *listed)
    assert bench.sync(coming).outcome is Outcome.HELD
    assert len(bench.rows(withheld)) == 10
    bench.later(5 * DAY)
    plan = bench.sync(coming)
    assert (plan.outcome, bench.rows(withheld)) == (Outcome.APPLIED, [])
    assert not [row for row in bench.rows(record) if row.withheld]
    assert not [one for one in bench.public() if "freshness" in one]
    assert bench.database.read_now(faults) == []


def test_an_approved_removal_of_what_is_over_meanwhile_is_none(bench: Bench) -> None:
    listed = [event(str(n), f"Termin {n}", "2026-11-22") for n in range(10)]
    coming = event("x", "Später")
    bench.sync(coming, *listed)
    bench.sync(coming)
    assert bench.decide(Decision.APPROVED) == 10
    bench.later(5 * DAY)
    assert bench.sync(coming).counts.withdrawn == 0
    assert (live(bench), bench.rows(withheld)) == (11, [])


def test_titles_of_the_past_are_no_doubt_about_the_source(bench: Bench) -> None:
    def past(title: str) -> list[Any]:
        return [event(f"p{n}", f"{title} {n}", "2026-11-22") for n in range(40)]

    bench.sync(event("1"), *past("Früher"))
    bench.later(5 * DAY)
    plan = bench.sync(event("1"), *past("Archiv"))
    assert (plan.outcome, plan.counts.changed) == (Outcome.APPLIED, 40)


def test_an_event_is_over_a_moment_after_its_end(bench: Bench) -> None:
    until: dict[str, Any] = {
        "when": {"start": "2026-11-21T13:00", "end": "2026-11-21T15:00", "zone": "UTC"}
    }
    bench.sync(event("1"), event("2", "Lesung", **until))
    bench.later(3 * HOUR)
    assert bench.plan(bench.listing(event("1"))).counts.missing == 1
    bench.later(timedelta(seconds=1))
    assert bench.plan(bench.listing(event("1"))).counts.missing == 0
    assert bench.rows(entity, kind="event", state="live")
