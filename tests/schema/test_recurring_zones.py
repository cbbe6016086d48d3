"""Instants around the changes of the clocks, against two independent libraries: icalendar with
recurring-ical-events (zoneinfo), and dateutil with its own reading of the zones' files."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import recurring_ical_events
from dateutil import tz
from dateutil.rrule import rrulestr
from icalendar import Calendar

from schema.entities import Recurrence
from schema.recurring import checked_rule, expand
from schema.when import Days, Timed

ZONES = ("Europe/Berlin", "Europe/Vilnius", "Europe/Lisbon", "America/New_York")
YEARS = range(2024, 2031)
CLOCKS = (time(0, 30), time(1, 30), time(2, 30), time(3, 0), time(19, 0), time(23, 15))
LENGTHS = (timedelta(minutes=30), timedelta(hours=5))
RULES = ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU", "FREQ=DAILY;COUNT=20", None)
Span = tuple[datetime, datetime]


def changes(zone: str, year: int) -> list[date]:
    """The two days of a year on which the clocks change, as dateutil sees them."""
    rules, found = tz.gettz(zone), []
    day = datetime(year, 1, 1, 12, tzinfo=rules)
    while day.year == year:
        following = day + timedelta(days=1)
        if day.utcoffset() != following.utcoffset():
            found.append(following.date())
        day = following
    assert len(found) == 2
    return found


def of_ours(when: Timed | Days, rule: str | None, window: Span) -> list[Span]:
    recurrence = None if rule is None else Recurrence(rule=checked_rule(rule, when))
    found = expand(when, recurrence, *window).occurrences
    return [(each.when.starts, each.when.ends) for each in found]


def of_dateutil(start: datetime, length: timedelta, rule: str | None, zone: str) -> list[Span]:
    """Starts and ends as dateutil has them: an imaginary start is moved, then the length added."""
    rules = tz.gettz(zone)
    starts = [start] if rule is None else rrulestr(rule, dtstart=start)
    found = []
    for wall in starts:
        if wall > start + timedelta(days=40):
            break
        begins = tz.resolve_imaginary(wall.replace(tzinfo=rules))
        ends = tz.resolve_imaginary(begins.replace(fold=0) + length)
        found.append((begins.astimezone(UTC), ends.astimezone(UTC)))
    return found


def calendar(start: str, end: str, rule: str | None) -> Calendar:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-", "BEGIN:VEVENT", "UID:1"]
    lines += ["DTSTAMP:20240101T000000Z", f"DTSTART;{start}", f"DTEND;{end}"]
    lines += [f"RRULE:{rule}"] if rule else []
    return Calendar.from_ical("\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""]))


def of_icalendar(start: str, end: str, rule: str | None, window: Span) -> list[Span]:
    found = recurring_ical_events.of(calendar(start, end, rule)).between(*window)
    return sorted((each["DTSTART"].dt, each["DTEND"].dt) for each in found)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", YEARS)
def test_hours_around_a_change_are_the_instants_two_libraries_tell(zone: str, year: int) -> None:
    for change in changes(zone, year):
        for clock in CLOCKS:
            for length in LENGTHS:
                for rule in RULES:
                    begins = timedelta(days=7 if rule else 0)
                    start = datetime.combine(change - begins, clock)
                    same_as_two_libraries(start, length, rule, zone)


def same_as_two_libraries(start: datetime, length: timedelta, rule: str | None, zone: str) -> None:
    when = Timed(start=start, end=start + length, zone=zone)
    day = start.replace(hour=0, minute=0, tzinfo=UTC)
    window = (day - timedelta(days=2), day + timedelta(days=21))
    ours = of_ours(when, rule, window)
    said = [f"TZID={zone}:{wall:%Y%m%dT%H%M%S}" for wall in (start, start + length)]
    theirs = of_icalendar(said[0], said[1], rule, window)
    assert [begins for begins, _ in ours] == [at.astimezone(UTC) for at, _ in theirs]
    exist = [tz.datetime_exists(at.replace(tzinfo=tz.gettz(zone))) for at, _ in theirs]
    assert [ends for (_, ends), real in zip(ours, exist, strict=True) if real] == [
        at.astimezone(UTC) for (_, at), real in zip(theirs, exist, strict=True) if real
    ]
    if rule is not None:
        in_window = [span for span in of_dateutil(start, length, rule, zone) if span[0] < window[1]]
        assert ours == in_window
    else:
        assert ours[0][0] == of_dateutil(start, length, rule, zone)[0][0]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", YEARS)
def test_whole_days_around_a_change_stay_whole_days(zone: str, year: int) -> None:
    for change in changes(zone, year):
        for rule in RULES:
            first = change - timedelta(days=7 if rule else 0)
            when = Days(start=first, end=first + timedelta(days=2), zone=zone)
            window = (
                datetime.combine(first, time.min, tz.gettz(zone)).astimezone(UTC),
                datetime.combine(first + timedelta(days=21), time.min, tz.gettz(zone)),
            )
            recurrence = None if rule is None else Recurrence(rule=checked_rule(rule, when))
            found = expand(when, recurrence, *window).occurrences
            ours = [(each.when.start, each.when.end) for each in found]
            said = [f"VALUE=DATE:{day:%Y%m%d}" for day in (first, first + timedelta(days=2))]
            bare = (datetime.combine(first, time.min), datetime.combine(first, time.min))
            naive = (bare[0], bare[1] + timedelta(days=21))
            assert ours == of_icalendar(said[0], said[1], rule, naive)
            assert [each.when.starts for each in found] == [
                datetime.combine(day, time.min, tz.gettz(zone)).astimezone(UTC) for day, _ in ours
            ]


@pytest.mark.parametrize("zone", ZONES)
def test_an_hour_that_is_skipped_is_later_and_never_ends_before_it_starts(zone: str) -> None:
    change = changes(zone, 2027)[0]
    skipped = time(1, 30) if zone == "Europe/Lisbon" else time(3 if "Viln" in zone else 2, 30)
    start = datetime.combine(change, skipped)
    when = Timed(start=start, end=start + timedelta(minutes=30), zone=zone)
    assert when.starts == tz.resolve_imaginary(start.replace(tzinfo=tz.gettz(zone)))
    assert when.ends == when.starts
