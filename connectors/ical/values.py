"""Values of properties that say a time: dates, times, durations, periods. Pure.

RFC 5545, 3.3.4–3.3.9, and what is written in their place: without seconds, as ISO 8601 with
separators or an offset, 24:00. No zone is applied here.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

_DATE: Final = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
_TIME: Final = re.compile(
    r"[Tt ]\s?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?\s?(?:([Zz])|([+-])(\d\d):?(\d\d))?"
)
_USUAL: Final = re.compile(r"([0-9]{8}T(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9])(Z?)")
"""A DATE-TIME as RFC 5545 has it; what is written otherwise is read below."""
_DURATION: Final = re.compile(
    r"([+-])?P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?"
)
LONGEST_DURATION: Final = timedelta(days=3660)
"""Nothing that takes place lasts longer; such a duration is a mistake."""
_LONGEST: Final = 60
_MANY: Final = 10**6


@dataclass(frozen=True, slots=True)
class Written:
    """A date, or a wall time; `utc`: the wall time is that of UTC, `by_offset`: as it was told by
    an offset."""

    at: date | datetime
    utc: bool = False
    by_offset: bool = False

    @property
    def is_date(self) -> bool:
        """Whether it says no time of day."""
        return not isinstance(self.at, datetime)


@dataclass(frozen=True, slots=True)
class Span:
    """A PERIOD: its start, and its end or how long it lasts."""

    start: Written
    end: Written | None = None
    lasts: timedelta | None = None


def written(value: str) -> Written:
    """A DATE or DATE-TIME as sources write it. Raises `ValueError` for anything else."""
    usual = _USUAL.fullmatch(value)
    if usual is not None:
        return Written(datetime.fromisoformat(usual[1]), utc=usual[2] == "Z")
    text = value.strip().strip('";').rpartition("=")[2]
    if len(text) > _LONGEST:
        raise ValueError("too long for a date")
    day = _DATE.match(text)
    if day is None:
        raise ValueError("no date")
    on = date(int(day[1]), int(day[2]), int(day[3]))
    rest = text[day.end() :]
    if not rest or rest in ("Z", "T"):
        return Written(on)
    said = _TIME.fullmatch(rest)
    if said is None:
        raise ValueError("no time")
    return _timed(on, said)


def _timed(on: date, said: re.Match[str]) -> Written:
    hour, minute, second = int(said[1]), int(said[2]), int(said[3] or 0)
    later = timedelta(days=1) if (hour, minute) == (24, 0) else timedelta()
    second = min(second, 59)  # a leap second
    at = datetime.combine(on, time(0 if later else hour, minute, second)) + later
    if said[5] is None:
        return Written(at, utc=said[4] is not None)
    east = timedelta(hours=int(said[6]), minutes=int(said[7])) * (1 if said[5] == "+" else -1)
    return Written(at - east, utc=True, by_offset=True)


def duration(value: str) -> timedelta:
    """A DURATION (RFC 5545, 3.3.6). Raises `ValueError` for what is none, or takes years."""
    text = value.strip().upper()
    if len(text) > _LONGEST:
        raise ValueError("too long for a duration")
    if text.endswith(("W", "D")):
        text = text.replace("PT", "P")  # as some write it
    found = _DURATION.fullmatch(text)
    if found is None or text.endswith(("P", "T")):
        raise ValueError("no duration")
    weeks, days, hours, minutes, seconds = (
        min(int(part or 0), _MANY) for part in found.groups()[1:]
    )
    lasts = timedelta(days=7 * weeks + days, seconds=3600 * hours + 60 * minutes + seconds)
    if found[1] == "-":
        lasts = -lasts
    if abs(lasts) > LONGEST_DURATION:
        raise ValueError("longer than anything lasts")
    return lasts


def span(value: str) -> Span:
    """A PERIOD (RFC 5545, 3.3.9). Raises `ValueError`."""
    start, slash, rest = value.partition("/")
    if not slash:
        raise ValueError("no period")
    if rest.strip().upper().startswith(("P", "+P", "-P")):
        return Span(written(start), lasts=duration(rest))
    return Span(written(start), end=written(rest))


def instant(value: str) -> datetime | None:
    """A time stamp (CREATED, LAST-MODIFIED) → an instant; those without zone are meant in UTC.
    None for what is none, or lies before anyone wrote calendars."""
    try:
        found = written(value)
    except (ValueError, OverflowError):
        return None
    if not isinstance(found.at, datetime) or found.at.year < 1990:
        return None
    return found.at.replace(tzinfo=UTC)
