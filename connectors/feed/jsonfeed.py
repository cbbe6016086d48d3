"""JSON Feed (versions 1 and 1.1) → the same raws as of other feeds. Maps nothing."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from connectors.base import Unreadable
from connectors.cleaning.jsontext import load
from connectors.cleaning.pages import refusal
from connectors.feed.entries import Data, joined
from connectors.feed.parsing import WANTED
from schema import Level, Problem
from schema.normal.urls import is_web_url

VERSION: Final = "jsonfeed.org/version/"
_ADDRESSES: Final = frozenset({"feed_url", "home_page_url"})


def is_json(head: bytes) -> bool:
    """Whether a document begins as a JSON object does."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def json_raws(data: bytes, url: str) -> tuple[list[Data], tuple[Problem, ...]]:
    """A document from `url` → the data of its entries, and what was wrong with it. Raises
    `Unreadable` where it is another JSON, or cut."""
    try:
        feed, scrubbed = load(data)
    except ValueError as error:
        if VERSION.encode() in data[:2_000].replace(b"\\/", b"/"):
            raise Unreadable(Problem("document.cut", "", str(error))) from error
        raise refusal(data, WANTED) from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not _is_feed(feed):
        raise refusal(data, WANTED)
    page = feed.get("home_page_url")
    base = page if isinstance(page, str) and is_web_url(page) else url
    problems = (Problem("document.scrubbed", "", "forbidden characters", Level.WARNING),)
    return list(_entries(items, base)), problems if scrubbed else ()


def _is_feed(feed: Mapping[str, Any]) -> bool:
    """Whether an object with items says that it is a feed, or where its feed or its page lies."""
    version = str(feed.get("version"))
    return VERSION in version or not _ADDRESSES.isdisjoint(feed)


def _entries(items: list[Any], base: str) -> Iterator[Data]:
    for item in items:
        yield _entry(item, base) if isinstance(item, dict) else {}


def _entry(item: Mapping[str, Any], base: str) -> Data:
    written = item.get("id")
    html, text = _text(item.get("content_html")), _text(item.get("content_text"))
    links = (_link(item.get(name), base) for name in ("url", "external_url"))
    pictures = (_link(item.get(name), base) for name in ("image", "banner_image"))
    tags = item.get("tags")
    said: Data = {
        "id": str(written) if isinstance(written, int | float) else _text(written),
        "link": next((link for link in links if link), None),
        "title": _text(item.get("title")),
        "text": html or text,
        "summary": _text(item.get("summary")),
        "base": base if html and "href" in html.lower() else None,
        "published": _text(item.get("date_published")),
        "updated": _text(item.get("date_modified")),
        "tags": [tag for tag in map(_text, tags) if tag] if isinstance(tags, list) else None,
        "images": list(dict.fromkeys(url for url in pictures if url)),
    }
    return {name: value for name, value in said.items() if value}


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _link(value: Any, base: str) -> str | None:
    return joined(base, value) if isinstance(value, str) else None
