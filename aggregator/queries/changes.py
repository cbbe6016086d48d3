"""The change feed: every entity once, at its newest change number, gone ones as deleted.

Numbers follow the order of commits, so a reader that asks for "after the last one I saw" misses
nothing. A survivor of a merger names the ids it took over.

A page is read from an index of numbers and the documents, which say themselves what they are of.
What is gone, and who was merged, are few: they are looked for by themselves.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    union_all,
)

from aggregator.store.pages import DatabaseUnavailable, Pages, Shape
from aggregator.store.tables import document, entity, feed
from schema.entities import KINDS

GONE: Final = ("withdrawn", "merged", "erased")
MERGED: Final = "merged"
AFTER: Final = bindparam("after", type_=BigInteger)
LAST: Final = bindparam("last", type_=BigInteger)
TRIES: Final = 2
"""What changes between the statements of a page is seen when it is read again."""


@dataclass(frozen=True, slots=True)
class Named:
    """An entity without its document."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Changes:
    """A page: change numbers, ascending, and beside each the document of a live entity, or None
    where the number is in `gone`. `previous`: the ids that an entity took over, by its number."""

    numbers: Sequence[int] = ()
    documents: Sequence[bytes | None] = ()
    gone: Mapping[int, Named] = field(default_factory=dict)
    previous: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def reach(self) -> "Reach":
        """How far it goes."""
        return Reach(len(self.numbers), self.numbers[-1] if self.numbers else None)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many changes a page has, and its last number. Behind one number, in one counting, there
    are no two pages of the same reach that differ: a number that has left never comes back."""

    count: int
    last: int | None


@dataclass(frozen=True, slots=True)
class Count:
    """The counting that change numbers belong to."""

    epoch: str
    view: int


def _numbers() -> Select[Any]:
    few = bindparam("rows", type_=BigInteger)
    change = entity.c.change
    return select(change).where(change > AFTER).order_by(change).limit(few)


@cache
def _shape(*, bodies: bool) -> Shape:
    if bodies:
        beside = document.c.entity_no == entity.c.no
        rows = _numbers().add_columns(document.c.json)
        return Shape(rows.outerjoin_from(entity, document, beside))
    page = _numbers().subquery("page")
    reach: list[ColumnElement[Any]] = [func.count(), func.max(page.c.change)]
    return Shape(select(*reach))


def _named(number: ColumnElement[int], row: Any, *, gone: bool) -> Select[Any]:
    is_gone: ColumnElement[int] = literal_column(str(int(gone)), BigInteger)
    id_ = cast(row.c.id, Text).label("id")
    return select(number.label("number"), row.c.kind, id_, is_gone.label("gone"))


def _beside() -> Shape:
    own = entity.alias("own")
    kinds = own.c.kind.in_(tuple(KINDS))
    gone = _named(own.c.change, own, gone=True).where(kinds, own.c.state.in_(GONE))
    gone = gone.where(own.c.change > AFTER, own.c.change <= LAST)
    old, now = entity.alias("old"), entity.alias("now")
    number = (
        select(now.c.change)
        .where(now.c.id == old.c.merged_into, now.c.kind == old.c.kind)
        .correlate(old)
        .scalar_subquery()
    )
    merged = _named(number, old, gone=False)
    merged = merged.where(old.c.kind.in_(tuple(KINDS)), old.c.state == MERGED)
    parts = (gone.subquery("gone"), merged.subquery("merged"))
    rows = union_all(*[select(*part.c) for part in parts]).subquery("beside")
    return Shape(select(rows).where(rows.c.number > AFTER, rows.c.number <= LAST))


BESIDE: Final = _beside()
"""What is gone, and who was merged into an entity of the page: number, kind, id, 1 where gone."""
COUNTING: Final = Shape(select(feed.c.epoch, feed.c.view))


async def counting(pages: Pages) -> Count:
    """The counting that holds now."""
    ((epoch, view),) = await pages.rows(COUNTING, {})
    return Count(epoch, view)


async def read_reach(pages: Pages, after: int, limit: int) -> Reach:
    """How far the next `limit` changes after `after` go."""
    ((count, last),) = await pages.rows(_shape(bodies=False), {"after": after, "rows": limit})
    return Reach(count, last)


async def read_changes(pages: Pages, after: int, limit: int) -> Changes:
    """The next `limit` changes after number `after`, ascending. Raises `DatabaseUnavailable` where
    documents are being made anew."""
    for _ in range(TRIES):
        rows = await pages.rows(_shape(bodies=True), {"after": after, "rows": limit})
        if not rows:
            return Changes()
        numbers, documents = zip(*rows, strict=True)
        gone, previous = await _read_beside(pages, after, numbers[-1])
        if gone:
            documents = tuple([None if n in gone else said for n, said in rows])
        if documents.count(None) == len(gone):
            return Changes(numbers, documents, gone, previous)
    raise DatabaseUnavailable("documents are being made anew")


async def _read_beside(
    pages: Pages, after: int, last: int
) -> tuple[Mapping[int, Named], Mapping[int, tuple[str, ...]]]:
    gone: dict[int, Named] = {}
    previous: dict[int, list[str]] = defaultdict(list)
    for number, kind, id_, is_gone in await pages.rows(BESIDE, {"after": after, "last": last}):
        if is_gone:
            gone[number] = Named(kind, hyphened(id_))
        else:
            previous[number].append(hyphened(id_))
    return gone, {number: tuple(sorted(ids)) for number, ids in previous.items()}


def hyphened(id_: str) -> str:
    """A UUID as the database writes it, with or without hyphens → with them."""
    if len(id_) != 32:
        return id_
    return f"{id_[:8]}-{id_[8:12]}-{id_[12:16]}-{id_[16:20]}-{id_[20:]}"
