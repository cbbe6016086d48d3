"""Offers of the fake volunteer agency, as the XML text they are sent as. Keeps no state.

The first 429 come from a list of real size and shape with invented words; they are sent byte for
byte as they stand there. Everything is written by hand: no other room of the house has a say.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Final

from api.demo.novelties import NOVELTIES

TWIN: Final = Path(__file__).parent / "data" / "liste_shape_twin_429.xml"
HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<angebotsliste xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' GesamtAnzahlErgebnisse="328" {owner} anzahlErgebnisse="326">'
)
"""The counts are wrong on purpose: the original's are."""
TAIL: Final = "</angebotsliste>"
OFFER: Final = re.compile(r'\s*<angebot angebotsId="(\d+)">.*?</angebot>', re.DOTALL)
FIRST_NOVELTY: Final = 950000

TEMPLATE: Final = """
    <angebot angebotsId="{id}">
        <einrichtungsname>{organisation}</einrichtungsname>
        <einrichtungs_id>{organisation_id}</einrichtungs_id>
        <angebotsname>{title}</angebotsname>
        <kurz_beschreibung>{short}</kurz_beschreibung>
        <beschreibung>{text}</beschreibung>
        <wertigkeit>0</wertigkeit>
        <strasse>{street}</strasse>
        <plz>45127</plz>
        <ort>Musterstadt</ort>
        <kontaktierbar>1</kontaktierbar>
        <avatar/>
        <termine/>
        <anzahl_gesuche>3</anzahl_gesuche>
        <anzahl_vermittlungen>0</anzahl_vermittlungen>
        <anzahl_aktueller_vermittlungen>0</anzahl_aktueller_vermittlungen>
        <geo_breite>{lat:.6f}</geo_breite>
        <geo_laenge>{lon:.6f}</geo_laenge>
        <ortsteil/>
        <bearbeitet>{stamp}</bearbeitet>
        <erstellt>{stamp}</erstellt>
    </angebot>"""


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer: its id and its `<angebot>` element with the white space before it."""

    id: int
    xml: str

    def value(self, element: str) -> str:
        """What a list element holds, XML-unescaped once; "" for an empty or missing one."""
        found = re.search(rf"<{element}>(.*?)</{element}>", self.xml, re.DOTALL)
        return unescape(found.group(1)) if found else ""

    def with_value(self, element: str, value: object) -> "Offer":
        """The same offer with another value in a list element that it has."""
        written = f"<{element}>{escape(str(value), quote=False)}</{element}>"
        pattern = rf"<{element}/>|<{element}>.*?</{element}>"
        xml = re.sub(pattern, lambda _: written, self.xml, count=1, flags=re.DOTALL)
        return replace(self, xml=xml)


@cache
def twin() -> tuple[Offer, ...]:
    """The 429 offers the city starts with."""
    text = TWIN.read_text("utf-8")
    body = text[text.index(">", text.index("<angebotsliste")) + 1 :]
    return tuple(Offer(int(found.group(1)), found.group()) for found in OFFER.finditer(body))


def novelty(number: int, stamp: int) -> Offer:
    """The `number`th offer the agency thinks up itself, entered at `stamp` (Unix seconds)."""
    idea = NOVELTIES[number % len(NOVELTIES)]
    organisation_id, organisation = idea.organisation
    offer_id = FIRST_NOVELTY + number
    return Offer(
        offer_id,
        TEMPLATE.format(
            id=offer_id,
            organisation=escape(organisation),
            organisation_id=organisation_id,
            title=escape(idea.title),
            short=escape(idea.short),
            text=escape(f"<p>{escape(idea.text, quote=False)}</p>", quote=False),
            street=escape(idea.street),
            lat=51.45 + number % 7 / 200,
            lon=7.01 + number % 5 / 200,
            stamp=stamp,
        ),
    )


def write_list(offers: tuple[Offer, ...], owner: str) -> str:
    """Offers → the list's XML; `owner` is the root's attribute naming agency or portal."""
    return HEAD.format(owner=owner) + "".join(offer.xml for offer in offers) + TAIL
