"""What each of the fake city's calendars holds in any minute of its life. Pure.

Every idea comes once in eight weeks; a calendar knows the next eight. In turns its entries are
edited, moved, called off and reinstated, or taken out for a while, and now and then something is
announced at short notice. What has begun changes no more; what is over stays as long as the
calendar keeps it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from functools import lru_cache
from hashlib import blake2b
from typing import Final
from zoneinfo import ZoneInfo

from api.demo.changes import Life
from api.demo.programme import ROUND, Idea, ideas, spontaneous
from api.demo.series import Occasion, Series, occasions, series_of

ZONE: Final = ZoneInfo("Europe/Berlin")
KEPT: Final = {"klima": 30, "verein": 30, "rathaus": 0, "quartier": 0}
"""Calendar → days that it still lists what is over."""
TURN: Final = 20
"""Minutes until it is an entry's turn again."""
NOTICE: Final = 30
"""Minutes between a spontaneous announcement and what it announces, at least."""
SPONTANEOUS: Final = 12
"""Minutes between two announcements of one calendar."""
DAY: Final = timedelta(days=1)
MINUTE: Final = timedelta(minutes=1)
QUARTER: Final = 15 * MINUTE
SHIFTS: Final = (timedelta(), timedelta(hours=1), DAY)


class Fate(Enum):
    """What happens to an entry whenever it is its turn."""

    EDITED = auto()
    MOVED = auto()
    CALLED_OFF = auto()
    TAKEN_OUT = auto()
    STEADY = auto()


FATES: Final = (*Fate, Fate.EDITED, Fate.MOVED, Fate.CALLED_OFF, Fate.STEADY, Fate.STEADY)
"""Dealt out in this order, again and again."""
WITHOUT_ID: Final = {"verein"}
"""Calendars whose entries cannot be told apart once they are moved: they move none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An entry as a calendar lists it: wall times in the city, or dates; `end` is exclusive."""

    number: int
    idea: Idea
    start: datetime | date
    end: datetime | date
    text: str
    called_off: bool = False
    created: int
    changed: int
    """Unix seconds."""
    sequence: int = 0
    series: Series | None = None
    occasions: tuple[Occasion, ...] = ()
    """Where a series departs from its rule."""


@dataclass(frozen=True, slots=True)
class _Turns:
    """How often it was an entry's turn, and in which minute last."""

    count: int
    last: int


@lru_cache(maxsize=16)
def happenings_at(life: Life, minute: int, calendar: str) -> tuple[Happening, ...]:
    """What the calendar lists in that minute, by date."""
    now = wall(life.stamp(minute))
    listed = [*_planned(life, minute, calendar), *_announced(life, minute, calendar)]
    kept = timedelta(days=KEPT[calendar])
    shown = (one for one in listed if one.series or _moment(one.end) + kept > now)
    return tuple(sorted(shown, key=lambda one: (_moment(one.start), one.number)))


def wall(stamp: int) -> datetime:
    """Unix seconds → naive wall time in the city."""
    return datetime.fromtimestamp(stamp, ZONE).replace(tzinfo=None)


def _moment(day: datetime | date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time.min)


def _planned(life: Life, minute: int, calendar: str) -> Iterator[Happening]:
    for idea in ideas(calendar):
        position = _deal(life.seed, calendar)[idea.number]
        if idea.every:
            yield _series(life, minute, idea, position)
            continue
        for edition in _editions(life, minute, idea):
            if happening := _as_of(life, minute, _first(life, idea, edition), position):
                yield happening


@lru_cache(maxsize=16)
def _deal(seed: int, calendar: str) -> dict[int, int]:
    """Number of an idea → its position in an order that only the seed decides."""

    def luck(idea: Idea) -> bytes:
        return blake2b(f"{seed}:{idea.number}".encode()).digest()

    shuffled = sorted(ideas(calendar), key=luck)
    return {idea.number: position for position, idea in enumerate(shuffled)}


def _monday(life: Life) -> date:
    born = wall(life.birth).date()
    return born - born.weekday() * DAY


