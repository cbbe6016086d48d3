"""A feed's entries as they came out, whichever kind they became. Pure.

An entry that was refused (most samples have no title) is looked at as it was understood before
that, and cleaned as it would have been.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any, Final

from lxml import etree, html

from benchmarks.scoreboard.reading import Reading, Record
from connectors.cleaning.html import body, line
from schema.entities import Entity, Event, Offer

TEXTS: Final = ("summary", "description", "content")
ACTIVE: Final = ("<script", "javascript:", "<iframe", "<object", "<embed", "<applet", "<style")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is compared. `texts` are plain, `html` is what would be published of them."""

    ids: frozenset[str] = frozenset()
    titles: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    html: str = ""
    urls: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()
    created: datetime | None = None
    modified: datetime | None = None
    others: tuple[datetime, ...] = ()
    place: tuple[float, float] | None = None
    languages: frozenset[str] = frozenset()
    refused: bool = False

    @property
    def has_active_content(self) -> bool:
        """Whether something in it would run in a browser."""
        return is_active(" ".join((self.html, *self.titles)))


def is_active(text: str) -> bool:
    """Whether HTML holds what would run in a browser: scripts, frames, plug-ins, handlers."""
    lowered = text.lower()
    if any(each in lowered for each in ACTIVE):
        return True
    fragment = parsed(text)
    names = (name for element in fragment.iter(etree.Element) for name in element.attrib)
    return any(str(name).lower().startswith("on") for name in names)


def parsed(text: str) -> Any:
    """HTML → an element that holds it."""
    try:
        return html.fragment_fromstring(text, create_parent="div")
    except (etree.ParserError, ValueError):
        return html.Element("div")


def words(text: str) -> str:
    """HTML or text → its letters alone, so that only what is said counts."""
    said = parsed(text).text_content() if "<" in text or "&" in text else text
    return "".join(unescape(said).split())


def entries_of(reading: Reading) -> list[Entry]:
    """What came out, then what was refused."""
    found = [_of_record(record) for record in reading.records]
    return found + [_of_raw(raw) for raw in reading.raws()]


def _of_record(record: Record) -> Entry:
    entity = record.entity
    texts = [each for field in TEXTS[:2] for each in _values(getattr(entity, field))]
    links = [entity.url, *(each.url for each in entity.links or ())]
    links += [image.url for image in entity.images or ()]
    place = entity.place
    return Entry(
        ids=frozenset({record.key, entity.native_id}),
        titles=tuple(entity.title.values()),
        texts=tuple(texts),
        html=" ".join(_values(entity.description_html)),
        urls=frozenset(each for each in links if each),
        tags=(*(entity.tags or ()), *(each.term for each in entity.categories or ())),
        created=entity.source_created,
        modified=entity.source_modified,
        others=tuple(_others(entity)),
        place=_point(place.lat, place.lon) if place else None,
        languages=frozenset((*entity.title, *(entity.description or {}))),
    )


def _point(lat: float | None, lon: float | None) -> tuple[float, float] | None:
    return None if lat is None or lon is None else (lat, lon)


def _others(entity: Entity) -> Iterable[datetime]:
    if isinstance(entity, Event):
        yield entity.when.starts
    if isinstance(entity, Offer):
        days = (entity.valid_from, entity.valid_through)
        yield from (datetime(d.year, d.month, d.day, tzinfo=UTC) for d in days if d)


def _values(texts: Mapping[str, str] | None) -> list[str]:
    return list((texts or {}).values())


def _of_raw(raw: Mapping[str, Any]) -> Entry:
    """An entry as the connector's raw holds it."""
    cleaned = [body(text) for field in TEXTS for text in _said(raw.get(field))]
    times = {name: time_of(raw.get(name)) for name in ("published", "updated", "created")}
    place = raw.get("point")
    return Entry(
        ids=frozenset(_said(raw.get("id"))) | frozenset(_said(raw.get("guid"))),
        titles=tuple(line(text) for text in _said(raw.get("title"))),
        texts=tuple(each.text for each in cleaned if each.text),
        html=" ".join(each.html for each in cleaned if each.html),
        urls=frozenset(url for name in URLS for url in _said(raw.get(name))),
        tags=tuple(each for name in ("tags", "categories") for each in _said(raw.get(name))),
        created=times["published"] or times["created"],
        modified=times["updated"],
        place=_point(*place) if isinstance(place, list) and len(place) == 2 else None,
        languages=frozenset(_languages(raw)),
        refused=True,
    )


URLS: Final = ("link", "links", "url", "images", "enclosures", "image")


def _languages(raw: Mapping[str, Any]) -> Iterable[str]:
    for name, value in raw.items():
        if name.endswith(("language", "lang")) and isinstance(value, str):
            yield value
        if isinstance(value, dict):
            yield from _languages(value)


def _said(value: Any) -> list[str]:
    """The texts in a raw's field, however they are wrapped."""
    match value:
        case str():
            return [value]
        case list():
            return [text for each in value for text in _said(each)]
        case dict():
            wanted = ("value", "text", "href", "url", "term", "label")
            return [text for name in wanted for text in _said(value.get(name))]
        case _:
            return []


def time_of(said: Any) -> datetime | None:
    """A time as feeds and their readers write it → its instant; None for what is none."""
    if isinstance(said, list | tuple) and len(said) >= 6:
        year, month, day, hour, minute, second = map(int, said[:6])
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    if not isinstance(said, str) or not said.strip():
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime, _day):
        try:
            found = read(said.strip())
        except (ValueError, TypeError):
            continue
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _day(said: str) -> datetime:
    day = date.fromisoformat(said[:10])
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
