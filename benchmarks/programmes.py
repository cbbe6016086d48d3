"""Calendars and feeds of any size, made up. Pure: the same numbers give the same bytes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

FIRST: Final = datetime.fromisoformat("2027-01-04T18:00:00")
"""Wall time of the first event, in Europe/Berlin."""
EVERY_FIFTH: Final = 5
EVERY_TENTH: Final = 10
ZONE: Final = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True, slots=True)
class Making:
    """How many entries, how many of them edited, and what else makes bytes differ."""

    entries: int
    edited: int = 0
    remark: str = ""
    seed: int = 0


def calendar(making: Making) -> bytes:
    """An iCalendar file: every fifth event repeats, every tenth takes a whole day. The remark
    stands in each DTSTAMP, as with producers that write the time of the request there."""
    stamp = 2_000_000 + sum(making.remark.encode())
    events = (_event(making, number, stamp) for number in range(making.entries))
    head = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//City//Programme//DE\n"
    return f"{head}{ZONE}{''.join(events)}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def _event(making: Making, number: int, stamp: int) -> str:
    edited = " (neu)" if number < making.edited else ""
    start = FIRST + timedelta(days=number % 600, minutes=15 * (number % 8))
    if number % EVERY_TENTH == 0:
        times = f"DTSTART;VALUE=DATE:{start:%Y%m%d}\nDTEND;VALUE=DATE:{_after(start):%Y%m%d}\n"
    else:
        end = start + timedelta(hours=2)
        zoned = "TZID=Europe/Berlin"
        times = f"DTSTART;{zoned}:{start:%Y%m%dT%H%M%S}\nDTEND;{zoned}:{end:%Y%m%dT%H%M%S}\n"
    rule = "RRULE:FREQ=WEEKLY;COUNT=12\n" if number % EVERY_FIFTH == 1 else ""
    return (
        f"BEGIN:VEVENT\nUID:{making.seed}-{number}@programme.example\n"
        f"DTSTAMP:20270101T08{stamp % 60:02}00Z\n{times}{rule}"
        f"SUMMARY:Klimatreff {number}{edited}\n"
        f"DESCRIPTION:Wir treffen uns im Garten\\, reden über Energie und Mobilität\\, und pla\n"
        f" nen die nächsten Wochen. Treffen Nummer {number} der Reihe {making.seed}.\\n"
        "Alle sind willkommen.\n"
        f"LOCATION:Markt {number % 90 + 1}\\, 06108 Musterstadt\nGEO:51.48{number % 100:02};11.97\n"
        f"STATUS:CONFIRMED\nSEQUENCE:{1 if edited else 0}\nCATEGORIES:Klima,Garten\n"
        f"URL:https://programme.example/{making.seed}/{number}\nCREATED:20260101T000000Z\n"
        "LAST-MODIFIED:20260101T000000Z\nTRANSP:OPAQUE\nEND:VEVENT\n"
    )


def _after(start: datetime) -> date:
    return start.date() + timedelta(days=1)


def feed(making: Making) -> bytes:
    """An RSS feed of events with their dates in elements of their own; the remark stands in the
    channel's build date, as with producers that write the time of the request there."""
    items = "".join(_item(making, number) for number in range(making.entries))
    built = datetime(2027, 1, 1, 8, sum(making.remark.encode()) % 60, tzinfo=UTC)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:ev="http://purl.org/rss/1.0/modules/event/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        "<title>Programm</title><link>https://programme.example/</link>"
        "<description>Termine der Stadt</description>"
        f"<lastBuildDate>{built:%a, %d %b %Y %H:%M:%S +0000}</lastBuildDate>{items}"
        "</channel></rss>\n"
    ).encode()


def _item(making: Making, number: int) -> str:
    edited = " (neu)" if number < making.edited else ""
    start = FIRST + timedelta(days=number % 600, minutes=15 * (number % 8))
    link = f"https://programme.example/{making.seed}/{number}"
    return (
        f"<item><title>Klimatreff {number}{edited}</title><link>{link}</link>"
        f'<guid isPermaLink="true">{link}</guid>'
        "<pubDate>Thu, 01 Jan 2026 08:00:00 +0100</pubDate><category>Klima</category>"
        f"<description>Treffen {number} der Reihe {making.seed}</description>"
        "<content:encoded><![CDATA[<p>Wir treffen uns im <b>Garten</b>, reden über Energie und"
        f' <a href="{link}">Mobilität</a>.</p><ul><li>Wasser</li><li>Licht</li></ul>]]>'
        f"</content:encoded><ev:startdate>{start:%Y-%m-%dT%H:%M:%S}+01:00</ev:startdate>"
        f"<ev:location>Markt {number % 90 + 1}, 06108 Musterstadt</ev:location></item>\n"
    )
