"""Events as calendars show them: which ones, and their stored components. Renders nothing.

A calendar is read twice: first its outline (which events, in which state), by which a client's
copy is judged, then the components page by page, so that no calendar has to fit into memory. What
changed in between is noticed: each page is compared with its outline.
"""

from array import array
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from hashlib import blake2b
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    literal_column,
    or_,
    select,
)

from aggregator.queries.candidates import Form, Order
from aggregator.queries.filters import Filters
from aggregator.queries.listing import Opened, open_list
from aggregator.queries.pages_by_order import KEPT_SHAPES, by_change, in_order
from aggregator.queries.wanted import Wanted as Asked
from aggregator.store.pages import Pages, Shape
from aggregator.store.tables import component, entity
from schema.formats.ical import FALLBACKS

EVENT: Final = "event"
OUTLINED: Final = 5_000
"""Events looked at in one statement for the outline."""
JOINED: Final = 500
"""Events whose components are joined in one statement."""
MOST: Final[ColumnElement[int]] = literal_column(str(JOINED + 1), BigInteger)
"""Said in the statement itself, so that a database knows how few there are."""
DIGEST_SIZE: Final = 16


class CalendarChanged(Exception):
    """An event changed while its calendar was being read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A page: the changes from `first` to `last`, and a digest of what they are."""

    first: int
    last: int
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A calendar without its events' texts. `digest` is over every event's last change."""

    leaves: tuple[Leaf, ...]
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events, and in which language where they have it."""

    filters: Filters
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """The components of a page, one after another, and the zones they name."""

    ics: bytes
    zones: frozenset[str]


def _shown() -> ColumnElement[bool]:
    """Whether a component is in the language that is shown of its event. The first question
    answers itself for most, without the second."""
    wanted = bindparam("language", type_=Text)
    other = component.alias()
    ranks = [(other.c.language == each, rank) for rank, each in enumerate((wanted, *FALLBACKS))]
    best = (
        select(other.c.language)
        .where(other.c.entity_no == component.c.entity_no)
        .order_by(case(*ranks, else_=len(ranks)), other.c.language)
        .limit(1)
        .scalar_subquery()
    )
    return or_(component.c.language == wanted, component.c.language == best)


@lru_cache(maxsize=KEPT_SHAPES)
def _entries_shape(form: Form) -> Shape:
    def cut(rows: Select[Any], order: Order) -> Select[Any]:
        first, last = (bindparam(name, type_=BigInteger) for name in ("first", "last"))
        return rows.where(order[-1] >= first, order[-1] <= last).order_by(*order).limit(MOST)

    leaf = in_order(form, cut).subquery("leaf")
    return Shape(
        select(leaf.c.change, component.c.ics, component.c.zones).outerjoin_from(
            leaf, component, and_(component.c.entity_no == leaf.c.no, _shown())
        )
    )


async def read_outline(pages: Pages, wanted: Wanted) -> Outline:
    """Which events a calendar has."""
    opened = await _opened(pages, wanted)
    shape = by_change(replace(opened.form, seek="back"), bodies=False)
    leaves: list[Leaf] = []
    last = 0
    while opened.total.n:
        rows = await pages.rows(shape, {**opened.values, "at_change": last, "rows": OUTLINED})
        changes = sorted(row[0] for row in rows)
        leaves += [_leaf(changes[at : at + JOINED]) for at in range(0, len(changes), JOINED)]
        if len(rows) < OUTLINED:
            break
        last = changes[-1]
    return Outline(leaves=tuple(leaves), digest=_digest(*[leaf.digest for leaf in leaves]))


async def _opened(pages: Pages, wanted: Wanted) -> Opened:
    return await open_list(pages, Asked(kind=EVENT, limit=OUTLINED, filters=wanted.filters))


def _leaf(changes: list[int]) -> Leaf:
    return Leaf(first=changes[0], last=changes[-1], digest=_over(changes))


def _over(changes: list[int]) -> bytes:
    return _digest(array("q", changes).tobytes())


def _digest(*said: bytes) -> bytes:
    return blake2b(b"".join(said), digest_size=DIGEST_SIZE).digest()


async def read_entries(pages: Pages, wanted: Wanted, outline: Outline) -> AsyncIterator[Entries]:
    """The components of an outline's events, page by page. Raises `CalendarChanged`."""
    opened = await _opened(pages, wanted)
    shape = _entries_shape(opened.form)
    values = {**opened.values, "language": wanted.language or FALLBACKS[0]}
    for leaf in outline.leaves:
        rows = await pages.rows(shape, {**values, "first": leaf.first, "last": leaf.last})
        rows.sort(key=itemgetter(0))
        if _over([row[0] for row in rows]) != leaf.digest:
            raise CalendarChanged
        zones = {row[2] for row in rows} - {None}
        yield Entries(
            ics=b"".join([row[1] for row in rows if row[1] is not None]),
            zones=frozenset(zone for said in zones for zone in said.split()),
        )


@cache
def _one_shape() -> Shape:
    return Shape(
        select(component.c.ics, component.c.zones)
        .join(entity, entity.c.no == component.c.entity_no)
        .where(entity.c.id == bindparam("id"), _shown())
    )


async def read_component(pages: Pages, entity_id: UUID, language: str | None) -> Entries:
    """One event's component; empty where nothing of it is shown."""
    values = {"id": entity_id, "language": language or FALLBACKS[0]}
    rows = await pages.rows(_one_shape(), values)
    ics, zones = rows[0] if rows else (b"", "")
    return Entries(ics=ics, zones=frozenset(zones.split()))
