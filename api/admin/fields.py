"""How the fields of entries are called where their differences are told. Data, and choosing."""

import re
from collections.abc import Mapping
from typing import Final

from schema.vocabulary import LABELS

ANSWERS: Final[Mapping[str, str]] = {"yes": "ja", "no": "nein"}
TRUTHS: Final = frozenset(
    {"open_for_cooperation", "previous_start", "recurrence", "remote", "when"}
)
"""Fields in which yes and no are no words of a source."""
BEHIND: Final = re.compile(r"( \d+)?( \([^()]*\))?$")
"""What may stand behind a field's name in a part of a path: a place in a list, a language."""
GERMAN: Final[Mapping[str, str]] = {
    "accessibility": "Barrierefreiheit",
    "activities": "Tätigkeiten",
    "added": "zusätzliche Termine",
    "ags": "Gemeindeschlüssel",
    "all day": "ganztägig",
    "alt": "Bildbeschreibung",
    "attendance": "Teilnahme",
    "authority": "Vorrang",
    "benefits": "Was es dafür gibt",
    "by": "vergeben von",
    "categories": "Kategorien",
    "climate": "Klimabezug",
    "commitment": "Dauer",
    "consent": "Einwilligung",
    "contact": "Kontakt",
    "country": "Land",
    "credit": "Urheber",
    "description": "Beschreibung",
    "description html": "Beschreibung (HTML)",
    "district": "Ortsteil",
    "email": "E-Mail",
    "end": "Ende",
    "form": "Form",
    "hours": "Stunden",
    "images": "Bilder",
    "initiative type": "Art der Initiative",
    "lat": "Breite",
    "licence": "Lizenz",
    "links": "Verweise",
    "locality": "Gemeinde",
    "lon": "Länge",
    "name": "Name",
    "native id": "Kennung der Quelle",
    "open for cooperation": "offen für Kooperation",
    "opening hours": "Öffnungszeiten",
    "organisation": "Organisation",
    "organiser": "Veranstalter",
    "overrides": "abweichende Termine",
    "person": "Person",
    "phone": "Telefon",
    "place": "Ort",
    "postal code": "Postleitzahl",
    "precision": "Genauigkeit",
    "previous start": "früherer Beginn",
    "recurrence": "Wiederholung",
    "recurrence id": "Termin",
    "remote": "von zu Hause",
    "removed": "entfallende Termine",
    "requirements": "Voraussetzungen",
    "respond": "Melden bei",
    "role": "Rolle",
    "rule": "Regel",
    "schedule": "Zeiten",
    "scheme": "Schema",
    "sequence": "Fassung",
    "skills": "Fähigkeiten",
    "source created": "angelegt",
    "source modified": "geändert",
    "source uid": "UID der Quelle",
    "start": "Beginn",
    "status": "Status",
    "status reason": "Grund",
    "stock": "Bestand",
    "street": "Straße",
    "summary": "Kurztext",
    "tags": "Schlagwörter",
    "target groups": "Zielgruppen",
    "term": "Begriff",
    "title": "Titel",
    "type": "Art",
    "url": "Adresse",
    "valid from": "gültig ab",
    "valid through": "gültig bis",
    "wanted": "gesucht",
    "when": "Zeit",
    "zone": "Zeitzone",
}


def field_name(path: str, language: str) -> str:
    """A difference's path ("place, postal code") in words; what has none stays as it is."""
    if language != "de":
        return path
    return ", ".join(map(_german, path.split(", ")))


def field_value(field: str, value: str, language: str) -> str:
    """A value of a vocabulary ("status", "open") by its label, yes and no in the language; any
    other as it is."""
    plain = ANSWERS.get(value, value) if language == "de" and field in TRUTHS else value
    return LABELS.get(f"{field}.{value}", {}).get(language, plain)


def _german(part: str) -> str:
    behind = BEHIND.search(part)
    assert behind is not None  # there may be nothing
    name = part[: behind.start()]
    return GERMAN.get(name, name) + behind.group()
