"""A neighbourhood's calendar as a WordPress plugin writes one, on a server that often fails.

The UID holds the number of the post and the times, so one that is moved gets another UID.
"""

from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Final

from api.demo.content_lines import dated, escaped, utc, written
from api.demo.faults import Fault
from api.demo.happenings import ZONE, Happening

BERLIN: Final = "Europe/Berlin"
CALM: Final = 5
"""Minutes after its birth in which nothing breaks."""
HEAD: Final = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Nachbarschaft Nordstadt - ECPv6.6.4//NONSGML v1.0//DE",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "X-WR-CALNAME:Nachbarschaft Nordstadt",
    "X-WR-CALDESC:Veranstaltungen für Nachbarschaft Nordstadt",
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    "BEGIN:VTIMEZONE",
    f"TZID:{BERLIN}",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "DTSTART:20200329T010000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "DTSTART:20201025T010000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)
BREAKS: Final = (
    (8, Fault.BUSY),
    (14, Fault.LOGIN),
    (20, Fault.CUT),
    (26, Fault.EMPTY),
)
"""Below which of a hundred a minute's luck breaks what."""


def breaking(seed: int, minute: int) -> Fault | None:
    """What is wrong with the neighbours' server in that minute; mostly nothing."""
    if minute < CALM:
        return None
    luck = int.from_bytes(blake2b(f"{seed}:{minute}".encode(), digest_size=4).digest()) % 100
    return next((fault for below, fault in BREAKS if luck < below), None)


def write_neighbours(happenings: tuple[Happening, ...], now: int, request: int, url: str) -> bytes:
    """Happenings → the calendar, asked for at `now` (Unix seconds). `request` changes nothing."""
    del request
    lines = [line for one in happenings for line in _event(one, now, url)]
    return written([*HEAD, *lines, "END:VCALENDAR"])


def _event(one: Happening, now: int, url: str) -> Iterator[str]:
    place = one.idea.place
    yield "BEGIN:VEVENT"
    yield dated("DTSTART", one.start, BERLIN)
    yield dated("DTEND", one.end, BERLIN)
    yield f"DTSTAMP:{utc(now)}"
    yield f"CREATED:{utc(one.created)}"
    yield f"LAST-MODIFIED:{utc(one.changed)}"
    yield f"UID:{one.number}-{_seconds(one.start)}-{_seconds(one.end)}@nordstadt.example"
    yield f"SUMMARY:{'ABGESAGT: ' if one.called_off else ''}{escaped(one.idea.title)}"
    yield f"DESCRIPTION:{escaped(one.text)}\\n"
    yield f"URL:{url}termine/{one.number}"
    yield f"LOCATION:{escaped(f'{place.address}, Deutschland')}"
    if place.lat is not None:
        yield f"GEO:{place.lat};{place.lon}"
    yield f"CATEGORIES:{','.join(map(escaped, one.idea.words))}"
    yield 'ORGANIZER;CN="Nachbarschaft Nordstadt":MAILTO:info@nordstadt.example'
    yield "END:VEVENT"


def _seconds(day: object) -> str:
    if isinstance(day, datetime):
        return str(int(day.replace(tzinfo=ZONE).timestamp()))
    return f"{day:%Y%m%d}"
