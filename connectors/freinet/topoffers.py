"""Freinet's top offers: JSON that calls itself a FeatureCollection and is none. Maps nothing.

Its features lack `type`, `geometry` and `properties`; the fields lie in the feature itself, under
other names than in the list and as numbers where the list has text.
"""

from typing import Any, Final

from connectors.base import Unreadable
from connectors.cleaning.jsontext import load, quoted_error
from connectors.cleaning.pages import refusal
from connectors.freinet.settings import AGENCY, OFFER_ID
from connectors.mapping import Audit
from schema import Level, Problem

_NAMES: Final = {
    "angebot_id": OFFER_ID,
    "agentur_id": AGENCY,
    "einrichtung_name": "einrichtungsname",
    "angebot_name": "angebotsname",
    "info": "beschreibung",
    "avatar_src": "avatar",
    "angebot_plz": "plz",
    "angebot_ort": "ort",
    "angebot_bearbeitet": "bearbeitet",
    "detail_link": "seite",
}
_IGNORED: Final = frozenset({"angebot_aufgaben", "print_link", "type", "geometry"})


def features(data: bytes) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The document → its offers in the vocabulary of the list, and findings. Raises `Unreadable`
    where it is no JSON or holds no list of features."""
    try:
        value, scrubbed = load(data)
    except ValueError as error:
        raise _refused(data, str(error)) from error
    listed = value.get("features") if isinstance(value, dict) else None
    if not isinstance(listed, list):
        said = quoted_error(data.decode("utf-8", "replace")) or "JSON"
        raise Unreadable(Problem("document.wrong_root", "", f'"features" expected, not {said}'))
    audit = Audit(frozenset(_NAMES), _IGNORED)
    offers = [_offer(audit.take(_payload(feature))) for feature in listed]
    problems = list(audit.problems())
    if scrubbed:
        problems.append(Problem("document.scrubbed", "", "forbidden characters", Level.WARNING))
    return offers, problems


def _payload(feature: Any) -> dict[str, Any]:
    """A feature's fields; nothing where it is no object."""
    if not isinstance(feature, dict):
        return {}
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else feature


def _offer(fields: dict[str, Any]) -> dict[str, Any]:
    """The list's names, everything as text, null left out."""
    said = {_NAMES[name]: str(value) for name, value in fields.items() if value is not None}
    return {OFFER_ID: "", **said}


def _refused(data: bytes, why: str) -> Unreadable:
    """JSON that is cut or broken is told apart from what never was JSON."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return Unreadable(Problem("document.unreadable", "", why))
    return refusal(data, "JSON")
