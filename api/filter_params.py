"""Query parameters that narrow a list or a calendar down: their forms, and reading them.

What a value means may depend on the instance's time zone, on the hour, on the sources there are:
that is settled in `filtering`. Nothing here asks anything.
"""

import re
from datetime import date, datetime
from typing import Final, Literal

from aggregator.queries.filters import Box
from aggregator.queries.postcodes import place_of
from api.params import DATE, Explained, Parameter, instant
from schema import schemes
from schema.index import UNMAPPED
from schema.normal.words import terms_in
from schema.vocabulary import EVENT_STATUSES

NOW: Final = "now"
Bound = datetime | date | Literal["now"]
"""An end of a window: an instant, a day in the instance's zone, or the hour that began last."""

FARTHEST: Final = 200
DEFAULT_RADIUS: Final = 10.0
MOST_WORDS: Final = 8
LONGEST: Final = 200
NUMBER: Final = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,15})?")
OCCURRENCES: Final = "occurrences"
POSTCODE: Final = re.compile(r"[0-9]{5}")


def bound(text: str) -> Bound:
    """An end of a window as people write it."""
    if text == NOW:
        return "now"
    return date.fromisoformat(text) if DATE.fullmatch(text) else instant(text)


def _status(text: str) -> str:
    if text not in EVENT_STATUSES:
        raise ValueError(text)
    return text


def _number(text: str) -> float:
    if not NUMBER.fullmatch(text):
        raise ValueError(text)
    return float(text)


def _degrees(text: str, most: float) -> float:
    number = _number(text)
    if abs(number) > most:
        raise ValueError(text)
    return number


def place(text: str) -> tuple[float, float]:
    """`lat,lon` or a German postcode → latitude and longitude, in degrees."""
    if POSTCODE.fullmatch(text):
        found = place_of(text)
        if found is None:
            raise Explained(
                f"{text} is no German postcode that is known here; write one that is, or the "
                "coordinates as lat,lon, for example 51.4825,11.9700."
            )
        return found
    lat, lon = text.split(",")
    return _degrees(lat, 90), _degrees(lon, 180)


def _radius(text: str) -> float:
    number = _number(text)
    if not 0 < number <= FARTHEST:
        raise ValueError(text)
    return number


def box(text: str) -> Box:
    """`west,south,east,north`, as GeoJSON has it (RFC 7946, 5)."""
    west, south, east, north = text.split(",")
    found = Box(
        west=_degrees(west, 180),
        south=_degrees(south, 90),
        east=_degrees(east, 180),
        north=_degrees(north, 90),
    )
    if found.south > found.north:
        raise Explained("south lies north of north; the order is west,south,east,north.")
    return found


def words(text: str) -> tuple[str, ...]:
    """Words as people write them → folded ones, each once."""
    found = tuple(term.spellings[-1] for term in terms_in(text))
    if len(text) > LONGEST or not 0 < len(found) <= MOST_WORDS:
        raise ValueError(text)
    return found


def category(text: str) -> str:
    """`term`, `scheme:term` or `unmapped` → `scheme:term` or `unmapped`."""
    if text == UNMAPPED:
        return text
    term = schemes.find(text)
    if term is None:
        accepted = ", ".join((UNMAPPED, *schemes.written()))
        raise Explained(f"there is no such category; accepted are {accepted}.")
    return f"{term.scheme}:{term.id}"


def _every_term() -> list[str]:
    """Every spelling of a category that is accepted: of the default scheme, both."""
    each = (term for name in schemes.names() for term in schemes.scheme(name).terms.values())
    return sorted({*schemes.written(), *(f"{term.scheme}:{term.id}" for term in each)})


def _expand(text: str) -> str:
    if text != OCCURRENCES:
        raise ValueError(text)
    return text


_BOUND: Final = "a date and time with offset (RFC 3339), a date, or `now`"
BOUND_SCHEMA: Final = {
    "anyOf": [
        {"type": "string", "format": "date-time"},
        {"type": "string", "format": "date"},
        {"const": NOW},
    ]
}
FROM: Final = Parameter(
    name="from",
    form=f"{_BOUND}: what is over before is left out. A date means its first instant here.",
    parse=bound,
    schema=BOUND_SCHEMA,
    example="now",
)
TO: Final = Parameter(
    name="to",
    form=f"{_BOUND}: what begins then or later is left out. A date means the end of that day.",
    parse=bound,
    schema=BOUND_SCHEMA,
    example="2027-12-31",
)
STATUS: Final = Parameter(
    name="status",
    form=f"one of {', '.join(EVENT_STATUSES)}.",
    parse=_status,
    schema={"type": "string", "enum": list(EVENT_STATUSES)},
    example="cancelled",
)
NEAR: Final = Parameter(
    name="near",
    form="a place as lat,lon in degrees (51.4825,11.9700), or a German postcode (06108).",
    parse=place,
    schema={"type": "string", "pattern": r"^([0-9]{5}|-?[0-9.]+,-?[0-9.]+)$"},
    example="51.4825,11.9700",
)
RADIUS: Final = Parameter(
    name="radius",
    form=f"kilometres around `near`, more than 0, at most {FARTHEST}; {DEFAULT_RADIUS:g} "
    "where it is left out.",
    parse=_radius,
    schema={
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": FARTHEST,
        "default": DEFAULT_RADIUS,
    },
    example="25",
)
BBOX: Final = Parameter(
    name="bbox",
    form="west,south,east,north in degrees, for example 11.8,51.4,12.1,51.6.",
    parse=box,
    schema={"type": "string", "pattern": r"^-?[0-9.]+(,-?[0-9.]+){3}$"},
    example="11.8,51.4,12.1,51.6",
)
Q: Final = Parameter(
    name="q",
    form=f"one to {MOST_WORDS} words, at most {LONGEST} characters: all of them must occur.",
    parse=words,
    schema={"type": "string", "minLength": 1, "maxLength": LONGEST},
    example="Fahrrad reparieren",
)
CATEGORY: Final = Parameter(
    name="category",
    form="a term of the default scheme, scheme:term, or unmapped.",
    parse=category,
    schema={"type": "string", "enum": [UNMAPPED, *_every_term()]},
    example="mobility",
)
SOURCE: Final = Parameter(
    name="source",
    form="the id of a source, as `/v1/sources` has it.",
    parse=str,
    schema={"type": "string", "minLength": 1},
    example="stadtkalender",
)
EXPAND: Final = Parameter(
    name="expand",
    form="occurrences: an entry for every occurrence in the window, instead of one a series.",
    parse=_expand,
    schema={"type": "string", "const": OCCURRENCES},
    example=OCCURRENCES,
)
FILTERS: Final = (FROM, TO, STATUS, NEAR, RADIUS, BBOX, Q, CATEGORY, SOURCE)
"""What narrows events down, in lists and calendars alike."""
