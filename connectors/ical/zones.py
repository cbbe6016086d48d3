"""Names of time zones as calendars write them → IANA zones. Pure.

IANA names (in any case, with prefixes of producers), Windows' names, Outlook's display texts
such as `(UTC+01:00) Amsterdam, Berlin, Bern`, and offsets. What a name does not say, a VTIMEZONE
may: `rules.py`.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from schema.when import is_zone

_UTC: Final = frozenset(
    {"utc", "z", "gmt", "zulu", "etc/utc", "etc/gmt", "coordinated universal time"}
)
_OFFSET: Final = re.compile(r"(?:utc|gmt|etc/gmt)?\s?([+-])(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)
_DISPLAYED: Final = re.compile(
    r"\((?:utc|gmt)\s?([+-]\d\d?[:.]?\d\d)?\)\s?(.{1,200})", re.IGNORECASE
)
_CITIES: Final = {
    "amsterdam": "Europe/Berlin",
    "berlin": "Europe/Berlin",
    "bern": "Europe/Berlin",
    "rom": "Europe/Berlin",
    "stockholm": "Europe/Berlin",
    "wien": "Europe/Berlin",
    "brüssel": "Europe/Paris",
    "kopenhagen": "Europe/Paris",
    "belgrad": "Europe/Budapest",
    "prag": "Europe/Budapest",
    "warschau": "Europe/Warsaw",
    "athen": "Europe/Bucharest",
    "bukarest": "Europe/Bucharest",
    "kiew": "Europe/Kyiv",
    "wilna": "Europe/Vilnius",
    "vilnius": "Europe/Vilnius",
    "helsinki": "Europe/Helsinki",
    "lissabon": "Europe/Lisbon",
    "edinburgh": "Europe/London",
    "moskau": "Europe/Moscow",
    "beijing": "Asia/Shanghai",
    "mumbai": "Asia/Kolkata",
    "chennai": "Asia/Kolkata",
}
"""What Outlook calls places of a zone, where that is no name of the zone database."""
_NAMED: Final = {
    "central european time": "Europe/Berlin",
    "mitteleuropäische zeit": "Europe/Berlin",
    "mez": "Europe/Berlin",
    "cet/cest": "Europe/Berlin",
    "us-eastern": "America/New_York",
    "us-central": "America/Chicago",
    "us-mountain": "America/Denver",
    "us-pacific": "America/Los_Angeles",
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
}
LONGEST: Final = 300
"""Characters of a name; more is none."""


@lru_cache(maxsize=1024)
def zone_of(name: str) -> str | None:
    """A TZID → the IANA zone that it names, or None."""
    bare = name.strip().strip("\"'").strip().removeprefix("tzone://Microsoft/")
    if not bare or len(bare) > LONGEST:
        return None
    return _iana(bare) or _windows(bare) or _offset(bare) or _displayed(bare)


@lru_cache(maxsize=256)
def have_same_rules(one: str, other: str) -> bool:
    """Whether two zones show the same time all through these years."""
    days = (datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(0, 1461, 3))
    first, second = ZoneInfo(one), ZoneInfo(other)
    return all(
        day.astimezone(first).utcoffset() == day.astimezone(second).utcoffset() for day in days
    )


@cache
def _folded() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if name != "localtime"}


@cache
def _windows_folded() -> dict[str, str]:
    return {name.lower(): zone for name, zone in WINDOWS_TO_OLSON.items()}


@cache
def _by_city() -> dict[str, str]:
    cities = {
        name.rpartition("/")[2].replace("_", " ").lower(): name for name in _folded().values()
    }
    return {**cities, **_CITIES}


def _iana(name: str) -> str | None:
    """`Europe/Berlin`, also behind the prefixes of Mozilla, Olson and Evolution
    (`/freeassociation.sourceforge.net/Tzfile/Europe/Berlin`)."""
    if name.lower() in _UTC:
        return "UTC"
    parts = name.replace(" ", "_").lower().strip("/").split("/")
    for start in range(max(0, len(parts) - 3), len(parts)):
        if start and len(parts) - start < 2:
            break
        found = _folded().get("/".join(parts[start:]))
        if found and is_zone(found):
            return found
    return None


def _windows(name: str) -> str | None:
    low = name.lower().removesuffix(" (us & canada)").removesuffix(" time zone")
    if low.endswith(" time") and not low.endswith(
        ("standard time", "daylight time", "summer time")
    ):
        low = f"{low.removesuffix(' time')} standard time"
    zone = (
        _windows_folded().get(low)
        or _windows_folded().get(f"{low} standard time")
        or _NAMED.get(low)
    )
    if zone is None and low.endswith((" daylight time", " summer time")):
        zone = _windows_folded().get(f"{low.rsplit(' ', 2)[0]} standard time")
    return zone if zone and is_zone(zone) else None


def _offset(name: str) -> str | None:
    found = _OFFSET.fullmatch(name)
    if found is None:
        return None
    east = found[1] == "+"
    if name.lower().startswith("etc/"):
        east = not east
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    return fixed(minutes if east else -minutes)


def _displayed(name: str) -> str | None:
    """`(UTC+01:00) Amsterdam, Berlin, …` → the zone of the first place that is known."""
    found = _DISPLAYED.fullmatch(name)
    if found is None:
        return None
    for place in found[2].replace("/", ",").split(","):
        words = place.strip().lower()
        zone = _by_city().get(words) or _windows(words)
        if zone and is_zone(zone):
            return zone
    return _offset(found[1].replace(".", ":")) if found[1] else "UTC"


def fixed(minutes: int) -> str | None:
    """Minutes east of UTC → the zone that is always there: whole hours only, and `Etc/GMT` counts
    the other way round."""
    hours, rest = divmod(abs(minutes), 60)
    if rest:
        return None
    if not hours:
        return "UTC"
    zone = f"Etc/GMT{'-' if minutes > 0 else '+'}{hours}"
    return zone if is_zone(zone) else None
