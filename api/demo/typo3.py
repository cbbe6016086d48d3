"""The city's events as TYPO3's extension sf_event_mgt lists them in RSS.

An item's `pubDate` is when the event starts; the channel's is when it was asked for. Where an
event takes place stands in its text only, and one that is called off says so in its title.
"""

from datetime import UTC, datetime, time
from email.utils import format_datetime
from html import escape
from typing import Final

from api.demo.happenings import ZONE, Happening

RSS: Final = "application/rss+xml; charset=utf-8"
HEAD: Final = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>Stadt Musterstadt: Veranstaltungen</title>
<link>{url}</link>
<description>Veranstaltungen der Stadt Musterstadt (erfunden)</description>
<language>de-de</language>
<copyright>Stadt Musterstadt</copyright>
<pubDate>{now}</pubDate>
<lastBuildDate>{now}</lastBuildDate>
<atom:link href="{url}veranstaltungen.xml" rel="self" type="application/rss+xml"/>
<generator>TYPO3 - get.content.right</generator>
"""
ITEM: Final = """<item>
<title>{title}</title>
<guid isPermaLink="false">event-{number}</guid>
<pubDate>{start}</pubDate>
<link>{url}termine/{number}</link>
<description>{text}</description>
{words}</item>
"""
TAIL: Final = "</channel>\n</rss>\n"


def write_typo3(happenings: tuple[Happening, ...], now: int, request: int, url: str) -> bytes:
    """Happenings → the feed, asked for at `now` (Unix seconds). `request` changes nothing."""
    del request
    said = format_datetime(datetime.fromtimestamp(now, UTC))
    items = "".join(_item(one, url) for one in happenings)
    return (HEAD.format(url=escape(url), now=said) + items + TAIL).encode()


def _item(one: Happening, url: str) -> str:
    called_off = "ABGESAGT: " if one.called_off else ""
    start = one.start if isinstance(one.start, datetime) else datetime.combine(one.start, time.min)
    text = f"<p>{escape(one.text)}</p><p>Ort: {escape(one.idea.place.address)}</p>"
    return ITEM.format(
        title=escape(called_off + one.idea.title, quote=False),
        number=one.number,
        start=format_datetime(start.replace(tzinfo=ZONE)),
        url=escape(url),
        text=escape(text, quote=False),
        words="".join(f"<category>{escape(word)}</category>\n" for word in one.idea.words),
    )
