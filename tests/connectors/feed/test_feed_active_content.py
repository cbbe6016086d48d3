"""Active content in every text and address of a feed: inert in what the connector publishes."""

from html import escape
from typing import Any

import orjson
import pytest

from connectors import Facts, Raw
from connectors.feed import FeedSettings
from connectors.mapping import finish
from connectors.registry import load
from connectors.samples import Held
from schema import Entity, Ref, encode
from tests.aggregator.sandbox.test_active_content import PAYLOADS, active_in_json

FEED = load("feed")
ADDRESS = "https://stadt.example/feed.xml"
NAMES = ("link", "description", "content:encoded", "category", "ev:location", "ev:organizer")
EVENTS = FeedSettings(url=ADDRESS, items="events", organisers_named=True)


def item(number: int, payload: str) -> str:
    """An entry that says the payload everywhere."""
    told = escape(payload.replace("\x01", ""))
    fields = "".join(f"<{name}>{told}</{name}>" for name in NAMES)
    addresses = f'<enclosure type="image/png" url="{told}"/><media:thumbnail url="{told}"/>'
    start = "<ev:startdate>2026-06-12</ev:startdate>"
    title = f"<title>Garten {told}</title>"
    return f"<item><guid>{number}</guid>{title}{fields}{addresses}{start}</item>"


def feed(items: str) -> bytes:
    spaces = {
        "ev": "http://purl.org/rss/1.0/modules/event/",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "media": "http://search.yahoo.com/mrss/",
    }
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    return f'<rss version="2.0"{declared}><channel>{items}</channel></rss>'.encode()


@pytest.mark.parametrize("broken", ["", "<br>"], ids=["strict parser", "loose parser"])
def test_events_of_a_feed_hold_nothing_active(broken: str) -> None:
    data = feed("".join(item(number, each) for number, each in enumerate(PAYLOADS)) + broken)
    raws = [
        raw
        for raw in FEED.read(Held(path=None, url=ADDRESS, data=data), EVENTS)
        if isinstance(raw, Raw)
    ]
    mapped = [each for raw in raws for each in FEED.map(raw, EVENTS, Facts())]
    published = [finish(each, Facts())[0] for each in mapped if isinstance(each, Entity)]
    assert len(published) == len(PAYLOADS)
    for entity in published:
        assert active_in_json(orjson.loads(encode(entity))) == []
        ref: Any = getattr(entity, "organiser", None)
        if isinstance(ref, Ref):
            assert active_in_json(ref.model_dump(mode="json")) == []
