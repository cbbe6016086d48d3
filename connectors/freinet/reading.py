"""Freinet's documents → raws in one vocabulary: the element names of the list. Maps nothing.

Lists, exports and details are XML, read element by element; top offers are JSON. Its root says
what a document is, never its media type. Header counts are not believed; access keys of agencies
and fields about persons are not even kept.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lxml import etree
from lxml.etree import _Element

from connectors.base import (
    Complete,
    Document,
    Everything,
    Raw,
    Understood,
    UnlessKnown,
    Unreadable,
)
from connectors.cleaning.contacts import is_role_mailbox
from connectors.cleaning.coordinates import point
from connectors.cleaning.xml import XmlReader
from connectors.freinet.settings import (
    AGENCY,
    OFFER_ID,
    FreinetSettings,
    offer_request,
    portal_request,
)
from connectors.freinet.topoffers import features
from connectors.freinet.volatile import VOLATILE
from connectors.mapping import Audit
from schema import Level, Problem, canonical, digest
from schema.normal.text import forbidden_in

KIND: Final = "offer"
TITLE_COLUMN: Final = 255
"""The source's column for titles holds this many characters and cuts off the rest."""
_USED_NAMES: Final = """
    einrichtungsname einrichtungs_id angebotsname kurz_beschreibung beschreibung strasse plz
    ort ortsteil kontaktierbar avatar avatarinfo anzahl_gesuche geo_breite geo_laenge geo_x
    geo_y bearbeitet erstellt homepage zeitlicherrahmen anforderungen leistungen
    barrierefreiheit handlungsfelder zielgruppen stadtteile globalbereiche kenntnisse
"""
_USED: Final = VOLATILE | frozenset(_USED_NAMES.split())
_PERSONS: Final = frozenset(
    {"vorname", "nachname", "funktion_der_person", "email", "telefon", "mobil"}
)
_OF_ORGANISATION: Final = frozenset(
    {"name", "beschreibung", "strasse", "plz", "ort", "email", "telefon", "homepage"}
)
_AGENCY_NAMES: Final = frozenset({"agenturId", "agenturid", "agentur_id"})
_DETAILS: Final = "angebot_details"
_ORGANISATION: Final = "einrichtung_details"
_BLOCKS: Final = frozenset({_DETAILS, _ORGANISATION})
_WITH_FIELDS: Final = _BLOCKS | {"avatarinfo"}
_LISTS: Final = frozenset(
    {"handlungsfelder", "zielgruppen", "stadtteile", "globalbereiche", "kenntnisse"}
)
DEPTH: Final = 2
"""An offer has blocks, and one of them has a block; what nests deeper is mere markup."""
_NUMBERS: Final = _AGENCY_NAMES | {OFFER_ID, "angebotsid"}
_IGNORED: Final = _PERSONS | _BLOCKS | _NUMBERS | {"termine", "zeitspenden"}


def read(document: Document, settings: FreinetSettings) -> Iterator[Understood]:
    """One document → raws, requests for more, completeness and findings. Raises `Unreadable`."""
    step = document.tag["step"] if isinstance(document.tag, dict) else "list"
    if step == "offer":
        yield from _details(document, settings)
    elif step == "agencies":
        yield from _agencies(document, settings)
    elif settings.mode == "top_offers":
        yield from _top_offers(document, settings)
    else:
        yield from _list(document, settings)


def _list(document: Document, settings: FreinetSettings) -> Iterator[Understood]:
    parts = _Parts()
    count = 0
    with document.open() as file:
        xml = XmlReader(file, document.charset)
        xml.expect("angebotsliste")
        for element in xml.elements("angebot"):
            count += 1
            yield from _understood(parts.offer(element), settings)
        yield from parts.problems()
        yield from xml.problems()
        if xml.ended:
            yield _ending(count, None if settings.mode == "full_export" else settings.limit)


def _top_offers(document: Document, settings: FreinetSettings) -> Iterator[Understood]:
    with document.open() as file:
        offers, problems = features(file.read())
    for data in offers:
        yield from _understood(data, settings)
    yield from problems
    yield _ending(len(offers), None)


def _ending(count: int, limit: int | None) -> Complete | Problem:
    """What a document that was read to its end proves."""
    if count == 0:
        return Problem("document.empty", "", "a list without offers")
    if count == limit:
        return Problem("document.limit_reached", "", f"exactly {limit} offers")
    return Complete(Everything())


def _agencies(document: Document, settings: FreinetSettings) -> Iterator[Understood]:
    """A portal's agencies. Each comes with its access key, which nobody here wants to know."""
    audit = Audit(frozenset({"agenturid"}), frozenset({"agenturname", "ars", "accessKey"}))
    with document.open() as file:
        xml = XmlReader(file, document.charset)
        xml.expect("agencies")
        agencies = [audit.take(_fields(each)).get("agenturid") for each in xml.elements("mandant")]
        yield from audit.problems()
        yield from xml.problems()
    if any(agencies):
        yield portal_request(settings)
    else:
        yield Problem("document.empty", "", "a portal without agencies")


