"""Series of the fake city's calendars: their rule, and where they depart from it. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto
from itertools import pairwise
from typing import Final

from api.demo.programme import Idea

DAY: Final = timedelta(days=1)
SIGHT: Final = 60 * DAY
"""How far back and ahead a calendar says what departs from the rule."""
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEK: Final = 7
CYCLE: Final = 7
"""Every so many occasions the same departures come again."""


class Departure(Enum):
    """How one occasion differs from the rule."""

    LEFT_OUT = auto()
    LATER = auto()
    CALLED_OFF = auto()


BY_RULE: Final = {2: Departure.LEFT_OUT, 4: Departure.LATER, 6: Departure.CALLED_OFF}


@dataclass(frozen=True, slots=True)
class Occasion:
    """An occasion that departs from its series, by the start it should have had."""

    start: datetime
    departure: Departure


@dataclass(frozen=True, slots=True)
class Series:
    """The first start, and how it goes on: `every` week, fortnight or month."""

    start: datetime
    every: str

    @property
    def rule(self) -> str:
        """As iCalendar writes it."""
        day = DAYS[self.start.weekday()]
        if self.every == "month":
            return f"FREQ=MONTHLY;BYDAY={_which(self.start)}{day}"
        interval = "INTERVAL=2;" if self.every == "fortnight" else ""
        return f"FREQ=WEEKLY;{interval}BYDAY={day}"

    def starts(self, until: datetime) -> Iterator[datetime]:
        """Every start up to a wall time."""
        start = self.start
        step = 1 if self.every == "week" else 2
        while start <= until:
            if self.every != "month" or _which(start) == _which(self.start):
                yield start
            start += (1 if self.every == "month" else step) * WEEK * DAY


def _which(day: date) -> int:
    """The how manieth such weekday of its month a day is."""
    return (day.day - 1) // WEEK + 1


def series_of(idea: Idea, monday: date) -> Series:
    """The series of an idea that has its first start on or after its day after a Monday.

    The fifth Saturday is none of a month's, so a monthly series waits for the first four.
    """
    start = datetime.combine(monday + idea.day * DAY, idea.at or datetime.min.time())
    if idea.every == "month" and _which(start) > len(DAYS) // 2 + 1:
        start += WEEK * DAY
    return Series(start, idea.every or "week")


def occasions(
    series: Series, now: datetime, turns: Callable[[datetime, datetime], int]
) -> tuple[Occasion, ...]:
    """What departs from the rule around `now`; `turns` says how often it was the turn of the
    occasion that comes after one start and is the other: odd turns call it off."""
    found = []
    for number, (before, start) in enumerate(pairwise(series.starts(now + SIGHT)), 1):
        departure = BY_RULE.get(number % CYCLE)
        if departure is None and turns(before, start) % 2:
            departure = Departure.CALLED_OFF
        if departure and start >= now - SIGHT:
            found.append(Occasion(start, departure))
    return tuple(found)
