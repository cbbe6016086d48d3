"""Real feeds, read as a sync reads them: what others understood of them, and what none may do."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest

from connectors import Complete, Document, Facts, Raw, Understood, Unreadable
from connectors.cleaning.dates import instant_of
from connectors.cleaning.html import line
from connectors.feed import FeedSettings
from connectors.feed.parsing import Parsed, parsed
from connectors.mapping import finish
from connectors.registry import load
from schema import Entity, Problem, Rejected, encode
from schema.checks import check
from schema.normal.text import one_line

FEED = load("feed")
ADDRESS = "https://x.example/feed"
PROJECTS = FeedSettings(url=ADDRESS, items="projects", listing="everything")
FAMILIES = ("rss-atom-expected", "rss-atom-valid", "rss-atom-broken", "rss-atom-real")
OTHERS = ("encodings", "html-sanitize")
EVENTS = [FeedSettings(url=ADDRESS, items="events", dates=dates) for dates in ("auto", "text")]


def read(path: Path, settings: FeedSettings = PROJECTS) -> list[Understood]:
    return list(FEED.read(Document(path=str(path), url=ADDRESS), settings))


def raws(items: list[Understood]) -> list[Raw]:
    return [item for item in items if isinstance(item, Raw)]


def published(items: list[Understood], settings: FeedSettings) -> Iterator[Entity]:
    """What of a document passes all checks."""
    for raw in raws(items):
        if raw.key:
            try:
                mapped = [e for e in FEED.map(raw, settings, Facts()) if isinstance(e, Entity)]
                entities = [finish(each, Facts())[0] for each in mapped]
            except Rejected:
                continue
            for entity in entities:
                if not any(problem.level == "error" for problem in check(entity)):
                    yield entity


def documents(folder: Path, *families: str) -> list[Path]:
    return sorted(p for family in families for p in (folder / family).rglob("*") if p.is_file())


def expectations(folder: Path, check_name: str) -> list[dict[str, Any]]:
    lines = (folder / "EXPECTED.shared.jsonl").read_text("utf-8").splitlines()
    cases = (json.loads(each) for each in lines)
    return [case for case in cases if case["check"] == check_name]


@pytest.mark.parametrize("settings", [PROJECTS, *EVENTS], ids=lambda s: f"{s.items}-{s.dates}")
def test_every_document_is_read_or_refused(real_data: Path, settings: FeedSettings) -> None:
    found = Counter[str]()
    for path in documents(real_data, *FAMILIES, *OTHERS):
        try:
            items = read(path, settings)
        except Unreadable as unreadable:
            found[unreadable.problem.code] += 1
            continue
        found["read"] += 1
        for entity in published(items, settings):
            found["published"] += 1
            said = encode(entity).lower()
            assert b"javascript:" not in said, path
            assert b"<script" not in said, path
            assert b"onerror=" not in said, path
    assert found["read"] > 450
    assert found["published"] > (800 if settings is PROJECTS else 0)


def test_whole_feeds_are_complete_and_broken_ones_never(real_data: Path) -> None:
    valid = [read(path) for path in documents(real_data, "rss-atom-valid")]
    assert sum(isinstance(items[-1], Complete) for items in valid if raws(items)) == 54
    for path in documents(real_data, "rss-atom-broken"):
        try:
            items = read(path)
        except Unreadable:
            continue
        codes = {item.code for item in items if isinstance(item, Problem)}
        if codes & {"document.cut", "document.malformed", "document.empty"}:
            assert not any(isinstance(item, Complete) for item in items), path


def test_feeds_say_what_another_reader_understands(real_data: Path) -> None:
    compared = 0
    for case in expectations(real_data, "feed_normalised"):
        entries = case["value"]["entries"]
        found = raws(read(real_data / case["file"]))
        assert len(found) == len(entries), case["file"]
        for raw, entry in zip(found, entries, strict=True):
            compared += 1
            said = one_line(line(entry.get("title") or ""))
            assert one_line(line(raw.data.get("title", ""))) == said, case["file"]
            links = entry.get("links") or [raw.data.get("link")]
            assert raw.data.get("link") in links, case["file"]
            for name in ("published", "updated"):
                assert fits(entry.get(name), raw.data.get(name)), (case["file"], name)
    assert compared > 60


def fits(expected: str | None, found: str | None) -> bool:
    """Whether two say the same instant, where both say one: readers differ in what an entry
    without a date of its own takes from its feed."""
    if expected is None or found is None:
        return True
    one, two = instant_of(expected), instant_of(found)
    assert isinstance(one, datetime)
    assert isinstance(two, datetime)
    return abs(one - two) < timedelta(seconds=1)


UNDERSTOOD = (
    *("id", "title", "link", "links", "published", "updated", "created", "expired", "summary"),
    *("content", "tags", "where", "media_content", "media_thumbnail"),
)


def test_what_is_laid_over_feedparser_changes_nothing_it_understands(real_data: Path) -> None:
    """Save where the bytes are not what they are declared as: there it guesses, and we refuse."""
    compared = 0
    for path in documents(real_data, *FAMILIES, "html-sanitize"):
        ours = understood(path)
        if ours is None or any(each.code == "document.scrubbed" for each in ours.problems):
            continue
        compared += 1
        theirs = feedparser.parse(
            BytesIO(path.read_bytes()),
            resolve_relative_uris=False,
            sanitize_html=False,
            response_headers={"content-type": "application/xml"},
        )
        assert [fields(each) for each in ours.entries] == [
            fields(each) for each in theirs.entries
        ], path
    assert compared > 450


def understood(path: Path) -> Parsed | None:
    try:
        return parsed(BytesIO(path.read_bytes()), None)
    except Unreadable:
        return None


def fields(entry: Any) -> list[Any]:
    return [dict.get(entry, name) for name in UNDERSTOOD]


def test_no_charset_makes_other_letters(real_data: Path) -> None:
    """Either the text stands there as it was meant, or nothing of it is published."""
    for path in documents(real_data, "encodings"):
        try:
            items = read(path)
        except Unreadable:
            continue
        for entity in published(items, PROJECTS):
            said = "".join(entity.title.values())
            assert not any(mark in said for mark in ("Ã¤", "Ã¼", "Ã¶", "ÃŸ", "â€")), path
