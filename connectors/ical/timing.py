"""Properties that say a time → wall time and zone. Pure.

A time with TZID is in that zone, even with a `Z` behind it, as Google has it; one in UTC is shown
in the calendar's zone (X-WR-TIMEZONE), else in the source's; one without any is in the calendar's
zone, else in the source's, which is a finding. Wall times stay what they are; only where no IANA
zone has a calendar's own rules, the instant is kept and told in the source's zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from pydantic import ValidationError

from connectors.ical.lines import Properties, Property
from connectors.ical.rules import offset_at, zone_like
from connectors.ical.values import Written, duration, written
from connectors.ical.zones import have_same_rules, zone_of
from schema import Level, Problem, Rejected
from schema.when import Days, Timed, instant, is_zone, wall_of

ALL_DAY_MARKS: Final = (
    "X-MICROSOFT-CDO-ALLDAYEVENT",
    "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT",
    "X-FUNAMBOL-ALLDAY",
)
FIRST_YEAR: Final = 1583
"""The calendar that everything counts by is not older."""
LAST_YEAR: Final = 9000
_LAST_MINUTE: Final = time(23, 59)


@dataclass(slots=True)
class Clock:
    """The zones that hold for one record, and what was found wrong with them. `own` are the
    calendar's own zones, by TZID; `shown` is the calendar's zone, `source` the source's."""

    source: str
    shown: str | None = None
    own: Mapping[str, str] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        """The zone of whatever names none."""
        return self.shown or self.source

    def note(self, code: str, path: str, message: str) -> None:
        """A finding; the same one counts once."""
        self.problems.setdefault(f"{code} {path}", Problem(code, path, message, Level.WARNING))

    def place(
        self, found: Property, value: Written, floating: str | None = None
    ) -> tuple[datetime, str]:
        """A time and its property → naive wall time and zone. `floating`: the zone of a time
        that names none, where that is nothing to note (an EXDATE means that of its event).
        Raises `ValueError` for a date."""
        wall = value.at
        if value.is_date:
            raise ValueError("a date, where a time is needed")
        assert isinstance(wall, datetime)
        named = found.params.get("TZID", "")
        zone = self.named(named, wall) if named else None
        if value.utc and (zone is None or value.by_offset):
            shown = zone or floating or self.zone
            return wall_of(wall.replace(tzinfo=UTC), shown), shown
        if zone is not None:
            return wall, zone
        if named:
            return self._unknown(named, wall)
        if floating is None and self.shown is None:
            self.note("event.floating_time", found.name, f"taken for {self.source}")
        return wall, floating or self.zone

    def named(self, name: str, wall: datetime) -> str | None:
        """A TZID, used at a wall time → the IANA zone that it means, if one has its rules."""
        zone = zone_of(name)
        if zone is None and name in self.own:
            return zone_like(self.own[name], wall.year, self.source)
        if zone is not None and not is_zone(name) and have_same_rules(zone, self.source):
            return self.source  # Windows has one name for many countries
        return zone

    def _unknown(self, name: str, wall: datetime) -> tuple[datetime, str]:
        """A time in a zone that no IANA zone stands for → the same instant, if it can be told."""
        east = offset_at(self.own[name], wall) if name in self.own else None
        self.note("event.unknown_zone", "TZID", f"{name[:100]!r} is taken for {self.zone}")
        if east is None:
            return wall, self.zone
        return wall_of((wall - east).replace(tzinfo=UTC), self.zone), self.zone


def read(found: Property) -> Written:
    """The time that a property says. Raises `ValueError` for what is none or out of history."""
    value = written(found.value)
    if not FIRST_YEAR <= value.at.year <= LAST_YEAR:
        raise ValueError("out of history")
    return value


def when_of(component: Properties, clock: Clock) -> Timed | Days:
    """When a component takes place. Raises `Rejected` where it has no readable start."""
    found = component.first("DTSTART")
    if found is None:
        raise Rejected(Problem("event.no_date", "DTSTART", "no start"))
    try:
        start = read(found)
    except (ValueError, OverflowError) as error:
        raise Rejected(Problem("event.unreadable_date", "DTSTART", str(error))) from error
    try:
        if start.is_date:
            return _days(start.at, component, clock)
        when = _timed(found, start, component, clock)
    except (ValueError, OverflowError) as error:
        raise Rejected(Problem("event.unreadable_date", "DTSTART", "out of history")) from error
    return _whole_days(when) if _is_marked_all_day(component) else when


