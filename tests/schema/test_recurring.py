"""Which occurrences an event has: additions, exclusions, overrides, windows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.entities import Override, Recurrence
from schema.recurring import MOST, checked_rule, expand, extent
from schema.when import Days, Start, Timed

ZONE = "Europe/Berlin"
MONDAY = date(2026, 3, 2)
WINDOW = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))
ORIGIN = datetime(2026, 1, 1, tzinfo=UTC)


def wall(said: str) -> datetime:
    return datetime.fromisoformat(said)


def evening(day: str, hours: int = 2, zone: str = ZONE) -> Timed:
    start = wall(f"{day}T19:00")
    return Timed(start=start, end=start + timedelta(hours=hours), zone=zone)


WEEKLY = evening("2026-03-02")
FOUR = "FREQ=WEEKLY;COUNT=4"


def starts(when: Timed | Days, recurrence: Recurrence | None) -> list[str]:
    found = expand(when, recurrence, *WINDOW).occurrences
    return [each.when.start.isoformat()[:16] for each in found]


def ids(when: Timed | Days, recurrence: Recurrence | None) -> list[Start]:
    return [each.recurrence_id for each in expand(when, recurrence, *WINDOW).occurrences]


def test_a_single_event_is_its_own_occurrence() -> None:
    assert ids(WEEKLY, None) == [WEEKLY.start]
    assert extent(WEEKLY, None) == (WEEKLY.starts, WEEKLY.ends)


def test_the_start_is_an_occurrence_that_its_rule_leaves_out() -> None:
    found = starts(WEEKLY, Recurrence(rule="FREQ=WEEKLY;BYDAY=TU;COUNT=2"))
    assert found == ["2026-03-02T19:00", "2026-03-03T19:00", "2026-03-10T19:00"]


def test_an_evening_stays_an_evening_when_the_clocks_change() -> None:
    found = expand(evening("2026-03-23"), Recurrence(rule="FREQ=WEEKLY;COUNT=2"), *WINDOW)
    assert [each.when.starts.hour for each in found.occurrences] == [18, 17]


def test_what_is_removed_is_left_out_by_time_or_by_its_day() -> None:
    removed: tuple[Start, ...] = (wall("2026-03-09T19:00"), date(2026, 3, 16))
    found = starts(WEEKLY, Recurrence(rule=FOUR, removed=removed))
    assert found == ["2026-03-02T19:00", "2026-03-23T19:00"]


def test_the_start_itself_can_be_removed() -> None:
    found = starts(WEEKLY, Recurrence(rule=FOUR, removed=(WEEKLY.start,)))
    assert found == ["2026-03-09T19:00", "2026-03-16T19:00", "2026-03-23T19:00"]


def test_whole_days_are_removed_by_a_time_on_them() -> None:
    days = Days(start=MONDAY, zone=ZONE)
    removed = (wall("2026-03-09T00:00"),)
    found = starts(days, Recurrence(rule="FREQ=WEEKLY;COUNT=3", removed=removed))
    assert found == ["2026-03-02", "2026-03-16"]


def test_what_is_added_has_its_own_zone_and_length_or_the_events() -> None:
    london = Timed(start=wall("2026-03-05T18:00"), zone="Europe/London")
    short = evening("2026-03-04", hours=1)
    found = expand(WEEKLY, Recurrence(added=(london, short)), *WINDOW).occurrences
    assert [each.when.ends - each.when.starts for each in found] == [
        timedelta(hours=hours) for hours in (2, 1, 2)
    ]
    assert [each.recurrence_id for each in found] == [
        WEEKLY.start,
        wall("2026-03-04T19:00"),
        wall("2026-03-05T19:00"),
    ]


def test_what_is_added_where_the_rule_has_it_is_one_occurrence() -> None:
    added = (evening("2026-03-09", hours=5),)
    found = expand(WEEKLY, Recurrence(rule=FOUR, added=added), *WINDOW).occurrences
    assert len(found) == 4
    assert found[1].when == added[0]


def test_an_override_says_what_differs_and_keeps_its_original_start() -> None:
    moved = Override(recurrence_id=wall("2026-03-09T19:00"), when=evening("2026-03-10"))
    called_off = Override(recurrence_id=wall("2026-03-16T19:00"), status="cancelled")
    found = expand(WEEKLY, Recurrence(rule=FOUR, overrides=(moved, called_off)), *WINDOW)
    assert [each.override for each in found.occurrences] == [None, moved, called_off, None]
    assert found.occurrences[1].when == evening("2026-03-10")
    assert found.occurrences[2].when == evening("2026-03-16")


def test_an_override_is_found_where_it_was_moved_to_and_not_where_it_was() -> None:
    moved = Override(recurrence_id=wall("2026-03-09T19:00"), when=evening("2026-08-10"))
    series = Recurrence(rule=FOUR, overrides=(moved,))
    assert wall("2026-03-09T19:00") not in ids(WEEKLY, series)
    august = (datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC))
    assert [each.override for each in expand(WEEKLY, series, *august).occurrences] == [moved]
    assert extent(WEEKLY, series)[1] == evening("2026-08-10").ends


def test_an_override_the_series_does_not_have_is_shown() -> None:
    single = Override(recurrence_id=wall("2026-03-12T19:00"), title={"de": "Extra"})
    found = expand(WEEKLY, Recurrence(rule=FOUR, overrides=(single,)), *WINDOW).occurrences
    assert [each.override for each in found] == [None, None, single, None, None]


def test_an_override_may_take_whole_days_or_another_zone() -> None:
    days = Days(start=date(2026, 3, 9), zone=ZONE)
    other = evening("2026-03-16", zone="Europe/Lisbon")
    overrides = (
        Override(recurrence_id=wall("2026-03-09T19:00"), when=days),
        Override(recurrence_id=date(2026, 3, 16), when=other),
    )
    found = expand(WEEKLY, Recurrence(rule=FOUR, overrides=overrides), *WINDOW).occurrences
    assert [each.when for each in found[1:3]] == [days, other]


def test_what_began_before_the_window_and_still_goes_on_is_in_it() -> None:
    fair = Days(start=date(2025, 12, 1), end=date(2026, 1, 10), zone=ZONE)
    assert ids(fair, Recurrence(rule="FREQ=YEARLY")) == [date(2025, 12, 1)]
    assert ids(fair, None) == [date(2025, 12, 1)]


def test_what_ends_where_the_window_begins_is_outside_and_a_moment_inside() -> None:
    at = WEEKLY.ends
    assert not expand(WEEKLY, None, at, at + timedelta(days=1)).occurrences
    moment = Timed(start=WEEKLY.start, zone=ZONE)
    assert expand(moment, None, moment.starts, moment.starts + timedelta(days=1)).occurrences
    assert not expand(moment, None, ORIGIN, moment.starts).occurrences


@pytest.mark.parametrize("rule", ["FREQ=DAILY;UNTIL=20260309T180000Z", "FREQ=DAILY;COUNT=8"])
def test_the_extent_ends_with_the_last_occurrence(rule: str) -> None:
    assert extent(WEEKLY, Recurrence(rule=rule))[1] == evening("2026-03-09").ends
    just_before = rule.replace("180000", "175959").replace("COUNT=8", "COUNT=7")
    assert extent(WEEKLY, Recurrence(rule=just_before))[1] == evening("2026-03-08").ends


def test_the_extent_of_what_never_ends_has_no_end() -> None:
    assert extent(WEEKLY, Recurrence(rule="FREQ=WEEKLY")) == (WEEKLY.starts, None)


RULES = st.sampled_from(
    (
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3;COUNT=40",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH,SU;WKST=SU",
        "FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=-1",
        "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20280101T000000Z",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=YEARLY;BYWEEKNO=20,53",
        "FREQ=HOURLY;INTERVAL=7",
        "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10",
    )
)
MOMENTS = st.integers(0, 900 * 24).map(lambda hours: ORIGIN + timedelta(hours=hours))
LENGTHS = st.integers(0, 60).map(lambda hours: timedelta(hours=hours))


@given(RULES, LENGTHS, st.lists(MOMENTS, min_size=3, max_size=3, unique=True))
@settings(max_examples=40, deadline=None)
def test_adjoining_windows_hold_what_their_union_holds(
    rule: str, length: timedelta, moments: list[datetime]
) -> None:
    first, middle, last = sorted(moments)
    when = Timed(start=WEEKLY.start, end=WEEKLY.start + length, zone=ZONE)
    series = Recurrence(rule=checked_rule(rule, when))
    parts = [
        expand(when, series, *window, most=50_000).occurrences
        for window in ((first, middle), (middle, last))
    ]
    whole = expand(when, series, first, last, most=50_000).occurrences
    assert {each.recurrence_id for part in parts for each in part} == {
        each.recurrence_id for each in whole
    }
    assert all(each.when.ends >= first and each.when.starts < last for each in whole)


@given(RULES, LENGTHS)
@settings(max_examples=40, deadline=None)
def test_the_extent_holds_every_occurrence(rule: str, length: timedelta) -> None:
    when = Timed(start=WEEKLY.start, end=WEEKLY.start + length, zone=ZONE)
    series = Recurrence(
        rule=checked_rule(rule, when),
        added=(evening("2024-02-29"),),
        overrides=(Override(recurrence_id=WEEKLY.start, when=evening("2029-01-01")),),
    )
    starts, ends = extent(when, series)
    found = expand(when, series, ORIGIN - timedelta(days=999), ORIGIN + timedelta(days=5_000), MOST)
    assert all(each.when.starts >= starts for each in found.occurrences)
    assert ends is None or all(each.when.ends <= ends for each in found.occurrences)
