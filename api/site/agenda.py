"""What takes place, by day, as agendas and fragments show it. Pure: told what is and when it is.

Times are those of the place where it is: the wall time and zone of the event. Days are the
reader's: something in another zone stands under the day on which it begins here, and says its own
date where that is another one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, repeat
from typing import Any
from zoneinfo import ZoneInfo

from api.site.cards import CALLED_OFF, USUAL, Said, said_in
from api.site.dates import dated, timed
from api.site.moments import ONE_DAY, ONE_NIGHT, day_said, wall_of
from api.site.words import label, words_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One occurrence. `starts` is for programs (ISO 8601), `time` for people; what is absent is
    None."""

    day: date
    starts: str
    time: str
    title: Said
    place: str | None
    organiser: str | None
    status: str | None
    called_off: bool
    path: str
    distance: float | None = None
    """Kilometres from the place asked for, where one was."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day, its name, and what takes place from it on."""

    date: date
    name: str
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whom it is told: on which day, in which zone and language, and from which day on (None:
    from today on)."""

    today: date
    zone: str
    language: str
    since: date | None = None

    @property
    def first(self) -> date:
        """The first day that is told of."""
        return self.since or self.today


def days_of(
    occurrences: Iterable[Mapping[str, Any]],
    reader: Reader,
    distances: Sequence[float] | None = None,
) -> list[Day]:
    """Documents of occurrences by start → days from the first one on. What began earlier goes on
    then; a time in another zone than the reader's names that. `distances`: one each, if any."""
    far = repeat(None) if distances is None else distances
    shown = [_happening(each, km, reader) for each, km in zip(occurrences, far, strict=False)]
    shown.sort(key=lambda each: each.day)  # stable: within a day they stay by start
    return [
        Day(day, _name(day, reader), tuple(each))
        for day, each in groupby(shown, key=lambda happening: happening.day)
    ]


def _name(day: date, reader: Reader) -> str:
    said = day_said(day, reader.today, reader.language)
    near = {reader.today: "today", reader.today + ONE_DAY: "tomorrow"}
    return f"{words_in(reader.language)[near[day]]}, {said}" if day in near else said


def _happening(said: Mapping[str, Any], km: float | None, reader: Reader) -> Happening:
    status = said.get("status", USUAL)
    start = said["when"]["start"]
    title = said_in(said["title"], reader.language)
    return Happening(
        day=max(_first_day(said["when"], reader), reader.first),
        starts=start,
        time=_time(said["when"], reader),
        title=title or Said(reader.language, said["id"]),
        place=_place(said, reader.language),
        organiser=said.get("organiser", {}).get("name"),
        status=None if status == USUAL else label(f"status.{status}", reader.language),
        called_off=status in CALLED_OFF,
        path=f"/events/{said['id']}",
        distance=km,
    )


def _time(when: Mapping[str, Any], reader: Reader) -> str:
    """When on its day, and how long: "19:00–21:30 Uhr", "ganztägig", "bis 24. November"."""
    if when.get("all_day"):
        return _whole_days(when, reader)
    if when["zone"] != reader.zone:
        return _time_elsewhere(when, reader)
    return _hours(wall_of(when["start"]), wall_of(when["end"]) if "end" in when else None, reader)


def _first_day(when: Mapping[str, Any], reader: Reader) -> date:
    """The day on which something begins where the reader is; whole days are what they are."""
    if when.get("all_day") or when["zone"] == reader.zone:
        return wall_of(when["start"]).date()
    return datetime.fromisoformat(when["start"]).astimezone(ZoneInfo(reader.zone)).date()


def _time_elsewhere(when: Mapping[str, Any], reader: Reader) -> str:
    """As `_hours`, of a time in another zone, which is named: with its date there where that is not
    the day here. What goes on from another day, or for long, is told in the reader's time."""
    start = datetime.fromisoformat(when["start"])
    end = datetime.fromisoformat(when["end"]) if "end" in when else None
    here, day = ZoneInfo(reader.zone), _first_day(when, reader)
    if end is not None and (day < reader.first or end - start > ONE_NIGHT):
        starts, ends = (each.astimezone(here).replace(tzinfo=None) for each in (start, end))
        return _hours(starts, ends, reader)
    said = f"{timed(start, end, reader.language)} ({when['zone']})"
    if start.date() == day:
        return said
    return f"{dated(start.date(), reader.today, reader.language)}, {said}"


def _hours(start: datetime, end: datetime | None, reader: Reader) -> str:
    begun = start.date() < reader.first
    if end is None or (end - start <= ONE_NIGHT and not begun):
        return timed(start, end, reader.language)
    if begun and end.date() == reader.first:
        return _until(timed(end, None, reader.language), reader)
    until = _until(dated(end.date(), reader.today, reader.language), reader)
    return until if begun else f"{timed(start, None, reader.language)}, {until}"


def _whole_days(when: Mapping[str, Any], reader: Reader) -> str:
    first = date.fromisoformat(when["start"])
    last = date.fromisoformat(when["end"]) - ONE_DAY if "end" in when else first
    if last <= max(first, reader.first):
        return words_in(reader.language)["all_day"]
    return _until(dated(last, reader.today, reader.language), reader)


def _until(said: str, reader: Reader) -> str:
    return f"{words_in(reader.language)['until']} {said}"


def _place(said: Mapping[str, Any], language: str) -> str | None:
    place = said.get("place", {})
    parts = (place.get("name"), place.get("street"), place.get("locality"))
    where = ", ".join(dict.fromkeys(filter(None, parts)))
    if where or said.get("attendance") != "online":
        return where or None
    return words_in(language)["online"]
