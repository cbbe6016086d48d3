"""Pages that go by distance where many lie around the place: read from rings around it, each wider
than the one before, until one holds a whole page. What is nearer than a ring's edge is in the ring,
so the page is the same as if all of the circle had been sorted.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Float, bindparam, select

from aggregator.queries.candidates import Form, of_kind_by_title
from aggregator.queries.filters import KM_OF_A_DEGREE, Circle, around, shape_of
from aggregator.queries.narrowing import conditions, of_entity, squared
from aggregator.queries.pages_by_order import DISTANCE, KEPT_SHAPES, NO, looked_up, sought
from aggregator.queries.wanted import Spot, Wanted
from aggregator.store.pages import Pages, Row, Shape
from aggregator.store.tables import entity

FIRST: Final = 16
"""The first ring reaches so much less far than the circle."""
LEAST_GROWTH: Final = 2.0
MOST_GROWTH: Final = 16.0
"""The next ring has so many times the area of the one before, depending on what that had."""
ROOM: Final = 1.5
"""How much more than seems to be needed a ring is made to hold."""
MARGIN: Final = 1 + 1e-9
"""A ring's box is so much wider than the ring, so that rounding cuts nothing off."""


@dataclass(frozen=True, slots=True)
class Edge:
    """How far a ring reaches, and where the page goes on from: squares of degrees of latitude."""

    square: float
    start: float = 0.0

    def next(self, found: int, needed: int) -> "Edge":
        """The edge of a ring that may hold as much as is needed, where this one holds less."""
        growth = ROOM * needed / max(1, found)
        area = (self.square - self.start) * min(max(growth, LEAST_GROWTH), MOST_GROWTH)
        return replace(self, square=self.start + area)


def first_edge(wanted: Wanted, whole: float) -> Edge:
    """Where to begin, in a circle whose edge is `whole`. What lies before a position lies within
    one ring."""
    at = wanted.position
    start = at.square if isinstance(at, Spot) else 0.0
    if wanted.back:
        return Edge(start)
    return Edge(start + whole / FIRST**2, start)


async def read_nearest(
    pages: Pages, form: Form, wanted: Wanted, values: Mapping[str, Any], *, bodies: bool
) -> tuple[Shape, list[Row]]:
    """The rows of a page and the one behind it, and the statement they came from. `values` has
    what the statement needs, the position too; the rows are those of `by_distance`."""
    near = wanted.filters.near
    assert near is not None
    needed = values["rows"]
    whole = (near.radius / KM_OF_A_DEGREE) ** 2
    edge = first_edge(wanted, whole)
    while edge.square < whole:
        ring, sides = _ring(near, edge.square)
        shape = by_ring(_around(form, ring), bodies=bodies)
        rows = await pages.rows(shape, {**values, **sides})
        if len(rows) >= needed or wanted.back:
            return shape, rows
        edge = edge.next(len(rows), needed)
    shape = by_ring(form, bodies=bodies)
    return shape, await pages.rows(shape, values)


def _ring(near: Circle, square: float) -> tuple[Circle, Mapping[str, float]]:
    """The circle up to an edge, and what the parameters of its conditions are."""
    reach = math.sqrt(square) * KM_OF_A_DEGREE
    ring = replace(near, radius=reach * MARGIN)
    return ring, {**around(DISTANCE, ring), f"area_{DISTANCE}_square": square}


def _around(form: Form, ring: Circle) -> Form:
    areas = (shape_of(ring), *form.pattern.areas[1:])
    return replace(form, pattern=replace(form.pattern, areas=areas))


@lru_cache(maxsize=KEPT_SHAPES)
def by_ring(form: Form, *, bodies: bool) -> Shape:
    """Rows of `change`, `square` and `no`, and with bodies `json` and the place. All that a ring
    is searched for stands in one index, but for what other filters ask."""
    pattern = form.pattern
    square = squared(DISTANCE, entity).label("square")
    rest = replace(pattern, areas=(), confirmed=None)
    passing = [
        *of_kind_by_title(form),
        *of_entity(pattern, entity),
        *conditions(rest, entity.c.no, entity.c.change),
    ]
    rows = select(entity.c.no, square).where(*passing)
    at = (bindparam("at_square", type_=Float), NO)
    page = sought(rows, form, (square, entity.c.no), at).subquery("page")
    change = select(entity.c.change).where(entity.c.no == page.c.no).correlate(page)
    columns = (change.scalar_subquery().label("change"), page.c.square, page.c.no)
    return Shape(select(*columns, *(looked_up(page, form) if bodies else ())))