def _editions(life: Life, minute: int, idea: Idea) -> range:
    """The rounds in which the idea may be listed: begun a round ago, or within the next."""
    passed = (wall(life.stamp(minute)).date() - _monday(life)).days - idea.day
    return range(-(-passed // ROUND) - 1, passed // ROUND + 2)


def _first(life: Life, idea: Idea, edition: int) -> Happening:
    """How an entry is entered: before the day on which it comes into a calendar's sight."""
    day = _monday(life) + (idea.day + edition * ROUND) * DAY
    start = datetime.combine(day, idea.at) if idea.at else day
    entered = _entered(life, idea, idea.day + (edition - 1) * ROUND)
    return Happening(
        number=idea.number * 1000 + 100 + edition,
        idea=idea,
        start=start,
        end=start + (idea.minutes * MINUTE or idea.days * DAY),
        text=idea.text,
        created=entered,
        changed=entered,
    )


def _entered(life: Life, idea: Idea, day: int) -> int:
    """Unix seconds, in the fortnight before a day after the birth's Monday."""
    return life.birth + (day - 14) * 86_400 + idea.number * 977


def _turns(position: int, minute: int) -> _Turns:
    """Of the minutes 1 to `minute`."""
    turn = 7 * position % TURN
    count = (max(minute, 0) - turn) // TURN + (turn > 0)
    return _Turns(count, turn + TURN * (count - (turn > 0)))


def _fate(idea: Idea, position: int) -> Fate:
    fate = FATES[position % len(FATES)]
    firm = idea.calendar in WITHOUT_ID and fate in {Fate.MOVED, Fate.CALLED_OFF}
    return Fate.STEADY if firm else fate


def _as_of(life: Life, minute: int, first: Happening, position: int) -> Happening | None:
    """The entry after all its turns, the last of them an hour before it begins."""
    begins = (_moment(first.start) - wall(life.birth)) // MINUTE
    turns = _turns(position, min(minute, begins - 60))
    fate = _fate(first.idea, position)
    if turns.count < 1 or fate is Fate.STEADY:
        return first
    if fate is Fate.TAKEN_OUT:
        return None if turns.count % 2 else first
    changed = replace(first, changed=life.stamp(turns.last), sequence=turns.count)
    match fate:
        case Fate.MOVED:
            shift = SHIFTS[turns.count % len(SHIFTS)]
            return replace(changed, start=first.start + shift, end=first.end + shift)
        case Fate.CALLED_OFF:
            return replace(changed, called_off=turns.count % 2 == 1)
        case _:
            return replace(changed, text=_edited(first.text, turns.last))


def _edited(text: str, minute: int) -> str:
    return f"{text} Bitte vorher anmelden (Stand {minute})."


def _series(life: Life, minute: int, idea: Idea, position: int) -> Happening:
    """A series began eight weeks before the city; its turns are its next occasion's."""
    series = series_of(idea, _monday(life) - ROUND * DAY)
    fate, turns = _fate(idea, position), _turns(position, minute)
    born = wall(life.birth)

    def turns_of(before: datetime, start: datetime) -> int:
        """How often it was the series' turn while this occasion was the next one."""
        until = _turns(position, min(minute, (start - born) // MINUTE - 60))
        return until.count - _turns(position, (before - born) // MINUTE - 60).count

    entered = _entered(life, idea, -ROUND)
    changed = turns.last if turns.count and fate is not Fate.STEADY else None
    return Happening(
        number=idea.number * 1000,
        idea=idea,
        start=series.start,
        end=series.start + idea.minutes * MINUTE,
        text=_edited(idea.text, turns.last) if fate is Fate.EDITED and changed else idea.text,
        created=entered,
        changed=entered if changed is None else life.stamp(changed),
        sequence=0 if changed is None else turns.count,
        series=series,
        occasions=occasions(
            series,
            wall(life.stamp(minute)),
            turns_of if fate in {Fate.MOVED, Fate.CALLED_OFF} else lambda *_: 0,
        ),
    )


def _announced(life: Life, minute: int, calendar: str) -> Iterator[Happening]:
    """What was announced at short notice in the last days; each calendar in minutes of its own."""
    idea = spontaneous(calendar)
    turn = 3 * list(KEPT).index(calendar) + 1
    longest = NOTICE + 15 + idea.minutes
    for said in range(max(1, minute - longest), minute + 1):
        if said % SPONTANEOUS == turn:
            yield _announcement(idea, life.stamp(said), said)


def _announcement(idea: Idea, stamp: int, said: int) -> Happening:
    soon = wall(stamp) + NOTICE * MINUTE
    late = (soon - datetime.combine(soon.date(), time.min)) % QUARTER
    start = soon + (QUARTER - late if late else timedelta())
    return Happening(
        number=idea.number * 1_000_000 + said,
        idea=idea,
        start=start,
        end=start + idea.minutes * MINUTE,
        text=idea.text,
        created=stamp,
        changed=stamp,
    )
