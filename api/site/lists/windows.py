"""Windows of time as people choose and say them: today, this weekend, from one day to another.

Pure; days are those of the instance's zone.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.filter_params import NOW
from api.site.dates import dated, timed
from api.site.moments import day_said
from api.site.words import words_in

SATURDAY: Final = 5
SUNDAY: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A window to choose: its name among the pages' words, and both its days."""

    name: str
    first: date
    last: date

    @property
    def query(self) -> dict[str, str]:
        """What it asks for."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}

    def is_asked(self, texts: Mapping[str, str]) -> bool:
        """Whether a query asks for just this."""
        return {name: texts.get(name) for name in ("from", "to")} == self.query


def spans(today: date) -> tuple[Span, ...]:
    """What can be chosen on a day. What is over of a week or a month is left out."""
    days_left = SUNDAY - today.weekday()
    sunday = today + timedelta(days=days_left)
    saturday = max(today, sunday - timedelta(days=SUNDAY - SATURDAY))
    month_end = today.replace(day=monthrange(today.year, today.month)[1])
    return (
        Span(name="today", first=today, last=today),
        Span(name="this_week", first=today, last=sunday),
        Span(name="this_weekend", first=saturday, last=sunday),
        Span(name="this_month", first=today, last=month_end),
    )


def window_said(values: Mapping[str, Any], today: date, zone: str, language: str) -> str | None:
    """A query's `from` and `to`, parsed, in words; None where they narrow nothing down."""
    first, last = values.get("from"), values.get("to")
    if isinstance(first, date) and not isinstance(first, datetime) and first == last:
        return day_said(first, today, language)
    say, ends = words_in(language), (first, last)
    said = [_end_said(end, today, zone, language) for end in ends if end not in {None, NOW}]
    if len(said) == len(ends):
        return f"{said[0]} {say['until']} {said[1]}"
    name = "list.to" if first in {None, NOW} else "list.from"
    return say[name].replace("{when}", said[0]) if said else None


def day_of(end: object, zone: str) -> date | None:
    """An end of a window → the day it lies on; None for `now` or nothing."""
    if isinstance(end, datetime):
        return end.astimezone(ZoneInfo(zone)).date()
    return end if isinstance(end, date) else None


def _end_said(end: Any, today: date, zone: str, language: str) -> str:
    day = day_of(end, zone)
    said = dated(day, today, language) if day else str(end)
    if isinstance(end, datetime):
        return f"{said}, {timed(end.astimezone(ZoneInfo(zone)), None, language)}"
    return said
