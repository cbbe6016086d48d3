"""Events as calendars show them: which ones, and their stored components. Renders nothing.

A calendar is read twice: first its outline (which events, in which state), by which a client's
copy is judged, then the components page by page, so that no calendar has to fit into memory. What
changed in between is noticed: each page is compared with its outline.
"""

from array import array
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Text, and_, bindparam, case, or_, select

from aggregator.queries.filters import Filters, Pattern, conditions, values_of
from aggregator.store.pages import Pages, Shape
from aggregator.store.tables import component, entity
from schema.formats.ical import FALLBACKS

EVENT: Final = "event"
LIVE: Final = "live"
OUTLINED: Final = 5_000
"""Events looked at in one statement for the outline."""
JOINED: Final = 500
"""Events whose components are joined in one statement."""
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

    @property
    def values(self) -> dict[str, Any]:
        """What the statements' parameters are, but for the page's."""
        return {"kind": EVENT, **values_of(self.filters)}


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


def _live(pattern: Pattern) -> list[ColumnElement[bool]]:
    first = entity.c.change >= bindparam("first", type_=BigInteger)
    kind = entity.c.kind == bindparam("kind")
    return [kind, entity.c.state == LIVE, first, *conditions(pattern)]


@cache
def _outline_shape(pattern: Pattern) -> Shape:
    chosen = select(entity.c.change).where(*_live(pattern)).order_by(entity.c.change)
    return Shape(chosen.limit(bindparam("rows", type_=BigInteger)))


@cache
def _entries_shape(pattern: Pattern) -> Shape:
    return Shape(
        select(entity.c.change, component.c.ics, component.c.zones)
        .outerjoin_from(entity, component, and_(component.c.entity_no == entity.c.no, _shown()))
        .where(*_live(pattern), entity.c.change <= bindparam("last", type_=BigInteger))
        .order_by(entity.c.change)
    )


async def read_outline(pages: Pages, wanted: Wanted) -> Outline:
    """Which events a calendar has."""
    shape, values = _outline_shape(wanted.filters.pattern), wanted.values
    leaves: list[Leaf] = []
    first = 0
    while True:
        rows = await pages.rows(shape, {**values, "first": first, "rows": OUTLINED})
        changes = [row[0] for row in rows]
        leaves += [_leaf(changes[at : at + JOINED]) for at in range(0, len(changes), JOINED)]
        if len(rows) < OUTLINED:
            break
        first = changes[-1] + 1
    return Outline(leaves=tuple(leaves), digest=_digest(*[leaf.digest for leaf in leaves]))


def _leaf(changes: list[int]) -> Leaf:
    return Leaf(first=changes[0], last=changes[-1], digest=_over(changes))


def _over(changes: list[int]) -> bytes:
    return _digest(array("q", changes).tobytes())


def _digest(*said: bytes) -> bytes:
    return blake2b(b"".join(said), digest_size=DIGEST_SIZE).digest()


async def read_entries(pages: Pages, wanted: Wanted, outline: Outline) -> AsyncIterator[Entries]:
    """The components of an outline's events, page by page. Raises `CalendarChanged`."""
    shape, values = _entries_shape(wanted.filters.pattern), wanted.values
    values["language"] = wanted.language or FALLBACKS[0]
    for leaf in outline.leaves:
        rows = await pages.rows(shape, {**values, "first": leaf.first, "last": leaf.last})
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
