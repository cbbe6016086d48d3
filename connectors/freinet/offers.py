"""Freinet's raws → offers, each with what its source says of the organisation behind it.

Nothing is guessed: how long an engagement lasts is no field of the source, old offers stay, and
a number that could mean two things becomes a status only by the source's settings.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from connectors.base import Facts, Raw
from connectors.cleaning.addresses import locality, postal_code
from connectors.cleaning.coordinates import point
from connectors.cleaning.html import body, line, plain
from connectors.freinet.settings import AGENCY, OFFER_ID, FreinetSettings, page_of
from schema import Image, Link, Offer, Place, Ref, Texts
from schema.normal.phones import numbers_in, region_of
from schema.normal.text import one_line
from schema.normal.urls import is_web_url, web_url
from schema.vocabulary import OfferStatus, Precision

MEDIA: Final = "https://freinet-online.de/media/"
"""Where pictures lie that are named by their file name only."""
REMOTE: Final = "Ortsunabhängig"

_PICTURE: Final = re.compile(r"[\w .()+-]{1,200}\.(?:png|jpe?g|gif|webp|svg)", re.IGNORECASE)
_TOWN_CODE: Final = re.compile(r" - [A-ZÄÖÜ]{1,3}$")
_NEVER: Final = 2**33
"""Unix seconds from here on (year 2242) are no date of an edit."""


def offer(raw: Raw, settings: FreinetSettings, facts: Facts) -> Offer:
    """One raw → an offer. Raises pydantic's `ValidationError` for what no offer can hold."""
    data, language = raw.data, facts.language
    described = body(data.get("beschreibung", ""))
    wanted = _count(data.get("anzahl_gesuche"))
    status, reason = _status(data, wanted, settings)
    listed = _words(data, "stadtteile")
    districts = [district for district in listed if REMOTE not in district]
    return Offer(
        native_id=str(raw.key),
        title={language: line(data.get("angebotsname", ""))},
        summary=_texts(data, "kurz_beschreibung", language),
        description={language: described.text} if described.text else None,
        description_html={language: described.html} if described.html else None,
        url=_page(data, settings),
        links=_links(data),
        images=_images(data),
        tags=_words(data, "globalbereiche") or None,
        place=_place(data, districts),
        source_created=_instant(data.get("erstellt")),
        source_modified=_instant(data.get("bearbeitet")),
        organisation=_organisation(data, facts),
        status=status,
        status_reason=reason,
        schedule=_texts(data, "zeitlicherrahmen", language),
        wanted=wanted,
        skills=_words(data, "kenntnisse") or None,
        target_groups=_words(data, "zielgruppen") or None,
        activities=_words(data, "handlungsfelder") or None,
        remote=True if len(districts) < len(listed) else None,
        requirements=_texts(data, "anforderungen", language),
        benefits=_texts(data, "leistungen", language),
        accessibility=_texts(data, "barrierefreiheit", language),
    )


def _texts(data: Mapping[str, Any], name: str, language: str) -> Texts | None:
    text = plain(value) if isinstance(value := data.get(name), str) and value else ""
    return {language: text} if text else None


