"""iCalendar's lines, written by hand for the fake city's calendars: folded, escaped, ended."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Final

WIDTH: Final = 74
CALENDAR: Final = "text/calendar; charset=utf-8"


def written(lines: Iterable[str]) -> bytes:
    """Lines → a document; what is longer than 75 bytes goes on in the next line."""
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _folded(line: str) -> Iterator[str]:
    part, room = "", WIDTH
    for letter in line:
        room -= len(letter.encode())
        if room < 0:
            yield part
            part, room = " ", WIDTH - 1 - len(letter.encode())
        part += letter
    yield part


def escaped(text: str) -> str:
    """A text as a property's value."""
    for raw, safe in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(raw, safe)
    return text


def utc(stamp: int) -> str:
    """Unix seconds → `20261201T180000Z`."""
    return f"{datetime.fromtimestamp(stamp, UTC):%Y%m%dT%H%M%SZ}"


def local(day: datetime | date) -> str:
    """Wall time or date → `20261201T180000` or `20261201`."""
    return f"{day:%Y%m%dT%H%M%S}" if isinstance(day, datetime) else f"{day:%Y%m%d}"


def dated(name: str, day: datetime | date, zone: str) -> str:
    """A property that holds a date, or a wall time in a zone."""
    timed = f";TZID={zone}" if isinstance(day, datetime) else ";VALUE=DATE"
    return f"{name}{timed}:{local(day)}"
