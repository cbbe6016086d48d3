"""Query parameters that narrow a list or a calendar down by time, place and words: their forms, and
reading them. Those that name facets stand in `facet_params`.

What a value means may depend on the instance's time zone, on the hour, on the sources there are:
that is settled in `filtering`. Nothing here asks anything.
"""

import re
from datetime import date, datetime
from typing import Final, Literal

from aggregator.queries.filters import Box
from aggregator.queries.postcodes import place_of
from api.params import DATE, Explained, Parameter, instant
from schema.normal.words import Term, terms_in, words_of

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


def words(text: str) -> tuple[Term, ...]:
    """Words as people write them → what is looked for, each once."""
    if len(text) > LONGEST or not 0 < len(set(words_of(text))) <= MOST_WORDS:
        raise ValueError(text)
    return terms_in(text)


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
NEAR: Final = Parameter(
    name="near",
    form="a place as lat,lon in degrees (51.4825,11.9700), or a German postcode (06108).",
    parse=place,
    schema={"type": "string", "pattern": f"^([0-9]{{5}}|{NUMBER.pattern},{NUMBER.pattern})$"},
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
    schema={"type": "string", "pattern": f"^{NUMBER.pattern}(,{NUMBER.pattern}){{3}}$"},
    example="11.8,51.4,12.1,51.6",
)
Q: Final = Parameter(
    name="q",
    form=f"one to {MOST_WORDS} words, at most {LONGEST} characters: all of them must occur.",
    parse=words,
    schema={"type": "string", "minLength": 1, "maxLength": LONGEST},
    example="Fahrrad reparieren",
)
EXPAND: Final = Parameter(
    name="expand",
    form="occurrences: an entry for every occurrence in the window, instead of one a series.",
    parse=_expand,
    schema={"type": "string", "const": OCCURRENCES},
    example=OCCURRENCES,
)
PORTAL: Final = Parameter(
    name="portal",
    form="the id of a portal, as `/v1` has it: what its filter shows, and of that what else is "
    "asked for.",
    parse=str,
    schema={"type": "string", "minLength": 1},
    example="energie-halle",
)
ANYWHERE: Final = (NEAR, RADIUS, BBOX, Q, PORTAL)
"""What narrows every kind down besides its facets."""
