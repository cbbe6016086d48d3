"""What one VEVENT says beside its times → the fields of an event. Pure; tolerant per property."""

import re
from datetime import datetime
from typing import Any, Final

from connectors.cleaning.announcements import announced
from connectors.cleaning.html import body, has_markup, line, plain, safe
from connectors.ical.lines import Properties, Property, listed, text_of
from connectors.ical.places import is_online, place_of
from connectors.ical.settings import IcalSettings
from connectors.ical.timing import Clock
from connectors.ical.values import instant
from schema import Image, Link, Place, Ref
from schema.normal.languages import primary_language
from schema.normal.text import one_line
from schema.normal.urls import is_web_url, web_url
from schema.vocabulary import Attendance, EventStatus

Fields = dict[str, Any]
LONGEST_TITLE: Final = 200
"""Characters of a description's first line that may stand for a missing title."""
MOST: Final = 50
"""Words, links and pictures of an event that are kept."""
_PICTURE: Final = re.compile(
    r"\.(?:png|jpe?g|gif|webp|svg|avif)(?:\?[^\s]{0,500})?$", re.IGNORECASE
)
_WRITTEN_BREAK: Final = re.compile(r"\\[nN](?![a-z])|\\n(?=[a-z])")
_WRITTEN_SIGN: Final = re.compile(r"\\([,;])")
_CONFERENCES: Final = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL")
_SAYS_NOTHING: Final = frozenset({"", "CONFIRMED", "TENTATIVE"})
"""What STATUS is where it announces nothing."""
_HIGHEST_SEQUENCE: Final = 2**31 - 1


def fields_of(
    event: Properties, language: str, settings: IcalSettings, clock: Clock, method: str
) -> Fields:
    """An event's properties → fields of `Event`, apart from its key and its times."""
    for name in event.broken:
        clock.note("event.broken_property", name or "line", "not readable")
    created, modified = _stamp(event, "CREATED", clock), _stamp(event, "LAST-MODIFIED", clock)
    sequence, url = _sequence(event, clock), _url(event, clock)
    status, title = status_and_title(event, method)
    spoken = language_of(event, _named_by(event), language)
    links, place = _conferences(event, language), _place(event, clock)
    described = _description(event, language)
    return {
        "title": {spoken: title} if title else {},
        "status": status,
        **described,
        "url": url,
        "links": (*links, *_attached(event))[:MOST] or None,
        "images": _images(event),
        "tags": _tags(event),
        "place": place,
        "attendance": _attendance(event, status, links, place),
        "organiser": _organiser(event, settings),
        "source_created": created,
        "source_modified": modified,
        "sequence": sequence,
    }


def _stamp(event: Properties, name: str, clock: Clock) -> datetime | None:
    """A time stamp; a finding where it is said and cannot be read, as with all that follow."""
    said = event.value(name)
    found = instant(said) if said else None
    if said and found is None:
        clock.note("event.broken_property", name, "not readable")
    return found


def _sequence(event: Properties, clock: Clock) -> int | None:
    said = event.value("SEQUENCE")
    if said.isascii() and said.isdigit() and len(said) <= 10:
        return min(int(said), _HIGHEST_SEQUENCE)
    if said:
        clock.note("event.broken_property", "SEQUENCE", "no number")
    return None


def _url(event: Properties, clock: Clock) -> str | None:
    found = web_url(event.text("URL"))
    if found is None and event.value("URL"):
        clock.note("event.broken_property", "URL", "no web address")
    return found


def _place(event: Properties, clock: Clock) -> Place | None:
    found = place_of(event)
    if event.value("GEO") and (found is None or found.lat is None):
        clock.note("place.no_coordinates", "GEO", "no place")
    return found


def status_and_title(event: Properties, method: str) -> tuple[EventStatus, str]:
    """What STATUS and the title say of it, and the title without that."""
    said, title = announced(_title(event))
    stated = event.value("STATUS").upper()
    if method == "CANCEL" or stated in ("CANCELLED", "CANCELED"):
        return "cancelled", title
    if said is None and stated not in _SAYS_NOTHING:
        said = announced(event.text("STATUS"))[0]
    return said or "scheduled", title


def language_of(event: Properties, name: str, otherwise: str) -> str:
    """The language that a property declares (RFC 5545, 3.2.10); `otherwise` where it declares none,
    or none that can be told."""
    found = event.first(name)
    declared = found.params.get("LANGUAGE", "") if found else ""
    return (primary_language(declared) if declared else None) or otherwise