def _timed(found: Property, start: Written, component: Properties, clock: Clock) -> Timed:
    wall, zone = clock.place(found, start, _zone_of_series(start, component, clock))
    end = _end(component, wall, zone, clock)
    if end is None or end == wall:
        return Timed(start=wall, zone=zone)
    try:
        return Timed(start=wall, end=end, zone=zone)
    except ValidationError:
        clock.note("event.end_before_start", "DTEND", "the end is left out")
        return Timed(start=wall, zone=zone)


def _zone_of_series(start: Written, component: Properties, clock: Clock) -> str | None:
    """UTC for a series that is written in UTC: it repeats there (RFC 5545, 3.3.10), unless its
    calendar has a zone in which it takes place on the same days. None: as for any event."""
    if not start.utc or component.first("RRULE") is None:
        return None
    if clock.shown is None:
        return "UTC"
    assert isinstance(start.at, datetime)
    shown = wall_of(start.at.replace(tzinfo=UTC), clock.shown)
    return clock.shown if shown.date() == start.at.date() else "UTC"


def _end(component: Properties, start: datetime, zone: str, clock: Clock) -> datetime | None:
    """The end as wall time in the zone of the start; None where there is none."""
    found = component.first("DTEND")
    try:
        if found is not None:
            return _end_at(found, start, zone, clock)
        lasting = component.value("DURATION")
        return end_after(start, zone, lasting) if lasting else None
    except (ValueError, OverflowError):
        clock.note("event.broken_property", "DTEND" if found else "DURATION", "not readable")
        return None


def _end_at(found: Property, start: datetime, zone: str, clock: Clock) -> datetime | None:
    value = read(found)
    if value.is_date:
        midnight = datetime.combine(value.at, time.min)
        return midnight if midnight > start else None
    wall, in_zone = clock.place(found, value, zone)
    return wall if in_zone == zone else wall_of(instant(wall, in_zone), zone)


def end_after(start: datetime, zone: str, lasting: str) -> datetime:
    """Wall time and DURATION → the end's wall time: days are counted by the calendar, hours by
    the clock (RFC 5545, 3.3.6). Raises `ValueError`."""
    lasts = duration(lasting)
    by_calendar = timedelta(days=lasts.days) if set("DW") & set(lasting.upper()) else timedelta()
    if lasts < timedelta():
        raise ValueError("ends before it starts")
    moved = start + by_calendar
    return wall_of(instant(moved, zone) + (lasts - by_calendar), zone)


def _days(start: date, component: Properties, clock: Clock) -> Days:
    """Whole days: DTEND is the first day after it; an end on the first day means that day."""
    found = component.first("DTEND")
    lasting = component.value("DURATION")
    end: date | None = None
    try:
        if found is not None:
            end = _after(read(found))
        elif lasting:
            lasts = duration(lasting)
            end = start + timedelta(days=lasts.days + (1 if lasts.seconds else 0))
    except (ValueError, OverflowError):
        clock.note("event.broken_property", "DTEND" if found else "DURATION", "not readable")
    if end is not None and end < start:
        clock.note("event.end_before_start", "DTEND", "the end is left out")
    several = end is not None and end > start + timedelta(days=1)
    return Days(start=start, end=end if several else None, zone=_zone_of_days(component, clock))


def _after(end: Written) -> date:
    """The first day after an end: what ends in the course of a day takes all of it."""
    if not isinstance(end.at, datetime):
        return end.at
    return end.at.date() + timedelta(days=1 if end.at.time() > time.min else 0)


def _zone_of_days(component: Properties, clock: Clock) -> str:
    found = component.first("DTSTART")
    named = found.params.get("TZID") if found else None
    return (zone_of(named) if named else None) or clock.zone


def _is_marked_all_day(component: Properties) -> bool:
    return any(component.value(name).upper() in ("TRUE", "1") for name in ALL_DAY_MARKS)


def _whole_days(when: Timed) -> Timed | Days:
    """What a producer marks as all day and writes with hours → its days, if the hours agree."""
    end = when.end or when.start
    if when.start.time() != time.min or (
        end.time() != time.min and end.time().replace(second=0) != _LAST_MINUTE
    ):
        return when
    after = end.date() + timedelta(days=1 if end.time() > time.min else 0)
    several = after > when.start.date() + timedelta(days=1)
    return Days(start=when.start.date(), end=after if several else None, zone=when.zone)
