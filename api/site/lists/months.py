"""A month as a table of weeks that begin on Monday, and what takes place on each day. Pure."""

import re
from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Generic, TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")
MONTH: Final = re.compile(r"[0-9]{4}-[0-9]{2}")
MOMENT: Final = timedelta(microseconds=1)
FIRST: Final = date(1, 2, 1)
LAST: Final = date(9998, 12, 1)
"""The months there are pages of: the ones with a month on either side."""


@dataclass(frozen=True, slots=True)
class Spread(Generic[T]):
    """Something that takes place from one day to another, both included."""

    first: date
    last: date
    what: T


@dataclass(frozen=True, slots=True)
class Cell(Generic[T]):
    """A day of the month and what takes place on it, by start."""

    day: date
    on: tuple[Spread[T], ...]


@dataclass(frozen=True, slots=True)
class Week(Generic[T]):
    """A week: its number (ISO 8601) and its seven days; None: of another month."""

    number: int
    days: tuple[Cell[T] | None, ...]


def month_of(text: str) -> date:
    """A month as "2026-11" → its first day. Raises `ValueError` for what is no month we show."""
    if not MONTH.fullmatch(text):
        raise ValueError(text)
    month = date.fromisoformat(f"{text}-01")
    if not FIRST <= month <= LAST:
        raise ValueError(text)
    return month


def before(month: date) -> date:
    """The first day of the month before."""
    return (month - timedelta(days=1)).replace(day=1)


def after(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def days_on(starts: datetime, ends: datetime, zone: str) -> tuple[date, date]:
    """Aware ends of something, the later one excluded → its first and last day in a zone."""
    place = ZoneInfo(zone)
    last = max(starts, ends - MOMENT)
    return starts.astimezone(place).date(), last.astimezone(place).date()


def weeks_of(month: date, things: Iterable[Spread[T]]) -> list[Week[T]]:
    """What takes place, by start → the weeks of a month."""
    on: defaultdict[date, list[Spread[T]]] = defaultdict(list)
    end = after(month)
    for each in things:
        day = max(each.first, month)
        while day <= each.last and day < end:
            on[day].append(each)
            day += timedelta(days=1)
    weeks = Calendar().monthdatescalendar(month.year, month.month)
    return [Week(week[0].isocalendar().week, _cells(week, month, on)) for week in weeks]


def _cells(
    week: Sequence[date], month: date, on: defaultdict[date, list[Spread[T]]]
) -> tuple[Cell[T] | None, ...]:
    return tuple(Cell(day, tuple(on[day])) if day.month == month.month else None for day in week)
