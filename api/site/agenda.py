"""What takes place next, by day, as the start page shows it. Pure: told what is and when it is.

Times are those of the place where it is: the wall time and zone of the event. Days are the
reader's: something in another zone stands under the day on which it begins here, and says its own
date where that is another one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, repeat
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.site.cards import Said, said_in, web_address
from api.site.dates import dated, timed, weekday_of
from api.site.words import label, words_in

USUAL: Final = "scheduled"
DATE: Final = len("2026-03-29")
ONE_DAY: Final = timedelta(days=1)
ONE_NIGHT: Final = timedelta(hours=18)
"""What is over sooner says hours only, also when it ends after midnight."""
CALLED_OFF: Final = frozenset({"cancelled", "postponed"})
"""What does not take place as it stands here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One occurrence. `starts` is for programs (ISO 8601), `time` for people; addresses are safe
    to put into a link; what is absent is None."""

    day: date
    starts: str
    time: str
    title: Said
    place: str | None
    organiser: str | None
    status: str | None
    called_off: bool
    page: str | None
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
    said = f"{weekday_of(day, reader.language)}, {dated(day, reader.today, reader.language)}"
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
        page=web_address(said.get("url")),
        path=f"/events/{said['id']}",
        distance=km,
    )


def _time(when: Mapping[str, Any], reader: Reader) -> str:
    """When on its day, and how long: "19:00–21:30 Uhr", "ganztägig", "bis 24. November"."""
    if when.get("all_day"):
        return _whole_days(when, reader)
    if when["zone"] != reader.zone:
        return _time_elsewhere(when, reader)
    return _hours(_wall(when["start"]), _wall(when["end"]) if "end" in when else None, reader)


def _first_day(when: Mapping[str, Any], reader: Reader) -> date:
    """The day on which something begins where the reader is; whole days are what they are."""
    if when.get("all_day") or when["zone"] == reader.zone:
        return date.fromisoformat(when["start"][:DATE])
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


def _wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


def _place(said: Mapping[str, Any], language: str) -> str | None:
    place = said.get("place", {})
    parts = (place.get("name"), place.get("street"), place.get("locality"))
    where = ", ".join(dict.fromkeys(filter(None, parts)))
    if where or said.get("attendance") != "online":
        return where or None
    return words_in(language)["online"]
