"""The fake city's calendars: where each lies, how it is written, what it holds. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from api.demo.changes import Life
from api.demo.content_lines import CALENDAR
from api.demo.faults import ICALENDAR, RSS_FEED, Shape
from api.demo.google import write_google
from api.demo.happenings import Happening, happenings_at
from api.demo.neighbours import write_neighbours
from api.demo.outlook import write_outlook
from api.demo.typo3 import RSS, write_typo3

SECONDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One of the city's calendars; `path` is below the city's address."""

    name: str
    title: str
    path: str
    kind: str
    """Its content type."""
    shape: Shape
    """What it looks like to whoever wants to spoil it."""
    write: Callable[[tuple[Happening, ...], int, int, str], bytes]


CALENDARS: Final = (
    Calendar(
        name="klima",
        title="Klimakalender der Stadt (wie von Google)",
        path="calendar/ical/klima/public/basic.ics",
        kind=CALENDAR,
        shape=ICALENDAR,
        write=write_google,
    ),
    Calendar(
        name="verein",
        title="Naturfreunde Musterstadt e.V. (wie von Office 365)",
        path="owa/calendar/naturfreunde/calendar.ics",
        kind=CALENDAR,
        shape=ICALENDAR,
        write=write_outlook,
    ),
    Calendar(
        name="rathaus",
        title="Veranstaltungen der Stadt (RSS wie von TYPO3)",
        path="veranstaltungen.xml",
        kind=RSS,
        shape=RSS_FEED,
        write=write_typo3,
    ),
    Calendar(
        name="quartier",
        title="Nachbarschaft Nordstadt (fällt manchmal aus)",
        path="nordstadt/events/list/",
        kind=CALENDAR,
        shape=ICALENDAR,
        write=write_neighbours,
    ),
)


def document(calendar: Calendar, life: Life, minute: int, request: int, url: str) -> bytes:
    """The calendar as it is sent in answer to the `request`th request for one."""
    now = life.stamp(minute) + request % SECONDS
    return calendar.write(happenings_at(life, minute, calendar.name), now, request, url)


def happening(life: Life, minute: int, number: str) -> Happening | None:
    """The entry with this number, where a calendar lists one right now."""
    listed = (one for each in CALENDARS for one in happenings_at(life, minute, each.name))
    return next((one for one in listed if str(one.number) == number), None)
