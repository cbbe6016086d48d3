"""The change feed: every entity once, at its newest change number, gone ones as deleted.

Numbers follow the order of commits, so a reader that asks for "after the last one I saw" misses
nothing. A survivor of a merger names the ids it took over.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Text, bindparam, cast, func, select

from aggregator.store.pages import DatabaseUnavailable, Pages, Row, Shape
from aggregator.store.tables import document, entity, feed

LIVE: Final = "live"
MERGED: Final = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entity at its newest change. `document` is None when it is gone."""

    number: int
    id: UUID
    kind: str
    document: bytes | None
    previous_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """The counting that change numbers belong to."""

    epoch: str
    view: int


@cache
def _shape(*, bodies: bool) -> Shape:
    chosen = (
        select(entity.c.change)
        .where(entity.c.change > bindparam("after", type_=BigInteger))
        .order_by(entity.c.change)
        .limit(bindparam("rows", type_=BigInteger))
    )
    if not bodies:
        return Shape(chosen)
    old = entity.alias("old")
    previous = (
        select(func.aggregate_strings(cast(old.c.id, Text), ","))
        .where(old.c.merged_into == entity.c.id, old.c.kind == entity.c.kind, old.c.state == MERGED)
        .scalar_subquery()
    )
    return Shape(
        chosen.add_columns(
            entity.c.id, entity.c.kind, entity.c.state, document.c.json, previous
        ).outerjoin_from(entity, document, document.c.entity_no == entity.c.no)
    )


COUNTING: Final = Shape(select(feed.c.epoch, feed.c.view))


async def counting(pages: Pages) -> Count:
    """The epoch that change numbers belong to now."""
    ((epoch, view),) = await pages.rows(COUNTING, {})
    return Count(epoch, view)


async def change_numbers(pages: Pages, after: int, limit: int) -> tuple[int, ...]:
    """The next `limit` change numbers after `after`, ascending."""
    rows = await pages.rows(_shape(bodies=False), {"after": after, "rows": limit})
    return tuple([row[0] for row in rows])


async def read_changes(pages: Pages, after: int, limit: int) -> tuple[Change, ...]:
    """The next `limit` changes after number `after`, ascending."""
    shape = _shape(bodies=True)
    rows = await pages.rows(shape, {"after": after, "rows": limit})
    return tuple([_change(pages.typed(shape, row)) for row in rows])


def _change(row: Row) -> Change:
    number, id_, kind, state, body, previous = row
    live = state == LIVE
    if live and body is None:
        raise DatabaseUnavailable("documents are being made anew")
    return Change(
        number=number,
        id=id_,
        kind=kind,
        document=body if live else None,
        previous_ids=tuple(sorted(map(UUID, previous.split(",")))) if live and previous else (),
    )
