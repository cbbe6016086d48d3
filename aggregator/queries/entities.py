"""Published entities: pages of a list, one by its id, the newest ones. Never parses a body on the
hot path and never reads one before it must.

Lists show the newest change first; with `since` they go by the time of the change. Both orders
agree, but each has its own index, so that a list costs the same however old `since` is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy import tuple_ as pair

from aggregator.store.pages import DatabaseUnavailable, Pages, Row, Shape
from aggregator.store.tables import UtcDateTime, document, entity, feed

LIVE: Final = "live"
COUNTED: Final = 1000
"""Totals that nobody keeps are counted up to here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where in a list to go on: behind (`newer=False`) or before the entry with this change.
    `modified` is there in lists that go by it."""

    change: int
    modified: datetime | None = None
    newer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A page of live entities of one kind: at most `limit`, from `position` on."""

    kind: str
    limit: int
    since: datetime | None = None
    position: Position | None = None

    @property
    def newer(self) -> bool:
        """Whether the page is read against the order of the list."""
        return self.position is not None and self.position.newer


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Entries in the order of the list. Without bodies, only `changes` and `more` are known."""

    changes: tuple[int, ...]
    more: bool
    """Whether there are further entries in the direction the page was read."""
    bodies: tuple[bytes, ...] = ()
    first: Position | None = None
    last: Position | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """How many there are: exactly `n`, or at least `n`."""

    n: int
    at_least: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One entity. `document` is there while it is live; `mark` names epoch and view."""

    id: UUID
    kind: str
    state: str
    change: int
    modified: datetime
    merged_into: UUID | None
    document: bytes | None
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A live entity with its document parsed; texts in it are maps from language to text."""

    id: UUID
    kind: str
    modified: datetime
    document: Mapping[str, Any]


@cache
def _page_shape(*, since: bool, seek: str, bodies: bool) -> Shape:
    """`seek`: "" for the first page, else "older" or "newer"."""
    chosen = select(entity.c.change).where(
        entity.c.kind == bindparam("kind"), entity.c.state == LIVE
    )
    if bodies:  # with these columns, indexes alone lead to the documents
        columns = (document.c.json, entity.c.modified) if since else (document.c.json,)
        chosen = chosen.add_columns(*columns).outerjoin_from(
            entity, document, document.c.entity_no == entity.c.no
        )
    if since:
        chosen = chosen.where(entity.c.modified >= bindparam("since"))
    if seek:
        chosen = chosen.where(_beyond(since=since, newer=seek == "newer"))
    return Shape(_ordered(chosen, since=since, newer=seek == "newer"))


def _beyond(*, since: bool, newer: bool) -> ColumnElement[bool]:
    change = bindparam("change", type_=BigInteger)
    if not since:
        return entity.c.change > change if newer else entity.c.change < change
    here = pair(entity.c.modified, entity.c.change)
    there = pair(bindparam("modified", type_=UtcDateTime), change)
    return here > there if newer else here < there


def _ordered(chosen: Select[Any], *, since: bool, newer: bool) -> Select[Any]:
    columns = (entity.c.modified, entity.c.change) if since else (entity.c.change,)
    order = (column if newer else column.desc() for column in columns)
    return chosen.order_by(*order).limit(bindparam("rows", type_=BigInteger))


def _question(wanted: Wanted, *, bodies: bool) -> tuple[Shape, dict[str, Any]]:
    """The shape for a page and the values it needs; one row more shows whether it goes on."""
    position = wanted.position
    seek = "" if position is None else "newer" if position.newer else "older"
    values: dict[str, Any] = {"kind": wanted.kind, "rows": wanted.limit + 1}
    if wanted.since is not None:
        values["since"] = wanted.since
    if position is not None:
        values["change"] = position.change
        if wanted.since is not None:
            values["modified"] = position.modified
    return _page_shape(since=wanted.since is not None, seek=seek, bodies=bodies), values


async def read_page(pages: Pages, wanted: Wanted, *, bodies: bool) -> Page:
    """A page with or without its bodies; one statement, so what it says fits together."""
    shape, values = _question(wanted, bodies=bodies)
    rows = await pages.rows(shape, values)
    more = len(rows) > wanted.limit
    del rows[wanted.limit :]
    if wanted.newer:
        rows.reverse()
    changes = tuple([row[0] for row in rows])
    if not bodies:
        return Page(changes=changes, more=more)
    return Page(
        changes=changes,
        more=more,
        bodies=_bodies(rows),
        first=_position(pages, shape, rows[:1]),
        last=_position(pages, shape, rows[-1:]),
    )


def _bodies(rows: list[Row]) -> tuple[bytes, ...]:
    found = tuple([row[1] for row in rows])
    if None in found:
        raise DatabaseUnavailable("documents are being made anew")
    return found


def _position(pages: Pages, shape: Shape, rows: list[Row]) -> Position | None:
    for row in rows:
        change, _body, *modified = row
        if not modified:
            return Position(change=change)
        return Position(change=change, modified=pages.typed(shape, row)[2])
    return None


@cache
def _total_shape(*, since: bool) -> Shape:
    chosen: Select[Any] = select(literal_column("1").label("one")).where(
        entity.c.kind == bindparam("kind"), entity.c.state == LIVE
    )
    if since:
        chosen = chosen.where(entity.c.modified >= bindparam("since"))
    return Shape(select(func.count()).select_from(chosen.limit(COUNTED + 1).subquery()))


async def count_up(pages: Pages, wanted: Wanted) -> Total:
    """How many the whole list has, counted no further than `COUNTED`."""
    values: dict[str, Any] = {"kind": wanted.kind}
    if wanted.since is not None:
        values["since"] = wanted.since
    ((n,),) = await pages.rows(_total_shape(since=wanted.since is not None), values)
    return Total(min(n, COUNTED), at_least=n > COUNTED)


ONE: Final = Shape(
    select(
        entity.c.id,
        entity.c.kind,
        entity.c.state,
        entity.c.change,
        entity.c.modified,
        entity.c.merged_into,
        document.c.json,
        select(feed.c.epoch).scalar_subquery(),
        select(feed.c.view).scalar_subquery(),
    )
    .outerjoin_from(entity, document, document.c.entity_no == entity.c.no)
    .where(entity.c.id == bindparam("id"))
)


async def read_one(pages: Pages, entity_id: UUID) -> Found | None:
    """The entity with this id in whatever state, or None."""
    for row in await pages.rows(ONE, {"id": entity_id}):
        *plain, body, epoch, view = pages.typed(ONE, row)
        id_, kind, state, change, modified, merged_into = plain
        if state == LIVE and body is None:
            raise DatabaseUnavailable("documents are being made anew")
        return Found(
            id=id_,
            kind=kind,
            state=state,
            change=change,
            modified=modified,
            merged_into=merged_into,
            document=body if state == LIVE else None,
            mark=f"{epoch}.{view}",
        )
    return None


def newest_entries(connection: Connection, kind: str, limit: int) -> tuple[Entry, ...]:
    """The live entities of `kind` that changed last, newest first, their documents parsed."""
    rows = connection.execute(
        select(entity.c.id, entity.c.kind, entity.c.modified, document.c.json)
        .join(document, document.c.entity_no == entity.c.no)
        .where(entity.c.kind == kind, entity.c.state == LIVE)
        .order_by(entity.c.change.desc())
        .limit(limit)
    )
    return tuple(
        Entry(id=id_, kind=found, modified=modified, document=orjson.loads(body))
        for id_, found, modified, body in rows
    )
