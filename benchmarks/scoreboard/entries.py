"""A feed's entries as they came out, whichever kind they became. Pure.

An entry that was refused (most samples have no title) is looked at as it was understood before
that, and cleaned as it would have been.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any, Final
from zoneinfo import ZoneInfo

from lxml import etree, html

from benchmarks.scoreboard.reading import ZONE, Reading, Record
from connectors.base import Facts
from connectors.cleaning.coordinates import point
from connectors.cleaning.html import body, line
from connectors.mapping import finish
from schema.entities import Event, Offer

TEXTS: Final = ("summary", "description")
LANGUAGE: Final = "de"
RAW_TEXTS: Final = ("summary", "text")
ACTIVE: Final = ("<script", "javascript:", "<iframe", "<object", "<embed", "<applet", "<style")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is compared. `texts` are plain, `html` is what would be published of them; `urls`
    are pages and pictures."""

    ids: frozenset[str] = frozenset()
    titles: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    html: str = ""
    pages: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()
    created: datetime | None = None
    modified: datetime | None = None
    starts: datetime | None = None
    expires: frozenset[date] = frozenset()
    """The last day; in UTC and in the source's zone, where that is not decided yet."""
    place: tuple[float, float] | None = None
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
    """What an HTML text says, without white space."""
    return "".join(unescape(parsed(text).text_content()).split())


def sayings(text: str) -> frozenset[str]:
    """What a text says, without white space: read as plain text, and as HTML."""
    return frozenset({"".join(text.split()), words(text)})


def entries_of(reading: Reading) -> list[Entry]:
    """What came out, then what was refused."""
    found = [_of_record(record) for record in reading.records]
    return found + [_of_raw(raw) for _, raw in reading.refused()]


def _of_record(record: Record) -> Entry:
    entity = record.entity
    texts = [each for field in TEXTS for each in _values(getattr(entity, field))]
    links = [entity.url, *(each.url for each in entity.links or ())]
    pages = frozenset(each for each in links if each)
    place = entity.place
    return Entry(
        ids=frozenset({record.key, entity.native_id}),
        titles=tuple(entity.title.values()),
        texts=tuple(texts),
        html=" ".join(_values(entity.description_html)),
        pages=pages,
        urls=pages | frozenset(image.url for image in entity.images or ()),
        tags=(*(entity.tags or ()), *(each.term for each in entity.categories or ())),
        created=entity.source_created,
        modified=entity.source_modified,
        starts=entity.when.starts if isinstance(entity, Event) else None,
        expires=days_of(entity.valid_through) if isinstance(entity, Offer) else frozenset(),
        place=_point(place.lat, place.lon) if place else None,
    )


def _point(lat: float | None, lon: float | None) -> tuple[float, float] | None:
    return None if lat is None or lon is None else (lat, lon)


def days_of(said: date | None) -> frozenset[date]:
    """A time → the days that it may mean, a day → that one."""
    if not isinstance(said, datetime):
        return frozenset() if said is None else frozenset({said})
    return frozenset({said.date(), said.astimezone(ZoneInfo(ZONE)).date()})


def _values(texts: Mapping[str, str] | None) -> list[str]:
    return list((texts or {}).values())


def _of_raw(raw: Mapping[str, Any]) -> Entry:
    """An entry as the connector's raw holds it (`connectors/feed/entries.py` names the fields)."""
    described = [_finished(str(raw[field])) for field in RAW_TEXTS if raw.get(field)]
    at = point(raw.get("lat"), raw.get("lon"))
    pages = frozenset(_texts(raw.get("link")))
    return Entry(
        ids=frozenset(_texts(raw.get("id"))),
        titles=tuple(map(line, _texts(raw.get("title")))),
        texts=tuple(text for text, _ in described),
        html=" ".join(html for _, html in described),
        pages=pages,
        urls=pages | frozenset(_texts(raw.get("images"))),
        tags=tuple(_texts(raw.get("tags"))),
        created=time_of(raw.get("published")),
        modified=time_of(raw.get("updated")),
        place=_point(at.lat, at.lon),
        expires=days_of(time_of(raw.get("expires"))),
        refused=True,
    )


def _finished(text: str) -> tuple[str, str]:
    """A text as written → plain, and as safe HTML, as every record is finished."""
    described = body(text)
    offer, _ = finish(
        Offer(
            native_id="refused",
            title={LANGUAGE: "refused"},
            description={LANGUAGE: described.text} if described.text else None,
            description_html={LANGUAGE: described.html} if described.html else None,
        ),
        Facts(language=LANGUAGE),
    )
    return (" ".join(_values(offer.description)), " ".join(_values(offer.description_html)))


def _texts(value: Any) -> list[str]:
    """The texts in a raw's field: one, several, or none."""
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, str)]


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
