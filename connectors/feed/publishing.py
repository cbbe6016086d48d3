"""Raws of a feed → events, offers or projects, as its setting says. Persons are no part of them."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urljoin

from connectors.base import Facts, Raw
from connectors.cleaning.announcements import announced
from connectors.cleaning.coordinates import point
from connectors.cleaning.dates import instant_of, moment, wall
from connectors.cleaning.html import body, line, plain
from connectors.feed.dating import dated
from connectors.feed.settings import FeedSettings
from schema import Event, Image, Offer, Place, Project, Ref
from schema.identity import CONTENT, content_id
from schema.normal.urls import is_web_url
from schema.vocabulary import EventStatus

LONGEST_PLACE: Final = 300

_LINK: Final = re.compile(
    r"""(<a\s[^<>]{0,300}?href\s?=\s?)(?:"([^"<>]{0,2000})"|'([^'<>]{0,2000})')""", re.IGNORECASE
)
_WHOLE: Final = re.compile(r"\s{0,10}[a-zA-Z][a-zA-Z0-9+.-]{0,30}:")
_STATUS: Final[dict[str, EventStatus]] = {
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "abgesagt": "cancelled",
    "postponed": "postponed",
    "verschoben": "postponed",
    "rescheduled": "rescheduled",
}


def entity(raw: Raw, settings: FeedSettings, facts: Facts) -> Event | Offer | Project:
    """One raw → one entity. Raises `schema.Rejected` for an event without a date, and pydantic's
    `ValidationError` for what no entity can hold."""
    if settings.items == "events":
        return _event(raw, settings, facts)
    title = line(raw.data.get("title", ""))
    common = _common(raw, title, facts)
    if settings.items == "projects":
        return Project(**common, place=_place(raw.data, None), source_created=_created(raw.data))
    return Offer(
        **common,
        place=_place(raw.data, None),
        source_created=_created(raw.data),
        organisation=_organiser(raw.data, settings, facts),
        valid_through=_last_day(raw.data, facts.zone),
    )


def _event(raw: Raw, settings: FeedSettings, facts: Facts) -> Event:
    found = dated(raw.data, settings, facts.zone)
    status, title = announced(found.title)
    said = _STATUS.get(raw.data.get("status", "").lower())
    event = Event(
        **_common(raw, title, facts),
        when=found.when,
        status=said or status or "scheduled",
        place=_place(raw.data, found.place),
        organiser=_organiser(raw.data, settings, facts),
        source_created=_created(raw.data) if found.published else None,
    )
    if not event.native_id.startswith(CONTENT):
        return event
    return event.model_copy(update={"native_id": content_id(event)})


def _common(raw: Raw, title: str, facts: Facts) -> dict[str, Any]:
    """What all kinds have."""
    data, language = raw.data, facts.language
    described = body(data.get("text", ""))
    summary = plain(data.get("summary", ""))
    html = described.html and _with_whole_links(described.html, data.get("base"))
    images = tuple(Image(url=url) for url in data.get("images", ()))
    tags = tuple(tag for word in data.get("tags", ()) if (tag := line(word)))
    return {
        "native_id": str(raw.key),
        "title": {language: title},
        "summary": {language: summary} if summary else None,
        "description": {language: described.text} if described.text else None,
        "description_html": {language: html} if html else None,
        "url": data.get("link"),
        "images": images or None,
        "tags": tags or None,
        "source_modified": instant_of(data.get("updated", "")),
    }


def _with_whole_links(html: str, base: str | None) -> str:
    """HTML whose relative links start from `base` → the same with whole links."""
    if base is None:
        return html

    def whole(link: re.Match[str]) -> str:
        target = link[2] if link[2] is not None else link[3]
        if not target or target.startswith("#") or _WHOLE.match(target):
            return link[0]
        try:
            url = urljoin(base, target.strip())
        except ValueError:
            return link[0]
        return f'{link[1]}"{url}"' if is_web_url(url) else link[0]

    return _LINK.sub(whole, html)


def _created(data: Mapping[str, Any]) -> datetime | None:
    return instant_of(data.get("published", ""))


def _last_day(data: Mapping[str, Any], zone: str) -> date | None:
    """The day on which an offer expires."""
    said = moment(data.get("expires", ""))
    local = wall(said, zone) if said is not None else None
    return local.date() if isinstance(local, datetime) else local


def _place(data: Mapping[str, Any], named: str | None) -> Place | None:
    name = line(data.get("place", "") or named or "")[:LONGEST_PLACE].strip()
    at = point(data.get("lat"), data.get("lon"))
    if not name and at.lat is None:
        return None
    return Place(name=name or None, lat=at.lat, lon=at.lon)


def _organiser(data: Mapping[str, Any], settings: FeedSettings, facts: Facts) -> Ref | None:
    """The organisation behind an entry: by setting, or by a field of which the setting says that
    organisations stand in it. An address is no name."""
    name = settings.organiser
    if name is None and settings.organisers_named:
        said = line(data.get("organizer", ""))
        name = said if said and "@" not in said and "://" not in said else None
    return Ref(name=name, said={"title": {facts.language: name}}) if name else None
