"""Dates in the fields of documents: ISO 8601, RFC 822 and what people's software makes of them.

Pure; no clock. What is given without an offset is a wall time. What could mean two dates means
none: nothing is guessed. Dates in prose are read by `datesintext`.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final

from connectors.cleaning.calendarwords import OFFSETS, month
from schema import Days, Timed
from schema.when import wall_of

Moment = datetime | date
"""A datetime, aware where an offset was given and else a wall time; or a mere date."""

LONGEST: Final = 80
"""Characters: no field with one date in it is longer."""
_ZONE: Final = r"(?P<zone>[A-Za-z]{1,5}|(?:UTC|GMT|UT)?\s?[+-]\d{1,2}:?(?:\d\d)?)"
_CLOCK: Final = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    rf"(?:\s?(?P<half>[AaPp])\.?[Mm]\.?)?(?:\s?{_ZONE})?(?:\s?\([^()]{{0,20}}\))?"
)
_WORD: Final = r"(?:[^\W\d_]{2,12}(?:\.?,\s?|\.?\s))?"
_ISO: Final = rf"(?P<year>\d{{4}})-(?P<month>\d\d?)-(?P<day>\d\d?)(?:(?:[Tt]|\s|,\s)\s?{_CLOCK})?"
_SLASHED: Final = rf"(?P<year>\d{{4}})/(?P<month>\d\d?)/(?P<day>\d\d?)(?:\s{_CLOCK})?"
_BASIC: Final = (
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:[Tt](?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<zone>[Zz]|[+-]\d\d:?\d\d)?)?"
)
_DAY_FIRST: Final = (
    rf"{_WORD}(?P<day>\d\d?)(?:\.\s?|\s|-)(?P<name>[^\W\d_]{{3,12}})\.?"
    rf"(?:\s|-|,\s)(?P<year>\d{{4}}|\d\d)(?:(?:\s|,\s|T|\s-\s){_CLOCK})?"
)
_MONTH_FIRST: Final = (
    rf"{_WORD}(?P<name>[^\W\d_]{{3,12}})\.?\s(?P<day>\d\d?),?\s"
    rf"(?P<year>\d{{4}})(?:(?:,?\s|\sat\s){_CLOCK})?"
)
_ASCTIME: Final = (
    r"(?:[^\W\d_]{2,12}\s)?(?P<name>[^\W\d_]{3,12})\s(?P<day>\d\d?)\s(?P<hour>\d\d?):"
    r"(?P<minute>\d\d):(?P<second>\d\d)\s(?:(?P<zone>[A-Za-z]{3,5})\s)?(?P<year>\d{4})"
)
_GERMAN: Final = rf"(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?(?P<year>\d{{4}}|\d\d)(?:,?\s{_CLOCK})?"
_FORMS: Final = tuple(
    map(re.compile, (_ISO, _SLASHED, _BASIC, _DAY_FIRST, _MONTH_FIRST, _ASCTIME, _GERMAN))
)
_OFFSET: Final = re.compile(r"(?:UTC|GMT|UT)?\s?([+-])(\d{1,2}):?(\d\d)?")
_SECONDS: Final = re.compile(r"\d{9,10}")
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199


def moment(text: str) -> Moment | None:
    """A field with one date → what it says, None where nobody can say. A wrong weekday is not
    looked at, 24:00 is the next day, a leap second the second before it."""
    return _read(text[: LONGEST + 1])


@lru_cache(maxsize=256)  # while an entry is read and mapped, each of its dates is asked for again
def _read(text: str) -> Moment | None:
    text = " ".join(text.split()).removesuffix(" Uhr")
    if not text or len(text) > LONGEST:
        return None
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text), UTC)
    found = next((found for form in _FORMS if (found := form.fullmatch(text))), None)
    return _moment(found.groupdict()) if found else None


def instant_of(text: str) -> datetime | None:
    """A field with one date → an instant; a date or a wall time without offset is read as UTC,
    as RFC 822 dates without a zone are by most readers."""
    said = moment(text)
    if said is None:
        return None
    if not isinstance(said, datetime):
        return datetime.combine(said, time.min, UTC)
    return said if said.tzinfo else said.replace(tzinfo=UTC)


def wall(said: Moment, zone: str) -> Moment:
    """A moment → its wall time in a zone; a mere date, and a wall time, as they are."""
    if isinstance(said, datetime) and said.tzinfo is not None:
        return wall_of(said, zone)
    return said


def when(start: Moment, end: Moment | None, zone: str, *, inclusive: bool) -> Timed | Days | None:
    """Start and end → when something is; None where it would end before it starts. An end without
    hours behind a start with them is no end. `inclusive`: a mere date as end is the last day."""
    begins, ends = wall(start, zone), wall(end, zone) if end is not None else None
    if not isinstance(begins, datetime):
        return _days(begins, ends, zone, inclusive=inclusive)
    if not isinstance(ends, datetime):
        return Timed(start=begins, zone=zone)
    if begins.time() == time.min and (ends.hour, ends.minute) == (23, 59):
        return _days(begins.date(), ends.date(), zone, inclusive=True)
    if ends < begins:
        return None
    return Timed(start=begins, end=ends if ends != begins else None, zone=zone)


def year_of(text: str) -> int:
    """A year of two or four digits."""
    number = int(text)
    return number if len(text) == len("2026") else number + (1900 if number >= 70 else 2000)


def _days(start: date, end: Moment | None, zone: str, *, inclusive: bool) -> Days | None:
    if end is None:
        return Days(start=start, zone=zone)
    last = end.date() if isinstance(end, datetime) else end
    if last < start:
        return None
    if inclusive or isinstance(end, datetime):
        last += timedelta(days=1)
    return Days(start=start, end=last if last > start + timedelta(days=1) else None, zone=zone)


def _moment(said: dict[str, str | None]) -> Moment | None:
    name = said.get("name")
    number = month(name) if name else int(said.get("month") or 0)
    try:
        day = date(year_of(said["year"] or ""), number or 0, int(said["day"] or 0))
        clock = _clock(day, said) if said.get("hour") else day
    except (ValueError, OverflowError):
        return None
    return clock if clock and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _clock(day: date, said: dict[str, str | None]) -> datetime | None:
    """A day and the clock on it. Raises `ValueError` for a time that no clock shows."""
    hour, minute = int(said["hour"] or 0), int(said["minute"] or 0)
    half = (said.get("half") or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    midnight = (hour, minute) == (24, 0)
    second = min(int(said.get("second") or 0), 59)
    read = datetime.combine(day, time(0 if midnight else hour, minute, second))
    if midnight:
        read += timedelta(days=1)
    return _zoned(read, said.get("zone"))


def _zoned(read: datetime, zone: str | None) -> datetime | None:
    if zone is None:
        return read
    if zone.lower() in OFFSETS:
        return read.replace(tzinfo=timezone(timedelta(minutes=OFFSETS[zone.lower()])))
    offset = _OFFSET.fullmatch(zone)
    if offset is None:
        return None
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    if minutes > 14 * 60:
        return None
    return read.replace(
        tzinfo=timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    )