def _words(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list field → its words in their order; one word where the source sent mere text."""
    value = data.get(name)
    if not value:
        return ()
    listed = (value,) if isinstance(value, str) else value
    return tuple(word for each in listed if (word := line(each)))


def _count(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else None


def _status(
    data: Mapping[str, Any], wanted: int | None, settings: FreinetSettings
) -> tuple[OfferStatus, str | None]:
    """Status and, where it only follows from the source's settings, why."""
    if data.get("kontaktierbar") == "0" and settings.not_contactable is not None:
        return settings.not_contactable, "not_contactable"
    if wanted == 0:
        return settings.zero_wanted, "zero_wanted"
    return ("unknown" if wanted is None else "open"), None


def _instant(text: str | None) -> datetime | None:
    """Unix seconds as text → an instant in UTC; 0 and nonsense mean none."""
    if not text or not text.isascii() or not text.isdigit():
        return None
    seconds = int(text)
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < _NEVER else None


def _page(data: Mapping[str, Any], settings: FreinetSettings) -> str:
    said = data.get("seite", "")
    if is_web_url(said):
        return str(said)
    agency = data.get(AGENCY) or settings.agency
    return page_of(settings, str(agency) if agency else None, data[OFFER_ID].strip())


def _links(data: Mapping[str, Any]) -> tuple[Link, ...] | None:
    """The homepage, unless it is a mail address or prose."""
    url = web_url(homepage) if (homepage := data.get("homepage")) else None
    return (Link(url=url, type="website"),) if url else None


def _images(data: Mapping[str, Any]) -> tuple[Image, ...] | None:
    """The picture, by file name or address; the ones that come from a stock are flagged."""
    shown = data.get("avatarinfo")
    medium = shown.get("medium_url") if isinstance(shown, dict) else None
    found = (_picture(name) for name in (medium, data.get("avatar")) if name)
    url = next((url for url in found if url), None)
    return (Image(url=url, stock=True if "/dummy_" in url else None),) if url else None


def _picture(name: str) -> str | None:
    """The address of a picture that is named by its address or by its file's name."""
    if _PICTURE.fullmatch(name):
        return f"{MEDIA}{quote(name)}"
    return name if is_web_url(name) else None


def _place(data: Mapping[str, Any], districts: list[str]) -> Place | None:
    town, district = locality(data.get("ort", ""))
    if district is None and len(districts) == 1:
        district = _TOWN_CODE.sub("", districts[0])
    at = point(data.get("geo_breite"), data.get("geo_laenge"))
    if at.lat is None:
        at = point(data.get("geo_x"), data.get("geo_y"))
    street = one_line(data.get("strasse", "")) or None
    code = postal_code(data.get("plz", ""))
    district = district or one_line(data.get("ortsteil", "")) or None
    if not any((town, district, street, code, at.lat)):
        return None
    return Place(
        street=street,
        postal_code=code,
        locality=town,
        district=district,
        lat=at.lat,
        lon=at.lon,
        precision=_precision(street, code, town) if at.lat is not None else None,
    )


def _precision(street: str | None, code: str | None, town: str | None) -> Precision | None:
    """How exact coordinates can be that the source looked up from this address."""
    if street:
        return "address"
    return "postal_code" if code else "locality" if town else None


def _organisation(data: Mapping[str, Any], facts: Facts) -> Ref | None:
    """Who offers it: by number where the source gives one, by name always."""
    about = data.get("einrichtung") or {}
    name = line(data.get("einrichtungsname") or about.get("name", ""))
    if not name:
        return None
    number = (data.get("einrichtungs_id") or "").strip()
    agency = data.get(AGENCY)
    native_id = None if number in ("", "0") else f"{agency}/{number}" if agency else number
    said = {"title": {facts.language: name}, **(_said(about, facts) if about else {})}
    return Ref(native_id=native_id, name=name, said=said)


def _said(about: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """What an export states about the organisation itself: no person, role mailboxes only."""
    described = body(about.get("beschreibung", ""))
    place, links = _place(about, []), _links(about)
    said = {
        "description": described.text and {facts.language: described.text},
        "description_html": described.html and {facts.language: described.html},
        "place": place and place.model_dump(exclude_none=True),
        "links": links and [link.model_dump(exclude_none=True) for link in links],
        "contact": _contact(about, facts),
    }
    return {name: value for name, value in said.items() if value}


def _contact(about: Mapping[str, Any], facts: Facts) -> dict[str, str] | None:
    """`read` has left nothing but role mailboxes in the mail field."""
    written = about.get("telefon", "")
    spans = numbers_in(written, region_of(facts.zone)) if written else ()
    phone = {"phone": written[spans[0][0] : spans[0][1]]} if spans else {}
    email = {"email": about["email"].strip()} if about.get("email") else {}
    return {"role": "organisation", **phone, **email} if phone or email else None
