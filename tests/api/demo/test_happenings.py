"""The fake city's calendars follow from seed and minute, and change as promised."""

from datetime import date, datetime, timedelta

import pytest

from api.demo.calendars import CALENDARS, happening
from api.demo.changes import Life
from api.demo.city import BIRTH
from api.demo.happenings import KEPT, Happening, happenings_at, wall
from api.demo.programme import ideas
from api.demo.series import Departure

LIFE = Life(seed=1, birth=BIRTH)
NAMES = [*KEPT]
DAY = 1440


def by_number(minute: int, calendar: str, life: Life = LIFE) -> dict[int, Happening]:
    """What a calendar lists in a minute."""
    return {one.number: one for one in happenings_at(life, minute, calendar)}


def begins(one: Happening) -> date:
    """The day on which it begins."""
    return one.start.date() if isinstance(one.start, datetime) else one.start


def test_more_than_sixty_are_listed_from_the_first_minute_on() -> None:
    for minute in (0, 1, 60, DAY, 40 * DAY, 400 * DAY):
        listed = [happenings_at(LIFE, minute, name) for name in NAMES]
        assert sum(map(len, listed)) >= 60
        assert all(len(each) >= 9 for each in listed)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("days", [0, 3, 11, 55, 56, 200])
def test_something_always_begins_within_the_next_two_weeks(name: str, days: int) -> None:
    today = wall(LIFE.stamp(days * DAY)).date()
    soon = [begins(one) - today for one in happenings_at(LIFE, days * DAY, name)]
    assert sum(timedelta() < each <= timedelta(days=14) for each in soon) >= 2


def test_the_seed_decides_what_changes() -> None:
    other = Life(seed=2, birth=BIRTH)
    assert by_number(50, "klima") == by_number(50, "klima", Life(seed=1, birth=BIRTH))
    assert by_number(50, "klima") != by_number(50, "klima", other)


def test_numbers_are_given_once() -> None:
    listed = [one.number for name in NAMES for one in happenings_at(LIFE, 500, name)]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("name", ["klima", "rathaus", "quartier"])
def test_within_an_hour_some_are_edited_moved_and_called_off(name: str) -> None:
    first = by_number(0, name)
    changes = set()
    for minute in range(1, 61):
        for number, one in by_number(minute, name).items():
            before = first.get(number, one)
            changes |= {"moved"} if one.start != before.start else set()
            changes |= {"edited"} if one.text != before.text else set()
            changes |= {"off"} if one.called_off else set()
            assert (one == before) is (one.changed == before.changed)
    assert changes == {"moved", "edited", "off"}


def test_a_calendar_whose_ids_do_not_last_moves_nothing_and_calls_nothing_off() -> None:
    first = by_number(0, "verein")
    later = by_number(55, "verein")
    assert any(one.text != first[number].text for number, one in later.items() if number in first)
    assert all(one.start == first[number].start for number, one in later.items() if number in first)
    assert not any(one.called_off for one in later.values())


@pytest.mark.parametrize("name", NAMES)
def test_what_was_announced_at_short_notice_is_over_and_gone(name: str) -> None:
    minutes = {m: {n for n in by_number(m, name) if n > 1_000_000} for m in range(0, 240, 3)}
    said = set().union(*minutes.values())
    assert len(said) >= 10
    for number in said:
        one = next(m for m, listed in minutes.items() if number in listed)
        assert begins(by_number(one, name)[number]) >= wall(LIFE.birth).date()
    assert not minutes[0]
    if not KEPT[name]:
        assert min(said) not in minutes[237]


@pytest.mark.parametrize("name", NAMES)
def test_what_has_begun_changes_no_more(name: str) -> None:
    now = wall(LIFE.stamp(20 * DAY))
    begun = {n: one for n, one in by_number(20 * DAY, name).items() if not one.series}
    begun = {n: one for n, one in begun.items() if begins(one) < now.date()}
    for minute in range(20 * DAY, 20 * DAY + 60):
        listed = by_number(minute, name)
        assert all(listed.get(number, one) == one for number, one in begun.items())


def test_every_entry_was_entered_before_it_is_listed() -> None:
    for minute in (0, 30, 9 * DAY, 60 * DAY):
        listed = [one for name in NAMES for one in happenings_at(LIFE, minute, name)]
        assert all(one.created <= one.changed <= LIFE.stamp(minute) for one in listed)


def test_few_are_taken_out_between_two_visits() -> None:
    for name in NAMES:
        before, after = by_number(50, name), by_number(90, name)
        gone = [n for n in before.keys() - after.keys() if n < 1_000_000]
        assert len(gone) <= max(1, len(before) // 7)


def test_a_series_leaves_out_moves_and_calls_off_occasions() -> None:
    series = [one for one in happenings_at(LIFE, 0, "klima") if one.series]
    assert len(series) == 8
    departures = {occasion.departure for one in series for occasion in one.occasions}
    assert departures == {*Departure}
    for one in series:
        assert one.series
        starts = [*one.series.starts(wall(BIRTH) + timedelta(days=90))]
        assert {occasion.start for occasion in one.occasions} <= {*starts}


def test_the_next_occasion_of_some_series_is_called_off_and_reinstated() -> None:
    seen: dict[int, set[int]] = {}
    for minute in range(0, 60, 5):
        for number, one in by_number(minute, "klima").items():
            seen.setdefault(number, set()).add(len(one.occasions))
    assert any(len(counts) > 1 for counts in seen.values())


def test_monthly_series_fall_on_the_same_weekday_of_every_month() -> None:
    monthly = [one.series for one in happenings_at(LIFE, 0, "klima") if one.idea.every == "month"]
    for series in monthly:
        assert series
        assert "FREQ=MONTHLY;BYDAY=" in series.rule
        starts = [*series.starts(series.start + timedelta(days=365))]
        assert [(each.month - series.start.month) % 12 for each in starts[:12]] == [*range(12)]
        assert {(each.day - 1) // 7 for each in starts} == {(series.start.day - 1) // 7}


def test_an_entry_is_found_by_its_number() -> None:
    first = happenings_at(LIFE, 0, "rathaus")[0]
    assert happening(LIFE, 0, str(first.number)) == first
    assert happening(LIFE, 0, "1") is None


def test_every_idea_has_a_calendar_that_is_served() -> None:
    assert [each.name for each in CALENDARS] == NAMES
    assert [len(ideas(name)) for name in NAMES] == [24, 16, 20, 12]
