"""When something takes place, ours beside what others wrote down. Pure.

Instants are compared in UTC. What carries no offset is the wall time of the zone that is named, or
else of the event's own. Whole days may be written as dates or as midnights.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from schema.when import DATE, Days, Timed, instant, is_zone

Moment = date | datetime


def moment(said: Any) -> Moment:
    """ISO 8601 (or iCalendar's basic form) → date or datetime, aware or not. Raises `ValueError`
    or `TypeError`."""
    if not isinstance(said, str):
        raise TypeError("no text")
    text = said.strip()
    if len(text) in (DATE, len("20260329")) and "T" not in text:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text)


def zone_named(said: Any) -> str | None:
    """A time zone that is named, in whichever way; None where there is none."""
    if not isinstance(said, str):
        return None
    name = said.partition("zoneinfo/")[2].rstrip("')\"") or said
    return name if is_zone(name) else None


def point(said: Moment, zone: str) -> datetime:
    """A date or time → its instant; one without an offset belongs to the zone."""
    if not isinstance(said, datetime):
        return instant(datetime.combine(said, time.min), zone)
    return instant(said, zone) if said.tzinfo is None else said.astimezone(UTC)


def is_at(expected: Moment, when: Timed | Days, zone: str | None = None) -> bool:
    """Whether something starts when it should."""
    if isinstance(when, Days):
        return _is_day(expected, when.start, when.zone)
    if not isinstance(expected, datetime):
        return False
    return point(expected, zone or when.zone) == when.starts


def ends_at(expected: Moment, when: Timed | Days, zone: str | None = None) -> bool:
    """Whether something ends when it should; an end that is the start is none."""
    if isinstance(when, Days):
        if _is_day(expected, when.start, when.zone):  # "until the same day", as some write it
            return when.after == when.start + timedelta(days=1)
        return _is_day(expected, when.after, when.zone)
    if not isinstance(expected, datetime):
        return False
    return point(expected, zone or when.zone) == when.ends


def _is_day(expected: Moment, day: date, zone: str) -> bool:
    if not isinstance(expected, datetime):
        return expected == day
    if expected.time() == time.min and expected.date() == day:
        return True
    return expected.tzinfo is not None and point(expected, zone) == point(day, zone)
