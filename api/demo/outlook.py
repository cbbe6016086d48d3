"""A club's calendar as Office 365 publishes one: every request gives every entry another UID.

Zones have Windows' names and carry their rules; texts come a second time as HTML.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape
from typing import Final

from api.demo.content_lines import dated, escaped, utc, written
from api.demo.happenings import Happening
from api.demo.series import Departure

WINDOWS: Final = "W. Europe Standard Time"
HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)
PREFIX: Final = "040000008200E00074C5B7101A82E008"
"""What every UID of Outlook's begins with."""
HEAD: Final = (
    "BEGIN:VCALENDAR",
    "METHOD:PUBLISH",
    "PRODID:Microsoft Exchange Server 2010",
    "VERSION:2.0",
    "X-WR-CALNAME:Naturfreunde Musterstadt e.V.",
    "BEGIN:VTIMEZONE",
    f"TZID:{WINDOWS}",
    "BEGIN:STANDARD",
    "DTSTART:16010101T030000",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:16010101T020000",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
)


def write_outlook(happenings: tuple[Happening, ...], now: int, request: int, url: str) -> bytes:
    """Happenings → the calendar of the `request`th request, at `now` (Unix seconds)."""
    del url
    return written([*HEAD, *_events(happenings, now, request), "END:VCALENDAR"])


def _events(happenings: tuple[Happening, ...], now: int, request: int) -> Iterator[str]:
    for one in happenings:
        uid = PREFIX + sha256(f"{request}:{one.number}".encode()).hexdigest().upper()[:56]
        yield from _event(one, now, uid)
        for occasion in one.occasions:
            if occasion.departure is not Departure.LEFT_OUT:
                yield from _override(one, occasion.start, occasion.departure, now, uid)


def _event(one: Happening, now: int, uid: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    if one.series:
        yield f"RRULE:{one.series.rule}"
        for occasion in one.occasions:
            if occasion.departure is Departure.LEFT_OUT:
                yield dated("EXDATE", occasion.start, WINDOWS)
    yield f"UID:{uid}"
    yield f"SUMMARY:{escaped(one.idea.title)}"
    yield dated("DTSTART", one.start, WINDOWS)
    yield dated("DTEND", one.end, WINDOWS)
    yield from _rest(one, now)


def _override(
    one: Happening, original: datetime, departure: Departure, now: int, uid: str
) -> Iterator[str]:
    is_later = departure is Departure.LATER
    start = original + (HOUR if is_later else timedelta())
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}"
    yield dated("RECURRENCE-ID", original, WINDOWS)
    yield f"SUMMARY:{'' if is_later else 'Abgesagt: '}{escaped(one.idea.title)}"
    yield dated("DTSTART", start, WINDOWS)
    yield dated("DTEND", start + one.idea.minutes * MINUTE, WINDOWS)
    yield from _rest(one, now)


def _rest(one: Happening, now: int) -> Iterator[str]:
    idea = one.idea
    yield f"DESCRIPTION:{escaped(one.text)}\\n"
    yield "CLASS:PUBLIC"
    yield "PRIORITY:5"
    yield f"DTSTAMP:{utc(now)}"
    yield "TRANSP:OPAQUE"
    yield "STATUS:CONFIRMED"
    yield f"SEQUENCE:{one.sequence}"
    yield f"LOCATION:{escaped(idea.place.address)}"
    yield f"CATEGORIES:{','.join(map(escaped, idea.words))}"
    yield f"X-MICROSOFT-CDO-APPT-SEQUENCE:{one.sequence}"
    yield "X-MICROSOFT-CDO-BUSYSTATUS:BUSY"
    yield "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY"
    yield "X-MICROSOFT-CDO-ALLDAYEVENT:FALSE"
    yield "X-MICROSOFT-CDO-IMPORTANCE:1"
    yield f"X-MICROSOFT-CDO-INSTTYPE:{1 if one.series else 0}"
    yield "X-MICROSOFT-DONOTFORWARDMEETING:FALSE"
    yield "X-MICROSOFT-DISALLOW-COUNTER:FALSE"
    page = f"<html><body><p>{escape(one.text)}</p></body></html>"
    yield f"X-ALT-DESC;FMTTYPE=text/html:{escaped(page)}"
    yield "END:VEVENT"
