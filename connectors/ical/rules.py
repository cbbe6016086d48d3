"""A calendar's own time zone (VTIMEZONE) → the IANA zone that has the same rules. Pure.

RFC 5545, 3.6.5. Only what real zones are made of is followed: yearly rules and listed dates; so
no rule here can cost time. The rules are compared around the years of the event, else in a year
of today, since many calendars write the rules of today for all times.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from dateutil.rrule import rrulestr

from connectors.ical.lines import Properties, dated, properties
from connectors.ical.values import written
from connectors.ical.zones import fixed, zone_of

TODAY: Final = 2025
"""A year whose rules hold still."""
_HINTS: Final = ("X-LIC-LOCATION", "TZID-ALIAS-OF", "X-MICROSOFT-CDO-TZNAME", "TZID")
_USUAL: Final = """
    Europe/Berlin Europe/London Europe/Lisbon Europe/Vilnius Europe/Athens Europe/Moscow
    Europe/Istanbul Atlantic/Azores Atlantic/Reykjavik America/New_York America/Chicago
    America/Denver America/Los_Angeles America/Sao_Paulo Asia/Bangkok Asia/Kolkata Asia/Shanghai
    Asia/Tokyo Asia/Dubai Australia/Sydney Australia/Brisbane Pacific/Auckland
"""
_FOLLOWED: Final = frozenset({"FREQ", "BYMONTH", "BYDAY", "BYMONTHDAY", "UNTIL"})
_OFFSET: Final = re.compile(r"([+-]?)(\d\d):?(\d\d)(?::?(\d\d))?")
_MOST: Final = 200
_LONGEST_RULE: Final = 200


@dataclass(frozen=True, slots=True)
class Change:
    """From this wall time (of the offset before) on, the offset is another."""

    wall: datetime
    before: timedelta
    after: timedelta

    @property
    def at(self) -> datetime:
        """The instant, in UTC."""
        return (self.wall - self.before).replace(tzinfo=UTC)


@lru_cache(maxsize=256)
def zone_like(text: str, year: int, preferred: str) -> str | None:
    """A VTIMEZONE's lines → the zone that has the same rules in the year of the event or now:
    the one that it names itself, the preferred one, a usual one, any; None where no zone has."""
    component = properties(text)
    hints = [zone for name in _HINTS if (zone := zone_of(component.text(name)))]
    for of in dict.fromkeys((year, TODAY)):
        said = _said(component, of)
        if not said:
            continue
        for candidate in dict.fromkeys((*hints, preferred, *_fixed(said), *_USUAL.split())):
            if _has(candidate, said):
                return candidate
        found = next((name for name in sorted(available_timezones()) if _has(name, said)), None)
        if found is not None:
            return found
    return hints[0] if hints else None


@lru_cache(maxsize=4_096)
def offset_at(text: str, wall: datetime) -> timedelta | None:
    """How far a VTIMEZONE is east of UTC at a wall time; None where it does not say."""
    changes = _changes(properties(text), wall.year)
    if not changes:
        return None
    begun = [change for change in changes if change.wall <= wall]
    return begun[-1].after if begun else changes[0].before


def _said(component: Properties, year: int) -> dict[datetime, timedelta]:
    """Instants around each change of a year and the next, and in each quarter → the offset."""
    changes = _changes(component, year)
    if not changes:
        return {}
    asked = [
        datetime(y, month, 15, tzinfo=UTC) for y in (year, year + 1) for month in (1, 4, 7, 10)
    ]
    near = [change.at for change in changes if year <= change.wall.year <= year + 1]
    asked += [at + step for at in near for step in (timedelta(hours=-1), timedelta(hours=1))]
    return {at: _offset(changes, at) for at in asked}


def _offset(changes: list[Change], at: datetime) -> timedelta:
    begun = [change for change in changes if change.at <= at]
    return begun[-1].after if begun else changes[0].before


def _has(zone: str, said: dict[datetime, timedelta]) -> bool:
    try:
        rules = ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return all(at.astimezone(rules).utcoffset() == offset for at, offset in said.items())


def _fixed(said: dict[datetime, timedelta]) -> list[str]:
    """The zone without changes, where there are none."""
    offsets = set(said.values())
    if len(offsets) != 1:
        return []
    zone = fixed(int(offsets.pop().total_seconds() // 60))
    return [zone] if zone else []


def _changes(component: Properties, year: int) -> list[Change]:
    """Every change that bears on a year and the next, in order."""
    found = {
        (change.wall, change.after): change
        for kind in ("STANDARD", "DAYLIGHT")
        for part in component.inside.get(kind, [])
        for change in _changes_of(part, year)
    }
    return sorted(found.values(), key=lambda change: change.at)


def _changes_of(part: Properties, year: int) -> Iterator[Change]:
    """The changes that one STANDARD or DAYLIGHT says; none where it cannot be read."""
    before, after = _east(part.value("TZOFFSETFROM")), _east(part.value("TZOFFSETTO"))
    if after is None:
        return
    for wall in _onsets(part, year):
        if (wall.year, wall.month) > (1, 1):  # else the instant may lie before all time
            yield Change(wall, after if before is None else before, after)


def _onsets(part: Properties, year: int) -> Iterator[datetime]:
    try:
        start = written(part.value("DTSTART")).at
    except ValueError:
        return
    if not isinstance(start, datetime):
        return
    rule = part.value("RRULE")
    if rule:
        yield from _yearly(rule, start, year)
        return
    yield start
    for _, value in islice(dated(part.all("RDATE")), _MOST):
        try:
            at = written(value.partition("/")[0]).at
        except ValueError:
            continue
        if isinstance(at, datetime):
            yield at


def _yearly(rule: str, start: datetime, year: int) -> Iterator[datetime]:
    """The onsets of a yearly rule from the year before up to the one behind the next."""
    parts = dict(part.split("=", 1) for part in rule.upper().split(";") if "=" in part)
    if parts.get("FREQ") != "YEARLY" or len(rule) > _LONGEST_RULE:
        yield start
        return
    until = parts.pop("UNTIL", "")
    kept = ";".join(f"{name}={value}" for name, value in parts.items() if name in _FOLLOWED)
    first = max(start, _in_year(start, max(year - 1, start.year)))
    last = datetime.combine(date(min(year + 2, 9998), 12, 31), time.min)
    if until:
        try:
            ends = written(until).at
        except ValueError:
            ends = last
        # UNTIL is an instant, the onsets are wall times: a day of slack can hold no second one.
        limit = ends if isinstance(ends, datetime) else datetime.combine(ends, time.min)
        last = min(last, limit + timedelta(days=1))
    if first > last:
        yield from _last_of(kept, start, last)
        return
    try:
        yield from rrulestr(kept, dtstart=first, ignoretz=True).between(first, last, inc=True)
    except (ValueError, KeyError, IndexError, TypeError, OverflowError):
        yield start


def _last_of(rule: str, start: datetime, last: datetime) -> Iterator[datetime]:
    """The last onset of a rule that ended long ago."""
    first = max(start, _in_year(start, last.year - 1))
    try:
        yield from rrulestr(rule, dtstart=first, ignoretz=True).between(first, last, inc=True)
    except (ValueError, KeyError, IndexError, TypeError, OverflowError):
        yield start


def _in_year(start: datetime, year: int) -> datetime:
    """The first of the same month in another year: no rule's date lies before it."""
    return start.replace(year=min(max(year, 1), 9998), day=1)


def _east(text: str) -> timedelta | None:
    found = _OFFSET.fullmatch(text.strip())
    if found is None:
        return None
    lasts = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return -lasts if found[1] == "-" else lasts
