"""Documents as publishers write them: a calendar and a feed of the same entries."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Final
from urllib.parse import quote

from tests.system.stories import ZONE, Entry, Listing, start_of

LENGTH: Final = timedelta(hours=2)
CALENDAR: Final = "text/calendar; charset=utf-8"
UNNAMED: Final = "-"
"""The id of an entry that is written without one."""
FROM_HERE_ON: Final = "RANGE=THISANDFUTURE"
"""The line of an override that holds for all later occasions too."""
RSS: Final = "application/rss+xml; charset=utf-8"


def calendar(listing: Listing, born: datetime, now: datetime) -> bytes:
    """A calendar whose stamps are of this very moment."""
    events = (line for entry in listing.values() for line in _events(entry, born, now))
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Verein//Kalender//DE")
    return "".join(f"{line}\r\n" for line in (*head, *events, "END:VCALENDAR")).encode()


def _events(entry: Entry, born: datetime, now: datetime) -> Iterator[str]:
    start = start_of(entry, born)
    entry = replace(entry, uid=entry.uid.replace("<start>", f"{start:%Y%m%dT%H%M%S}"))
    yield from _event(entry, now, (*_times(start), *(_dated(each, born) for each in entry.series)))
    for day, lines in entry.overrides:
        original = start_of(entry, born, day)
        times = () if any(line.startswith("DTSTART") for line in lines) else _times(original)
        on = ";RANGE=THISANDFUTURE" if FROM_HERE_ON in lines else ""
        recurrence = f"RECURRENCE-ID{on};TZID=Europe/Berlin:{original:%Y%m%dT%H%M%S}"
        said = (_dated(line, born) for line in lines if line != FROM_HERE_ON)
        yield from _event(entry, now, (recurrence, *times, *said))


def _times(start: datetime) -> tuple[str, str]:
    zone = ";TZID=Europe/Berlin:"
    return f"DTSTART{zone}{start:%Y%m%dT%H%M%S}", f"DTEND{zone}{start + LENGTH:%Y%m%dT%H%M%S}"


def _dated(line: str, born: datetime) -> str:
    """`EXDATE{7}` → the property with the start of the story's seventh day."""
    name, brace, rest = line.partition("{")
    if not brace:
        return line
    day, _, hours = rest.rstrip("}").partition("+")
    moment = born.replace(minute=0, second=0) + timedelta(days=int(day), hours=1 + int(hours or 0))
    return f"{name};TZID=Europe/Berlin:{moment:%Y%m%dT%H%M%S}"


def _event(entry: Entry, now: datetime, times: tuple[str, ...]) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    if entry.uid != UNNAMED:
        yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{now.replace(tzinfo=ZONE).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield from times
    if not any(line.startswith("SUMMARY") for line in times):
        yield f"SUMMARY:{entry.title}"
    yield f"DESCRIPTION:{entry.text}"
    yield f"LOCATION:{entry.place}"
    yield f"SEQUENCE:{entry.sequence}"
    if entry.called_off and not any(line.startswith("STATUS") for line in times):
        yield "STATUS:CANCELLED"
    yield "END:VEVENT"


def rss(listing: Listing, born: datetime, now: datetime) -> bytes:
    """A feed whose items are dated by when they start, as TYPO3's are."""
    said = format_datetime(now.replace(tzinfo=ZONE))
    items = "".join(_item(entry, born) for entry in listing.values())
    head = '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
    channel = f"<title>Stadt</title><link>https://stadt.example/</link><pubDate>{said}</pubDate>"
    return f"{head}{channel}{items}</channel></rss>".encode()


def _item(entry: Entry, born: datetime) -> str:
    start = start_of(entry, born).replace(tzinfo=ZONE)
    title = f"ABGESAGT: {entry.title}" if entry.called_off else entry.title
    return (
        f"<item><title>{escape(title)}</title>"
        f'<guid isPermaLink="false">event-{entry.uid}</guid>'
        f"<pubDate>{format_datetime(start)}</pubDate>"
        f"<link>https://stadt.example/{quote(entry.title)}</link>"
        f"<description>{escape(entry.text)}</description></item>\n"
    )
