"""Where an event is: LOCATION, GEO, Apple's structured location, VLOCATION → a place. Pure.

A text is taken apart only where that is safe: a postal code with its town, a street with its
number; all else stays the place's name, nothing is lost.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from connectors.cleaning.addresses import locality, postal_code
from connectors.cleaning.coordinates import NOWHERE, Point, point
from connectors.cleaning.html import line
from connectors.ical.lines import Properties
from schema import Place
from schema.normal.urls import is_web_url

_TOWN: Final = re.compile(r"(?:D-|DE-)?(\d{5})\s([^\d,;]{2,60})")
_STREET: Final = re.compile(
    r"[^\W\d_][^\n,;]{2,60}\s\d{1,4}\s?[a-zA-Z]?(?:\s?[-–/]\s?\d{1,4}\s?[a-zA-Z]?)?"
)
_COUNTRIES: Final = {
    "deutschland": "DE",
    "germany": "DE",
    "nederland": "NL",
    "netherlands": "NL",
    "niederlande": "NL",
    "portugal": "PT",
    "lietuva": "LT",
    "lithuania": "LT",
    "litauen": "LT",
}
_ONLINE: Final = re.compile(
    r"(?:online|online[- ]?(?:veranstaltung|event|meeting|treffen)|zoom|zoom[- ]meeting|webinar"
    r"|microsoft[ -]teams(?:[- ]besprechung|[- ]meeting)?|ms teams|teams|bigbluebutton|bbb|jitsi"
    r"|videokonferenz|virtuell|virtual|digital|internet|google meet|nuotoliu)",
    re.IGNORECASE,
)
LONGEST: Final = 1_000


def place_of(event: Properties) -> Place | None:
    """Where an event is; None where it does not say, or is online only."""
    inner = event.inside.get("VLOCATION", [])
    written = event.text("LOCATION") or next((t for each in inner if (t := each.text("NAME"))), "")
    apple = event.first("X-APPLE-STRUCTURED-LOCATION")
    if not written and apple is not None:
        written = apple.params.get("X-TITLE", "")
    at = point_of(event)
    fields = {} if is_online(written) else _parts(written[:LONGEST])
    if not fields and at.lat is None:
        return None
    return Place.model_validate({**fields, "lat": at.lat, "lon": at.lon})


def is_online(written: str) -> bool:
    """Whether a LOCATION says that it is nowhere."""
    text = written.strip()
    return bool(_ONLINE.fullmatch(text)) or is_web_url(text)


@lru_cache(maxsize=512)
def _parts(written: str) -> Mapping[str, str]:
    """A LOCATION's text → the fields of a place; a calendar names the same few again and again."""
    found: dict[str, str] = {}
    rest: list[str] = []
    for part in re.split(r"\n|,\s|;\s?", written):
        piece = line(part).strip(" ,;")
        town = _TOWN.fullmatch(piece)
        if not piece or is_web_url(piece):
            continue
        if town and "postal_code" not in found and postal_code(town[1]):
            found["postal_code"] = town[1]
            name, district = locality(town[2].strip())
            found.update({"locality": name or ""} | ({"district": district} if district else {}))
        elif _STREET.fullmatch(piece) and "street" not in found:
            found["street"] = piece
        elif piece.lower() in _COUNTRIES and "postal_code" in found:
            found["country"] = _COUNTRIES[piece.lower()]
        elif piece not in rest:
            rest.append(piece)
    name = ", ".join(each for each in rest if each != found.get("locality"))
    return {key: text for key, text in {"name": name, **found}.items() if text}


def point_of(event: Properties) -> Point:
    """The first coordinates that are a place."""
    inner = event.inside.get("VLOCATION", [])
    apple = event.first("X-APPLE-STRUCTURED-LOCATION")
    written = [
        event.value("GEO").replace("\\;", ";"),
        *([apple.value] if apple else []),
        *(each.value(name) for each in inner for name in ("GEO", "COORDINATES")),
    ]
    return next((at for each in written if (at := _coordinates(each)).lat is not None), NOWHERE)


def _coordinates(written: str) -> Point:
    """`51.5;7.0`, `51.5,7.0`, `geo:51.5,7.0;u=10` → a point."""
    text = written.strip().removeprefix("geo:")
    if written.startswith("geo:"):
        text = text.partition(";")[0]
    parts = text.split(";") if ";" in text else text.split(",")
    return point(parts[0].strip(), parts[1].strip()) if len(parts) == 2 else NOWHERE
