"""What the fake agency tells beside its list: details, full export, agencies, top offers.

Every person in here is invented; readers are expected to leave them out.
"""

import json
from html import escape
from typing import Final

from api.demo.novelties import FIELDS, NOVELTIES
from api.demo.offers import FIRST_NOVELTY, Offer

AGENCY: Final = 177
PORTAL: Final = 9001
AGENCY_NAME: Final = "Freiwilligen-Agentur Musterstadt"
HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
GROUPS: Final = (
    "keine spezielle Zielgruppe",
    "Familien",
    "Menschen mit Behinderung",
    "Geflüchtete",
)
DISTRICTS: Final = ("1 Ortsunabhängig", "Altstadt - E", "Nordviertel - E", "Hafen - DU")
TIMES: Final = ("Nach Absprache", "2 Stunden im Monat", "24/7", "flexibel", "")
PEOPLE: Final = (("Erika", "Musterfrau"), ("Max", "Mustermann"), ("Kim", "Beispiel"))
TOP: Final = 4


def write_details(offer: Offer) -> str:
    """One offer → the whole document that the details interface answers with."""
    return f"{HEAD}<angebot>\n{_blocks(offer)}\n</angebot>"


def write_export(offers: tuple[Offer, ...]) -> str:
    """Offers → the full export: every offer with its details and its organisation."""
    each = (
        f'<angebot angebotsId="{offer.id}">\n{_blocks(offer)}\n</angebot>\n' for offer in offers
    )
    return f"{HEAD}<angebotsliste>\n{''.join(each)}</angebotsliste>"


def write_agencies(key: str) -> str:
    """The portal's agencies, with their access keys, as the original sends them."""
    rows = ((AGENCY, AGENCY_NAME, "05113"), (AGENCY + 1, "Ehrenamtsbüro Nachbarstadt", "05117"))
    each = (
        f"<mandant><agenturid><![CDATA[{number}]]></agenturid>"
        f"<agenturname><![CDATA[{name}]]></agenturname><ars><![CDATA[{ars}]]></ars>"
        f"<accessKey><![CDATA[{key}-{number}]]></accessKey></mandant>\n"
        for number, name, ars in rows
    )
    return f"{HEAD}<agencies>\n{''.join(each)}</agencies>"


def write_top_offers(offers: tuple[Offer, ...], base: str) -> str:
    """The top offers: says FeatureCollection, holds no features in GeoJSON's sense."""
    features = [_top_offer(offer, base) for offer in offers[:TOP]]
    document = {
        "_about": "Data provided by Freinet-Online <www.freinet-online.de>",
        "_datasetcount": len(features),
        "_map_config_id": None,
        "_comment": "Topofferliste",
        "type": "FeatureCollection",
        "features": features,
    }
    return json.dumps(document, indent=4).replace("/", r"\/")


def _top_offer(offer: Offer, base: str) -> dict[str, object]:
    query = f"agid={AGENCY}&frametyp=2&styleid=1&detail={offer.id}"
    return {
        "angebot_id": offer.id,
        "agentur_id": AGENCY,
        "einrichtung_name": offer.value("einrichtungsname"),
        "angebot_name": offer.value("angebotsname"),
        "angebot_aufgaben": None,
        "info": offer.value("beschreibung"),
        "avatar_src": "",
        "angebot_plz": offer.value("plz"),
        "angebot_ort": offer.value("ort"),
        "angebot_bearbeitet": int(offer.value("bearbeitet")),
        "detail_link": f"{base}query/iframe/detail.php?{query}",
        "print_link": f"{base}query/iframe/print.php?{query}",
    }


def fields_of(offer: Offer) -> tuple[str, ...]:
    """An offer's fields of action; some have none."""
    if offer.id >= FIRST_NOVELTY:
        return NOVELTIES[(offer.id - FIRST_NOVELTY) % len(NOVELTIES)].fields
    return FIELDS[offer.id % len(FIELDS) :][: offer.id % 4]


def _blocks(offer: Offer) -> str:
    return f"{_offer_block(offer)}\n{_organisation_block(offer)}"


def _offer_block(offer: Offer) -> str:
    first, last = PEOPLE[offer.id % len(PEOPLE)]
    listed = {"angebotsname": "angebotsname", "beschreibung": "beschreibung", "strasse": "strasse"}
    listed |= {"plz": "plz", "ort": "ort", "geo_x": "geo_breite", "geo_y": "geo_laenge"}
    values = {name: offer.value(source) for name, source in listed.items()}
    values |= {"zeitlicherrahmen": TIMES[offer.id % len(TIMES)], "homepage": "", "avatar": ""}
    values |= {"vorname": first, "nachname": last, "funktion_der_person": "Ansprechperson"}
    values |= {"email": f"{first}.{last}@privat.example".lower(), "telefon": "0201 5550100"}
    lists = {
        "handlungsfelder": fields_of(offer),
        "zielgruppen": GROUPS[offer.id % 5 : offer.id % 5 + 1],
        "stadtteile": DISTRICTS[offer.id % 6 : offer.id % 6 + 1],
        "globalbereiche": (),
    }
    return f"<angebot_details>\n{_elements(values)}{_lists(lists)}</angebot_details>"


def _organisation_block(offer: Offer) -> str:
    number = offer.value("einrichtungs_id")
    values = {
        "name": offer.value("einrichtungsname"),
        "beschreibung": "",
        "strasse": "",
        "plz": "",
        "ort": "Musterstadt",
        "email": f"info@einrichtung-{number}.example" if number else "",
        "telefon": "",
        "homepage": f"https://einrichtung-{number}.example/" if number else "",
    }
    return f"<einrichtung_details>\n{_elements(values)}</einrichtung_details>"


def _elements(values: dict[str, str]) -> str:
    return "".join(
        f"<{name}>{escape(value, quote=False)}</{name}>\n" if value else f"<{name}/>\n"
        for name, value in values.items()
    )


def _lists(values: dict[str, tuple[str, ...]]) -> str:
    written = ""
    for name, words in values.items():
        inside = "".join(f"<element>{escape(word, quote=False)}</element>" for word in words)
        written += f"<{name}>{inside}</{name}>\n" if inside else f"<{name}/>\n"
    return written
