"""What lists and calendars may be narrowed down to: values only. Builds and reads nothing.

Whoever shows a list makes a `Wanted` (in `wanted`) with `Filters`, and hands it to `open_list` and
`read_page` (in `listing`), whose module says what a page has:

    wanted = Wanted(kind="offer", limit=20, filters=Filters(facets=(Choice("status", ("open",)),)))
    found = await open_list(pages, wanted)      # plan and total
    page = await read_page(pages, found, bodies=True)

Distances are measured on a flat map around the asked place, one degree of longitude as long as it
is there: within 200 km that is less than two percent off, and needs no extension of a database.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from aggregator.occurrences import SPANS, Window
from aggregator.queries.search import Sought, beginning
from schema.index import UNMAPPED, Facet

KM_OF_A_DEGREE: Final = 111.195
"""Of latitude, on a sphere of the earth's mean radius."""
LEAST_COSINE: Final = 1e-6
HALF_ROUND: Final = 180.0
ROUND: Final = 360.0
APART: Final = "\n"
"""Stands around each of several ids that are handed over as one text; no id has it."""
Value = TypeVar("Value")
BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
NO_STATUS: Final = "-"
"""What is the status of nothing."""
NOWHERE: Final = -1
"""The number of a facet that nothing has."""
WITHHELD: Final[Facet] = ("freshness", "withheld")
"""The facet of what is held back."""

__all__ = ["EVERYTHING", "UNMAPPED", "Area", "Box", "Choice", "Circle", "Filters", "Pattern"]


