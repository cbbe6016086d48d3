"""The climate office's calendar as Google writes one: stamped anew whenever it is asked for.

What comes once is in UTC beside `X-WR-TIMEZONE`, what comes again in its zone; occasions that
depart from a series are `EXDATE`s and overrides; texts are HTML of a sort.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape
from typing import Final

from api.demo.content_lines import dated, escaped, local, utc, written
from api.demo.happenings import ZONE, Happening
from api.demo.series import Departure, Occasion

BERLIN: Final = "Europe/Berlin"
HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)
HEAD: Final = (
    "BEGIN:VCALENDAR",
    "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
    "VERSION:2.0",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "X-WR-CALNAME:Klimakalender Musterstadt",
    f"X-WR-TIMEZONE:{BERLIN}",
    "X-WR-CALDESC:Was in Musterstadt für das Klima geschieht (erfunden)",
    "BEGIN:VTIMEZONE",
    f"TZID:{BERLIN}",
    f"X-LIC-LOCATION:{BERLIN}",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "DTSTART:19700329T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "DTSTART:19701025T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def write_google(happenings: tuple[Happening, ...], now: int, request: int, url: str) -> bytes:
    """Happenings → the calendar, asked for at `now` (Unix seconds). `request` changes nothing."""
    del request
    return written([*HEAD, *_events(happenings, now, url), "END:VCALENDAR"])


def _events(happenings: tuple[Happening, ...], now: int, url: str) -> Iterator[str]:
    for one in happenings:
        yield from _event(one, now, url)
        for occasion in one.occasions:
            if occasion.departure is not Departure.LEFT_OUT:
                yield from _override(one, occasion, now, url)


def _event(one: Happening, now: int, url: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    if one.series:
        yield dated("DTSTART", one.start, BERLIN)
        yield dated("DTEND", one.end, BERLIN)
        yield f"RRULE:{one.series.rule}"
        for occasion in one.occasions:
            if occasion.departure is Departure.LEFT_OUT:
                yield dated("EXDATE", occasion.start, BERLIN)
    else:
        yield _once("DTSTART", one.start)
        yield _once("DTEND", one.end)
    yield from _rest(one, now, url, "CANCELLED" if one.called_off else "CONFIRMED")


def _once(name: str, day: object) -> str:
    if isinstance(day, datetime):
        return f"{name}:{utc(int(day.replace(tzinfo=ZONE).timestamp()))}"
    return f"{name};VALUE=DATE:{day:%Y%m%d}"


def _override(one: Happening, occasion: Occasion, now: int, url: str) -> Iterator[str]:
    is_later = occasion.departure is Departure.LATER
    start = occasion.start + (HOUR if is_later else timedelta())
    yield "BEGIN:VEVENT"
    yield dated("DTSTART", start, BERLIN)
    yield dated("DTEND", start + one.idea.minutes * MINUTE, BERLIN)
    yield f"RECURRENCE-ID;TZID={BERLIN}:{local(occasion.start)}"
    yield from _rest(one, now, url, "CONFIRMED" if is_later else "CANCELLED")


def _rest(one: Happening, now: int, url: str, status: str) -> Iterator[str]:
    idea, page = one.idea, f"{url}termine/{one.number}"
    text = f'<p>{escape(one.text)}</p><br>Mehr: <a href="{page}">{page}</a>'
    yield f"DTSTAMP:{utc(now)}"
    yield f"UID:{one.number:x}klima26musterstadt@google.com"
    yield f"CATEGORIES:{','.join(map(escaped, idea.words))}"
    yield f"CREATED:{utc(one.created)}"
    yield f"DESCRIPTION:{escaped(text)}"
    if idea.place.lat is not None:
        yield f"GEO:{idea.place.lat};{idea.place.lon}"
    yield f"LAST-MODIFIED:{utc(one.changed)}"
    yield f"LOCATION:{escaped(f'{idea.place.address}, Deutschland')}"
    yield f"SEQUENCE:{one.sequence}"
    yield f"STATUS:{status}"
    yield f"SUMMARY:{escaped(idea.title)}"
    yield "TRANSP:OPAQUE"
    yield "END:VEVENT"
