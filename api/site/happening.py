"""An event's document and its next occurrences → when it takes place, in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.site.cards import CALLED_OFF, USUAL, Said, said_in
from api.site.dates import timed
from api.site.moments import wall_of, when_said
from api.site.provenance import Telling
from api.site.repeating import repeats
from api.site.words import label, words_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """One occurrence: for programs (`starts`, ISO 8601) and for people; what it says of itself
    alone, where that differs; what is absent is None."""

    starts: str
    said: str
    title: Said
    status: str | None
    called_off: bool
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When an event takes place. `series`: how it repeats, or that it has several dates; `dates`:
    those that come; `over`: none comes any more."""

    said: str
    starts: str
    series: str | None
    dates: tuple[Date, ...]
    over: bool
    before: str | None
    """When it was planned, where that does not hold any more."""


def timing_of(
    document: Mapping[str, Any], coming: Sequence[Mapping[str, Any]], told: Telling
) -> Timing:
    """An event's document and the documents of its next occurrences → when it takes place."""
    when = coming[0]["when"] if coming else document["when"]
    previous = document.get("previous_start")
    return Timing(
        said=_said(when, told),
        starts=when["start"],
        series=_series(document, told),
        dates=dates_of(coming, told),
        over=not coming and _begun(document["when"], told),
        before=_said(previous, told) if previous else None,
    )


def dates_of(occurrences: Sequence[Mapping[str, Any]], told: Telling) -> tuple[Date, ...]:
    """Documents of occurrences → their dates, in the same order."""
    return tuple(_date(each, told) for each in occurrences)


def _date(said: Mapping[str, Any], told: Telling) -> Date:
    status = said.get("status", USUAL)
    return Date(
        starts=said["when"]["start"],
        said=_said(said["when"], told),
        title=said_in(said["title"], told.language) or Said(told.language, said["id"]),
        status=None if status == USUAL else label(f"status.{status}", told.language),
        called_off=status in CALLED_OFF,
        path=f"/events/{said['id']}",
    )


def _said(when: Mapping[str, Any], told: Telling) -> str:
    return when_said(when, told.today, told.zone, told.language)


def _series(document: Mapping[str, Any], told: Telling) -> str | None:
    if not document.get("recurrence"):
        return None
    said = repeats(document, told.today, told.language)
    if said is None:
        return words_in(told.language)["several_dates"]
    when = document["when"]
    if when.get("all_day"):
        return said
    end = wall_of(when["end"]) if "end" in when else None
    return f"{said}, {timed(wall_of(when['start']), end, told.language)}"


def _begun(when: Mapping[str, Any], told: Telling) -> bool:
    """Whether it began before now; of whole days, before today."""
    start = datetime.fromisoformat(when["start"])
    if when.get("all_day"):
        return start.date() < told.now.astimezone(ZoneInfo(when["zone"])).date()
    return start <= told.now