@dataclass(frozen=True, slots=True)
class Choice:
    """That an entity has any of some values of a facet. Names and values are those of
    `schema.index.facets_of`, and source, licence, organisation (a UUID), freshness (withheld)."""

    name: str
    values: tuple[str, ...]

    @property
    def facets(self) -> tuple[Facet, ...]:
        """Its values with the name."""
        return tuple([(self.name, value) for value in self.values])


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """Everything within `radius` kilometres of a point, in WGS 84 degrees."""

    lat: float
    lon: float
    radius: float

    @property
    def cosine(self) -> float:
        """How long a degree of longitude is here, as a share of one of latitude."""
        return max(math.cos(math.radians(self.lat)), LEAST_COSINE)

    @property
    def box(self) -> "Box":
        """The smallest box around it. One that ends on the date line has both names of it, 180 and
        -180, which are one place."""
        reach = self.radius / KM_OF_A_DEGREE
        aside = reach / self.cosine
        south, north = self.lat - reach, self.lat + reach
        if aside >= HALF_ROUND:
            return Box(west=-HALF_ROUND, south=south, east=HALF_ROUND, north=north)
        west, east = self.lon - aside, self.lon + aside
        if west <= -HALF_ROUND:
            west += ROUND
        if east >= HALF_ROUND:
            east -= ROUND
        return Box(west=west, south=south, east=east, north=north)

    def distance(self, lat: float, lon: float) -> float:
        """Kilometres from the middle to a point, as the condition measures them."""
        across = abs(lon - self.lon)
        across = min(across, ROUND - across) * self.cosine
        return KM_OF_A_DEGREE * math.hypot(lat - self.lat, across)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in WGS 84 degrees; `west` > `east` where it lies across the date line."""

    west: float
    south: float
    east: float
    north: float

    @property
    def across(self) -> bool:
        """Whether it lies across the date line."""
        return self.west > self.east


Area = Circle | Box


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which filters are asked for, without their values: what statements depend on, and are kept
    by. `choices`: how many values each has; `areas`: "circle" or "box", with "_across" where it
    lies across the date line; `hits`: few entities have the words, else
    `spellings` and `marks` of what many have; `statuses`: how many; `confirmed` as in
    `Filters`."""

    choices: tuple[int, ...] = ()
    areas: tuple[str, ...] = ()
    hits: bool = False
    spellings: tuple[int, ...] = ()
    marks: tuple[int, ...] = ()
    window: bool = False
    statuses: int = 0
    confirmed: bool | None = None

    @property
    def of_any_time(self) -> "Pattern":
        """The same without the window, and what is asked of occurrences in it."""
        return replace(self, window=False, statuses=0)

    @property
    def of_entity(self) -> bool:
        """Whether anything but facets is asked of an entity itself."""
        return bool(self.areas or self.confirmed is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is asked for; everything given must hold. `sought` is what looking for words found
    among entities of the kind; `status` (any of them) is that of an occurrence in the window,
    where there is a window, else the entity's; `within` are areas besides `near`, from which
    distances are measured.
    `confirmed`: whether any source but those in `stale` stands behind an entity (and nothing of
    it is withheld). `bounds` and `bounding_status` hold like `facets` and `status`, and still do
    where those of a facet are set aside to count its values."""

    window: Window | None = None
    status: tuple[str, ...] = ()
    facets: tuple[Choice, ...] = ()
    bounds: tuple[Choice, ...] = ()
    bounding_status: tuple[str, ...] = ()
    near: Circle | None = None
    within: tuple[Area, ...] = ()
    sought: Sought | None = None
    confirmed: bool | None = None
    stale: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """All facets that are asked for."""
        facets = (*self.facets, *self.bounds) if self.bounds else self.facets
        if self.statuses and self.window is None:
            return (*facets, Choice("status", self.statuses))
        return facets

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses of which any will do; where two demands have none in common, one that
        nothing has. An entity and an occurrence have one status each."""
        if not (self.status and self.bounding_status):
            return self.status or self.bounding_status
        return tuple([each for each in self.status if each in self.bounding_status]) or (NO_STATUS,)

    @property
    def areas(self) -> tuple[Area, ...]:
        """All areas that are asked for, the one distances are measured from first."""
        return self.within if self.near is None else (self.near, *self.within)

    @property
    def pattern(self) -> Pattern:
        """Which filters are asked for."""
        return Pattern(
            choices=tuple([_padded(len(each.values)) for each in self.choices]),
            areas=tuple(map(shape_of, self.areas)),
            **pattern_of(self.sought),
            window=self.window is not None,
            statuses=_padded(len(self.statuses)) if self.window else 0,
            confirmed=self.confirmed,
        )

    def without(self, name: str) -> "Filters":
        """The same without what is asked of a facet."""
        left = tuple(choice for choice in self.facets if choice.name != name)
        status = () if name == "status" else self.status
        return replace(self, facets=left, status=status)


EVERYTHING: Final = Filters()


def _padded(count: int) -> int:
    """Statements are kept for 1, 2, 4, 8 … values: the last one is said again."""
    return 1 << (count - 1).bit_length() if count else 0


def shape_of(area: Area) -> str:
    """What of an area a pattern says."""
    box, name = (area.box, "circle") if isinstance(area, Circle) else (area, "box")
    return f"{name}_across" if box.across else name


def values_of(filters: Filters, ids: Mapping[Facet, int]) -> dict[str, Any]:
    """What the parameters of conditions are; `ids`: the numbers of the facets that there are."""
    values: dict[str, Any] = dict(_numbers(filters, ids))
    if filters.sought is not None:
        values |= values_of_words(filters.sought)
    if filters.window is not None:
        values |= _around_time(filters.window)
        values |= {f"status_{at}": each for at, each in _repeated(filters.statuses)}
    for at, area in enumerate(filters.areas):
        values |= around(at, area)
    if filters.confirmed is not None:
        values["stale"] = "".join([f"{APART}{each}{APART}" for each in filters.stale])
        values["withheld"] = ids.get(WITHHELD, NOWHERE)
    return values


def _numbers(filters: Filters, ids: Mapping[Facet, int]) -> Iterator[tuple[str, int]]:
    for number, choice in enumerate(filters.choices):
        for at, facet in _repeated(choice.facets):
            yield f"facet_{number}_{at}", ids.get(facet, NOWHERE)


def _repeated(values: tuple[Value, ...]) -> list[tuple[int, Value]]:
    filled = (*values, *values[-1:] * (_padded(len(values)) - len(values)))
    return list(enumerate(filled))


def around(at: int, area: Area) -> dict[str, float]:
    """What the parameters of conditions on an area are."""
    box = area.box if isinstance(area, Circle) else area
    sides = {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    if isinstance(area, Circle):
        reach = area.radius / KM_OF_A_DEGREE
        sides |= {"lat": area.lat, "lon": area.lon, "square": reach * reach}
        sides |= {"shrink": area.cosine * area.cosine}
    return {f"area_{at}_{name}": value for name, value in sides.items()}


def _around_time(window: Window) -> dict[str, datetime]:
    """A window's ends, and since when what is of each length may go on when it begins."""
    room = window.after - BEGINNING
    since = (window.after - min(span, room) for span in SPANS)
    ends = {"window_after": window.after, "window_before": window.before}
    return ends | {f"window_{at}": each for at, each in enumerate(since, 1)}


def pattern_of(sought: Sought | None) -> dict[str, Any]:
    """What looking for words found → the fields of a pattern that say so."""
    if sought is None:
        return {}
    if sought.few:
        return {"hits": True}
    marks = tuple([_padded(len(some)) for some in sought.marks])
    return {"spellings": sought.spellings, "marks": marks}


def values_of_words(sought: Sought) -> dict[str, Any]:
    """What the parameters of conditions on words are: entities that have them, or where many have,
    what asks each for them. No word has a sign that means more than itself."""
    if sought.few:
        return {"hits": [hit.no for hit in sought.hits]}
    values: dict[str, Any] = {"among": sought.among}
    for at, term in enumerate(sought.terms):
        for way, spelling in enumerate(term.spellings):
            values[f"word_{at}_{way}"] = f"%{beginning(spelling)}%"
    for at, some in enumerate(sought.marks):
        values |= {f"mark_{at}_{each}": f"% {_escaped(mark)} %" for each, mark in _repeated(some)}
    return values


def _escaped(word: str) -> str:
    for sign in "\\%_":
        word = word.replace(sign, f"\\{sign}")
    return word
