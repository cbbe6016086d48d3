"""An IANA time zone → the observances of a VTIMEZONE (RFC 5545, 3.6.5), as zoneinfo knows it. Pure.

What the zone did or does for years on end becomes a yearly rule, the last one without an end. What
follows no simple rhythm (Ramadan, decrees) is stated change by change. Told from 1970 on, and up
to 2037, beyond which many clients cannot count.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, takewhile
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

FIRST: Final = 1970
LAST: Final = 2037
ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""From when on a zone that never changes is described, in its own wall time."""
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_STEP: Final = timedelta(days=9)
"""Shorter than any observance that a zone has had."""
_RUN: Final = 4
"""Years of the same rule that are worth a rule with an end."""
_ENOUGH: Final = 12
"""Years in which a rule must hold to go on for ever, so that the fourth Sunday is told from the
last."""
_DAY: Final = timedelta(days=1)
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
    changes = sorted(_changes(info), key=lambda change: (change.kind, change.wall))
    found = [_opening(info)]
    for _, same in groupby(changes, lambda change: change.kind):
        found += _told(tuple(same))
    return tuple(found)


def _opening(info: ZoneInfo) -> Observance:
    """What holds before the first change."""
    state = _state(info, datetime(FIRST, 1, 1, tzinfo=UTC))
    return Observance(
        daylight=False,
        before=state.offset,
        after=state.offset,
        name=state.name,
        onsets=(ALWAYS,),
    )


def _told(changes: Sequence[_Change]) -> Iterator[Observance]:
    """Changes of one kind → as few observances as tell them all."""
    single: list[_Change] = []
    at = 0
    while at < len(changes):
        position, length = _run(changes[at:])
        last = changes[at + length - 1]
        ends = last.wall.year < LAST
        if length >= (_RUN if ends else _ENOUGH):
            yield _stated(changes[at : at + 1], _rule(last, position, ends=ends))
            at += length
        else:
            single.append(changes[at])
            at += 1
    if single:
        yield _stated(single, None)


def _stated(changes: Sequence[_Change], rule: str | None) -> Observance:
    first = changes[0]
    return Observance(
        daylight=first.daylight,
        before=first.before,
        after=first.after,
        name=first.name,
        onsets=tuple(change.wall for change in changes),
        rule=rule,
    )


def _run(changes: Sequence[_Change]) -> tuple[int, int]:
    """How many of the changes, from the first on, come year by year at the same weekday of the
    month, and at which one (-1: the last)."""
    first = changes[0].wall
    best = (0, 0)
    for position in (-1, 1, 2, 3, 4):
        wanted = (_onset(first, position, first.year + n) for n in range(len(changes)))
        met = takewhile(lambda pair: pair[0].wall == pair[1], zip(changes, wanted, strict=True))
        best = max(best, (sum(1 for _ in met), position), key=lambda found: found[0])
    return best[1], best[0]


def _rule(last: _Change, position: int, *, ends: bool) -> str:
    wall = last.wall
    rule = f"FREQ=YEARLY;BYMONTH={wall.month};BYDAY={position}{WEEKDAYS[wall.weekday()]}"
    # A day later, as some readers compare UNTIL, an instant, with wall times.
    return f"{rule};UNTIL={wall - last.before + _DAY:%Y%m%dT%H%M%SZ}" if ends else rule


def _changes(info: ZoneInfo) -> Iterator[_Change]:
    """Every change from the beginning of 1970 to the end of 2037."""
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


def _onset(like: datetime, position: int, year: int) -> datetime:
    """The position-th weekday (as `like`'s) of the month in a year, at the same hour."""
    first = like.replace(year=year, day=1)
    day = first + timedelta(days=(like.weekday() - first.weekday()) % 7)
    if position > 0:
        return day + timedelta(weeks=position - 1)
    while (day + timedelta(weeks=1)).month == like.month:
        day += timedelta(weeks=1)
    return day
