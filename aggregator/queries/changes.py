"""The change feed: every entity once, at its newest change number, gone ones as deleted.

Numbers follow the order of commits, so a reader that asks for "after the last one I saw" misses
nothing. A survivor of a merger names the ids it took over.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, Select, Text, bindparam, cast, select

from aggregator.store.pages import DatabaseUnavailable, Pages, Shape
from aggregator.store.tables import document, entity, feed

LIVE: Final = "live"
MERGED: Final = "merged"
AFTER: Final = bindparam("after", type_=BigInteger)


class Change(NamedTuple):
    """One entity at its newest change. `document` is None when it is gone. (A named tuple: pages
    have hundreds of them, and these are the cheapest to make.)"""

    number: int
    id: str
    kind: str
    document: bytes | None
    previous_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """The counting that change numbers belong to."""

    epoch: str
    view: int


@cache
def _shape(*, bodies: bool) -> Shape:
    chosen: Select[tuple[int]] = (
        select(entity.c.change)
        .where(entity.c.change > AFTER)
        .order_by(entity.c.change)
        .limit(bindparam("rows", type_=BigInteger))
    )
    if not bodies:
        return Shape(chosen)
    said = (cast(entity.c.id, Text), entity.c.kind, entity.c.state, document.c.json)
    return Shape(
        chosen.add_columns(*said).outerjoin_from(
            entity, document, document.c.entity_no == entity.c.no
        )
    )


def _previous() -> Shape:
    old = entity.alias("old")
    merged = (
        old.c.merged_into == entity.c.id,
        old.c.kind == entity.c.kind,
        old.c.state == MERGED,
    )
    return Shape(
        select(entity.c.change, old.c.id)
        .join_from(entity, old, merged[0] & merged[1] & merged[2])
        .where(entity.c.change > AFTER, entity.c.change <= bindparam("last", type_=BigInteger))
    )


PREVIOUS: Final = _previous()
COUNTING: Final = Shape(select(feed.c.epoch, feed.c.view))


async def counting(pages: Pages) -> Count:
    """The counting that holds now."""
    ((epoch, view),) = await pages.rows(COUNTING, {})
    return Count(epoch, view)


async def change_numbers(pages: Pages, after: int, limit: int) -> tuple[int, ...]:
    """The next `limit` change numbers after `after`, ascending."""
    rows = await pages.rows(_shape(bodies=False), {"after": after, "rows": limit})
    return tuple([row[0] for row in rows])


async def read_changes(pages: Pages, after: int, limit: int) -> tuple[Change, ...]:
    """The next `limit` changes after number `after`, ascending."""
    rows = await pages.rows(_shape(bodies=True), {"after": after, "rows": limit})
    previous = await _previous_ids(pages, after, rows[-1][0]) if rows else {}
    changes = []
    for number, id_, kind, state, body in rows:
        live = state == LIVE
        if live and body is None:
            raise DatabaseUnavailable("documents are being made anew")
        earlier = previous.get(number, ()) if live else ()
        changes.append(Change(number, hyphened(id_), kind, body if live else None, earlier))
    return tuple(changes)


async def _previous_ids(pages: Pages, after: int, last: int) -> Mapping[int, tuple[str, ...]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in await pages.rows(PREVIOUS, {"after": after, "last": last}):
        number, id_ = pages.typed(PREVIOUS, row)
        found[number].append(str(id_))
    return {number: tuple(sorted(ids)) for number, ids in found.items()}


def hyphened(id_: str) -> str:
    """A UUID as the database writes it, with or without hyphens → with them."""
    if len(id_) != 32:
        return id_
    return f"{id_[:8]}-{id_[8:12]}-{id_[12:16]}-{id_[16:20]}-{id_[20:]}"
