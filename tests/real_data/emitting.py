"""Every event of the real calendars and feeds as our connectors read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from connectors import Connector, ConnectorSettings, Document, Facts, Raw, Unreadable
from connectors.mapping import finish
from connectors.registry import load
from schema import Entity, Problem, Rejected
from schema.checks import check
from schema.entities import Event
from schema.problems import Level
from schema.recurring import expand

CALENDARS = ("ical-*/**/*", "dialects/ics/**/*", "feed-history/**/*.ics")
FEEDS = ("rss-atom-*/**/*",)
ADDRESS = "https://x.example/source"
YEARS = timedelta(days=1_100)
DAY = timedelta(days=1)
MOST = 400
"""Occurrences that are compared of one event."""


@dataclass(frozen=True, slots=True)
class Emitted:
    """An event and where it stands."""

    where: str
    event: Event


@cache
def events(folder: Path) -> tuple[Emitted, ...]:
    """All of them, once each as far as they say the same."""
    ical, feed = load("ical"), load("feed")
    calendar = ical.Settings.model_validate({"url": ADDRESS, "private": "publish"})
    found = [each for path in files(folder, CALENDARS) for each in read(ical, path, calendar)]
    for dates in ("auto", "text"):
        given = feed.Settings.model_validate({"url": ADDRESS, "items": "events", "dates": dates})
        found += [each for path in files(folder, FEEDS) for each in read(feed, path, given)]
    return tuple({each.event.model_dump_json(): each for each in found}.values())


def files(folder: Path, patterns: tuple[str, ...]) -> list[Path]:
    found = {path for pattern in patterns for path in folder.glob(pattern)}
    return sorted(path for path in found if path.is_file())


def read(connector: Connector[Any], path: Path, settings: ConnectorSettings) -> Iterator[Emitted]:
    """The events of one document that pass all checks."""
    facts = Facts(zone="Europe/Berlin", language="de")
    try:
        items = list(connector.read(Document(path=str(path), url=ADDRESS), settings))
    except Unreadable:
        return
    for raw in items:
        if isinstance(raw, Raw) and raw.key:
            yield from mapped(connector, raw, settings, facts, str(path))


def mapped(
    connector: Connector[Any], raw: Raw, settings: ConnectorSettings, facts: Facts, where: str
) -> Iterator[Emitted]:
    try:
        said: list[Entity | Problem] = list(connector.map(raw, settings, facts))
    except Rejected:
        return
    for entity in said:
        if isinstance(entity, Problem):
            continue
        whole = finish(entity, facts)[0]
        if isinstance(whole, Event) and not any(p.level is Level.ERROR for p in check(whole)):
            yield Emitted(f"{where} {raw.key}", whole)


def window(event: Event) -> tuple[datetime, datetime]:
    """A time in which an event has some occurrences, and not too many."""
    start = event.when.starts
    length = YEARS
    while length > DAY:
        found = expand(event.when, event.recurrence, start - DAY, start + length, most=MOST)
        if not found.truncated:
            break
        length /= 4
    return start - DAY, start + length
