"""When a source is asked next: pure, spread, patient, never giving up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.due import MAX_FRESH, MAX_RETRY_AFTER, next_due, not_while_fresh

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@given(st.text(), st.integers(1, 200), st.integers(0, 2**31))
def test_never_early_and_never_more_than_a_tenth_late(source: str, hours: int, second: int) -> None:
    now = NOW + timedelta(seconds=second)
    wait = next_due(source, hours * HOUR, now, 0) - now
    assert hours * HOUR <= wait <= hours * HOUR * 1.1


def test_the_same_question_has_the_same_answer() -> None:
    assert next_due("a", HOUR, NOW, 0) == next_due("a", HOUR, NOW, 0)


def test_sources_do_not_march_in_step() -> None:
    assert len({next_due(f"quelle-{n}", HOUR, NOW, 0) for n in range(100)}) == 100


@pytest.mark.parametrize(
    ("failures", "hours"), [(0, 1), (1, 2), (2, 4), (4, 16), (5, 24), (999, 24)]
)
def test_each_failure_doubles_the_wait_up_to_a_day(failures: int, hours: int) -> None:
    wait = next_due("a", HOUR, NOW, failures) - NOW
    assert hours * HOUR <= wait <= hours * HOUR * 1.1


def test_a_source_asked_every_week_waits_no_longer_for_its_failures() -> None:
    assert next_due("a", 7 * DAY, NOW, 9) - NOW <= 7 * DAY * 1.1


@pytest.mark.parametrize("seconds", [-5.0, 0.0, 60.0, 3599.0])
def test_a_shorter_wait_than_ours_is_not_granted(seconds: float) -> None:
    assert next_due("a", HOUR, NOW, 0, seconds) == next_due("a", HOUR, NOW, 0)


def test_a_longer_wait_is_honoured_up_to_a_week() -> None:
    assert next_due("a", HOUR, NOW, 0, 2 * DAY.total_seconds()) == NOW + 2 * DAY
    assert next_due("a", HOUR, NOW, 0, 1e12) == NOW + MAX_RETRY_AFTER


@pytest.mark.parametrize("seconds", [None, -5.0, 0.0, 60.0, 3599.0])
def test_an_answer_that_stays_true_shorter_than_our_interval_changes_nothing(
    seconds: float | None,
) -> None:
    due = next_due("a", HOUR, NOW, 0)
    assert not_while_fresh(due, NOW, seconds) == due


def test_an_answer_that_stays_true_longer_is_left_alone_up_to_a_day() -> None:
    due = next_due("a", HOUR, NOW, 0)
    assert not_while_fresh(due, NOW, 7200) == NOW + 2 * HOUR
    assert not_while_fresh(due, NOW, 1e12) == NOW + MAX_FRESH


def recovery(source: str, every: timedelta, outage: timedelta) -> tuple[timedelta, timedelta]:
    """An outage that begins with a visit → how long after its end the source is well again, and
    the longest it may take: one more interval as it had grown by then, with its jitter."""
    now, failures = NOW, 0
    end = NOW + outage
    while now < end:
        failures += 1
        now = next_due(source, every, now, failures)
    grown = min(every * (1 << failures), max(every, DAY))
    return now - end, grown * 1.1


@pytest.mark.parametrize("number", range(100))
def test_a_source_recovers_by_itself_from_every_outage(number: int) -> None:
    """A hundred outages from an hour to ten days, the longer the later."""
    outage = HOUR + number * (10 * DAY - HOUR) / 99
    every = (HOUR / 2, HOUR, 6 * HOUR, 2 * DAY)[number % 4]
    late, most = recovery(f"quelle-{number}", every, outage)
    assert timedelta() <= late <= most