def _details(document: Document, settings: FreinetSettings) -> Iterator[Understood]:
    """An offer's own document, laid over what the list said of the offer. Where it could not be
    had, the list's part goes on alone: without a stamp, so that the next run asks again."""
    item: dict[str, Any] = document.tag["item"]
    key = _key(item, settings)
    if document.failure is not None:
        yield Raw(key=key, kind=KIND, data=item, partial=True)
        yield Problem("record.partial", f"{KIND}/{key}", document.failure, Level.WARNING)
        return
    parts = _Parts()
    yield Raw(key=key, kind=KIND, data=_with_details(document, item, parts), stamp=_stamp(item))
    yield from parts.problems()


def _with_details(document: Document, item: dict[str, Any], parts: "_Parts") -> dict[str, Any]:
    with document.open() as file:
        xml = XmlReader(file, document.charset)
        xml.expect("angebot")
        blocks = {each.tag: _fields(each) for each in xml.elements(_DETAILS, _ORGANISATION)}
        if not xml.ended or not blocks.get(_DETAILS):
            raise Unreadable(Problem("document.cut", "", xml.broken or "no details inside"))
    return parts.merged(item, blocks)


def _understood(data: dict[str, Any], settings: FreinetSettings) -> Iterator[Understood]:
    """One offer's fields → a raw, or a request for its details, and what is odd about it."""
    key = _key(data, settings)
    if key is None:
        yield Raw(key=None, kind=KIND, data=data)
        return
    if settings.details and settings.key is not None:
        stamp = _stamp(data) or digest(canonical(data)).hex()
        yield offer_request(settings, data, UnlessKnown(kind=KIND, native_id=key, stamp=stamp))
    else:
        yield Raw(key=key, kind=KIND, data=data, stamp=_stamp(data))
    if len(data.get("angebotsname", "")) == TITLE_COLUMN:
        message = f"exactly {TITLE_COLUMN} characters"
        yield Problem("text.cut", f"{KIND}/{key}/angebotsname", message, Level.WARNING)
    why = point(data.get("geo_breite"), data.get("geo_laenge")).why
    if why is not None:
        yield Problem("place.no_coordinates", f"{KIND}/{key}/geo_breite", why, Level.WARNING)


def _key(data: Mapping[str, Any], settings: FreinetSettings) -> str | None:
    """The offer's native id: its number, behind its agency's where the offer names another
    agency than the source is about. None where there is no readable number."""
    number = data[OFFER_ID].strip()
    if not number or forbidden_in(number):
        return None
    agency = data.get(AGENCY)
    return number if agency in (None, str(settings.agency)) else f"{agency}/{number}"


def _stamp(data: Mapping[str, Any]) -> str | None:
    return data.get("bearbeitet") or None


class _Parts:
    """What one document's offers consist of, and which of their fields nobody reads."""

    def __init__(self) -> None:
        self._offers = Audit(_USED, _IGNORED)
        self._organisations = Audit(_OF_ORGANISATION, _PERSONS)

    def offer(self, element: _Element) -> dict[str, Any]:
        """An `angebot` element → its used fields, its number, and its agency where it says one."""
        fields = _fields(element)
        number = element.get(OFFER_ID) or element.get("angebotsid") or fields.get(OFFER_ID)
        item = {OFFER_ID: number or "", **self._offers.take(fields)}
        agency = next((value for name in _AGENCY_NAMES if (value := element.get(name))), None)
        if agency or not _AGENCY_NAMES.isdisjoint(fields):
            item[AGENCY] = agency or next(fields[name] for name in _AGENCY_NAMES if name in fields)
        return item if _BLOCKS.isdisjoint(fields) else self.merged(item, fields)

    def merged(self, item: dict[str, Any], blocks: Mapping[str, Any]) -> dict[str, Any]:
        """What the list says, overlaid with what the details say and the list does not."""
        details = self._offers.take(_block(blocks, _DETAILS))
        said = {name: value for name, value in details.items() if value or name not in item}
        about = self._organisations.take(_block(blocks, _ORGANISATION))
        if not is_role_mailbox(about.get("email", "")):
            about.pop("email", None)
        return {**item, **said, **({"einrichtung": about} if about else {})}

    def problems(self) -> Iterator[Problem]:
        yield from self._offers.problems()
        yield from self._organisations.problems()


def _fields(element: _Element, depth: int = DEPTH) -> dict[str, Any]:
    """An element's children by name: text ("" where empty), lists, blocks."""
    return {each.tag: _nested(each, depth) if len(each) else each.text or "" for each in element}


def _nested(element: _Element, depth: int) -> Any:
    """Blocks and lists only where the source has them; else markup that nobody escaped."""
    if element.tag in _WITH_FIELDS and depth:
        return _fields(element, depth - 1)
    if element.tag in _LISTS:
        return [each.text.strip() for each in element if each.text and each.text.strip()]
    inside = (etree.tostring(each, encoding="unicode") for each in element)
    return "".join((element.text or "", *inside))


def _block(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A block of fields; nothing where the source sent none, or mere text in its place."""
    block = fields.get(name)
    return block if isinstance(block, dict) else {}
