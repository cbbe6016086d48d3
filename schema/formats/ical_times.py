"""Dates and times as iCalendar writes them (RFC 5545, 3.3.4 and 3.3.5). Pure.

A time is a wall time with the name of its zone, or in UTC; a floating one is never written. Times
come in as ISO 8601 texts (the form they are stored in: the wall time first, then an offset that
the zone says anyway) or as naive values.
"""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

DATE: Final = len("2026-03-29")
SECONDS: Final = len("2026-03-29T19:00:00")
_OTHER_NAMES: Final = (
    "UTC",
    "UCT",
    "GMT",
    "GMT0",
    "GMT+0",
    "GMT-0",
    "Universal",
    "Zulu",
    "Greenwich",
)
UTC_NAMES: Final = frozenset(_OTHER_NAMES) | {f"Etc/{name}" for name in _OTHER_NAMES}
"""Zones that are UTC under another name; their times are written with a Z."""


@lru_cache(maxsize=64)
def stamp(moment: datetime) -> str:
    """An instant (aware) → `20260329T170000Z`. What is written together has the same one."""
    return compact(moment.astimezone(UTC).isoformat()) + "Z"


def compact(iso: str) -> str:
    """The date or wall time of an ISO text: `20260329`, `20260329T190000`."""
    return iso[:SECONDS].replace("-", "").replace(":", "")


def timed(name: str, iso: str, zone: str) -> str:
    """A property (DTSTART, EXDATE …) that holds a date or a wall time in a zone."""
    if len(iso) == DATE:
        return f"{name};VALUE=DATE:{compact(iso)}"
    if zone in UTC_NAMES:
        return f"{name}:{compact(iso)}Z"
    return f"{name};TZID={zone}:{compact(iso)}"


def at(name: str, start: date, zone: str) -> str:
    """As `timed`, for a date or a naive wall time."""
    return timed(name, start.isoformat(), zone)


def names_zone(iso: str, zone: str) -> bool:
    """Whether `timed` writes the zone's name, so that the calendar must describe it."""
    return len(iso) != DATE and zone not in UTC_NAMES