def _named_by(event: Properties) -> str:
    """The property that the title is taken from."""
    return "SUMMARY" if line(_meant(event.text("SUMMARY"))) else "DESCRIPTION"


def _title(event: Properties) -> str:
    if _named_by(event) == "SUMMARY":
        return line(_meant(event.text("SUMMARY")))
    first = plain(_meant(event.text("DESCRIPTION"))).partition("\n")[0]
    return one_line(first) if len(first) <= LONGEST_TITLE else ""


def _meant(text: str) -> str:
    """A text that was escaped once too often, as it is meant."""
    if "\\" not in text:
        return text
    return _WRITTEN_SIGN.sub(r"\1", _WRITTEN_BREAK.sub("\n", text))


def description_of(event: Properties) -> tuple[str | None, str | None]:
    """Text and HTML of a description; where both are written, both are kept."""
    described = body(_meant(event.text("DESCRIPTION")))
    rich = next((text_of(each.value) for each in event.all("X-ALT-DESC") if _is_html(each)), "")
    html = described.html
    if html is None and rich and has_markup(safe(rich)):
        html = rich
    return described.text, html


def _description(event: Properties, language: str) -> Fields:
    text, html = description_of(event)
    spoken = language_of(event, "DESCRIPTION" if text else "X-ALT-DESC", language)
    return {
        "description": {spoken: text} if text else None,
        "description_html": {spoken: html} if html else None,
    }


def _is_html(found: Property) -> bool:
    return found.params.get("FMTTYPE", "text/html").lower() == "text/html"


def _tags(event: Properties) -> tuple[str, ...] | None:
    """CATEGORIES → words. One value whose commas are all escaped is a list that was escaped as
    a whole, unless blanks behind the commas say that it is prose."""
    words: list[str] = []
    for each in event.all("CATEGORIES"):
        values = listed(each.value)
        if len(values) == 1 and "\\," in each.value and ", " not in values[0]:
            values = tuple(values[0].split(","))
        words += (line(_meant(value)).strip('"') for value in values)
    found = tuple(dict.fromkeys(word for word in words if word))
    return found[:MOST] or None


def _images(event: Properties) -> tuple[Image, ...] | None:
    named = [*event.all("IMAGE"), *(e for e in event.all("ATTACH") if _is_picture(e))]
    urls = [url for each in named if is_web_url(url := each.value.strip())]
    urls += [url for url in event.value("X-WP-IMAGES-URL").split(";") if is_web_url(url)]
    return tuple(Image(url=url) for url in list(dict.fromkeys(urls))[:MOST]) or None


def _is_picture(found: Property) -> bool:
    kind = found.params.get("FMTTYPE", "").lower()
    return kind.startswith("image/") or (not kind and bool(_PICTURE.search(found.value)))


def _attached(event: Properties) -> tuple[Link, ...]:
    """Documents that hang on an event."""
    urls = (each.value.strip() for each in event.all("ATTACH") if not _is_picture(each))
    return tuple(Link(url=url, type="document") for url in dict.fromkeys(urls) if is_web_url(url))


def _conferences(event: Properties, language: str) -> tuple[Link, ...]:
    """Where to take part from afar (RFC 7986, 5.11, and what producers write instead)."""
    found: dict[str, Link] = {}
    for each in (prop for name in _CONFERENCES for prop in event.all(name)):
        url, label = each.value.strip(), line(each.params.get("LABEL", ""))
        if is_web_url(url):
            found[url] = Link(url=url, title={language: label} if label else None)
    written = event.text("LOCATION")
    if is_web_url(written):
        found.setdefault(written, Link(url=written))
    return tuple(found.values())


def _attendance(
    event: Properties, status: EventStatus, conferences: tuple[Link, ...], place: Place | None
) -> Attendance | None:
    """Whether one takes part there or from afar, where the event says so."""
    if status == "moved_online" or is_online(event.text("LOCATION")):
        return "online"
    if conferences:
        return "mixed" if place else "online"
    return None


def _organiser(event: Properties, settings: IcalSettings) -> Ref | None:
    """Who the source's settings say it is; else what `read` let through: an organisation."""
    if settings.organiser:
        return Ref(name=settings.organiser)
    found = next(iter(event.all("ORGANIZER")), None)
    name = line(found.params.get("CN", "")) if found else ""
    return Ref(name=name) if name else None
