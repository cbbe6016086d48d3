"""An IANA time zone → the observances of a VTIMEZONE (RFC 5545, 3.6.5), as zoneinfo knows it. Pure.

What the zone does every year since some year becomes one yearly rule an observance; what it did
before, since 2010, or does in no simple rhythm (Ramadan, decrees), is stated change by change up
to 2037, beyond which many clients cannot count. A zone without changes has one observance.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

FIRST: Final = 2010
LAST: Final = 2037
ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""From when on a zone that never changes is described, in its own wall time."""
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_STEP: Final = timedelta(days=9)
"""Shorter than any observance that a zone has had."""
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observance:
    """STANDARD or DAYLIGHT. `onsets` are wall times in the offset before; the first is DTSTART,
    further ones are RDATEs. `rule` is an RRULE's value."""

    daylight: bool
    before: timedelta
    after: timedelta
    name: str
    onsets: tuple[datetime, ...]
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of a zone's offset, name or season; `wall` in the offset before it."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str
    daylight: bool

    @property
    def kind(self) -> tuple[bool, timedelta, timedelta, str]:
        return (self.daylight, self.before, self.after, self.name)


def observances(zone: str) -> tuple[Observance, ...]:
    """What a VTIMEZONE of the zone states. Raises `KeyError` for a name that is no zone."""
    info = ZoneInfo(zone)
    changes = tuple(_changes(info))
    yearly = _yearly(changes)
    since = min((each[0].wall.year for each, _ in yearly), default=LAST + 1)
    earlier = [change for change in changes if change.wall.year < since]
    found = [_opening(info, needed=bool(earlier) or not yearly)]
    for _, same in groupby(sorted(earlier, key=lambda change: change.kind), lambda c: c.kind):
        found.append(_stated(tuple(same), None))
    found += [_stated(each, rule) for each, rule in yearly]
    return tuple(observance for observance in found if observance is not None)


def _stated(changes: Sequence[_Change], rule: str | None) -> Observance:
    first = changes[0]
    onsets = tuple(change.wall for change in changes)
    if rule is not None:
        onsets = (onsets[0] if first.wall.year > FIRST else _since_1970(first.wall, rule),)
    return Observance(
        daylight=first.daylight,
        before=first.before,
        after=first.after,
        name=first.name,
        onsets=onsets,
        rule=rule,
    )


def _opening(info: ZoneInfo, *, needed: bool) -> Observance | None:
    """What holds before the first change; nothing where yearly rules hold since 1970."""
    if not needed:
        return None
    state = _state(info, datetime(FIRST, 1, 1, tzinfo=UTC))
    return Observance(
        daylight=False,
        before=state.offset,
        after=state.offset,
        name=state.name,
        onsets=(ALWAYS,),
    )


def _changes(info: ZoneInfo) -> Iterator[_Change]:
    """Every change from the beginning of 2010 to the end of 2037."""
    at, end = datetime(FIRST, 1, 1, tzinfo=UTC), datetime(LAST + 1, 1, 1, tzinfo=UTC)
    while at < end:
        following = min(at + _STEP, end)
        if _state(info, at) != _state(info, following):
            change = _change(info, at, following)
            if change.before != change.after or change.name != _state(info, at).name:
                yield change
        at = following


class _State(NamedTuple):
    offset: timedelta
    season: timedelta
    name: str


def _state(info: ZoneInfo, moment: datetime) -> _State:
    local = moment.astimezone(info)
    return _State(
        local.utcoffset() or timedelta(), local.dst() or timedelta(), local.tzname() or ""
    )


def _change(info: ZoneInfo, before: datetime, after: datetime) -> _Change:
    """The one change between two instants, to the second. Where the season changes, the side with
    the later clock is DAYLIGHT, whatever the country calls it (Ireland: winter time)."""
    old = _state(info, before)
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if _state(info, middle) == old:
            before = middle
        else:
            after = middle
    new = _state(info, after)
    wall = (after + old.offset).replace(tzinfo=None)
    seasonal = bool(old.season) != bool(new.season)
    daylight = new.offset > old.offset if seasonal else new.season > timedelta()
    return _Change(wall, old.offset, new.offset, new.name, daylight)


def _yearly(changes: Sequence[_Change]) -> tuple[tuple[tuple[_Change, ...], str], ...]:
    """The changes that come every year up to the last one, with their rule: two or none."""
    kinds = {change.kind for change in changes if change.wall.year == LAST}
    found = []
    for kind in sorted(kinds):
        same = [change for change in changes if change.kind == kind]
        rule, length = _rule(same)
        if rule is None:
            return ()
        found.append((tuple(same[-length:]), rule))
    if len(found) != 2:
        return ()
    since = max(each[0].wall.year for each, _ in found)
    return tuple((_from(each, since), rule) for each, rule in found)


def _from(changes: Sequence[_Change], year: int) -> tuple[_Change, ...]:
    return tuple(change for change in changes if change.wall.year >= year)


_ENOUGH: Final = 12
"""Years in which a rule must hold, so that the fourth Sunday is told from the last."""


def _rule(changes: Sequence[_Change]) -> tuple[str | None, int]:
    """Changes → the yearly rule that gives the newest of them, and how many it gives."""
    newest = changes[-1].wall
    best: tuple[str | None, int] = (None, 0)
    for position in (-1, 1, 2, 3, 4):
        length = 0
        for later, change in enumerate(reversed(changes)):
            if change.wall != _onset(newest, position, LAST - later):
                break
            length += 1
        if length > best[1]:
            day = f"{position}{WEEKDAYS[newest.weekday()]}"
            best = (f"FREQ=YEARLY;BYMONTH={newest.month};BYDAY={day}", length)
    return best if best[1] >= _ENOUGH else (None, 0)


def _onset(like: datetime, position: int, year: int) -> datetime:
    """The position-th weekday (as `like`'s) of the month in a year, at the same hour."""
    first = like.replace(year=year, day=1)
    day = first + timedelta(days=(like.weekday() - first.weekday()) % 7)
    if position > 0:
        return day + timedelta(weeks=position - 1)
    while (day + timedelta(weeks=1)).month == like.month:
        day += timedelta(weeks=1)
    return day


def _since_1970(like: datetime, rule: str) -> datetime:
    position = int(rule.rpartition("BYDAY=")[2][:-2])
    return _onset(like, position, ALWAYS.year)
