"""Published entities: pages of a list, one by its id, the newest ones. Never parses a body on the
hot path and never reads one before it must.

Lists show the newest change first; with `since` they go by the time of the change. Both orders
agree, but each has its own index, so that a list costs the same however old `since` is. What goes
by when it takes place stands in `agenda`.
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

from aggregator.queries.filters import EVERYTHING, Filters, Pattern, conditions, values_of
from aggregator.store.pages import DatabaseUnavailable, Pages, Row, Shape
from aggregator.store.tables import UtcDateTime, document, entity, feed

LIVE: Final = "live"
COUNTED: Final = 1000
"""Totals that nobody keeps are counted up to here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where in a list to go on: behind or before (`back`) the entry with this change.
    `modified` is there in lists that go by it."""

    change: int
    modified: datetime | None = None
    back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Where in a list that goes by start to go on: behind or before (`back`) the entity with this
    number. `recurrence_id` is there in lists of occurrences."""

    starts: datetime
    no: int
    recurrence_id: str | None = None
    back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A page of live entities of one kind: at most `limit`, from `position` on, which belongs to
    the order of the list. `few`: a count has shown that there are no more than `COUNTED` in it."""

    kind: str
    limit: int
    few: bool = False
    since: datetime | None = None
    filters: Filters = EVERYTHING
    position: Position | Moment | None = None

    @property
    def back(self) -> bool:
        """Whether the page is read against the order of the list."""
        return self.position is not None and self.position.back


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Entries in the order of the list. Without bodies, only `changes` and `more` are known."""

    changes: tuple[int, ...]
    more: bool
    """Whether there are further entries in the direction the page was read."""
    bodies: tuple[bytes, ...] = ()
    first: Position | Moment | None = None
    last: Position | Moment | None = None
    distances: tuple[float, ...] | None = None
    """Kilometres from the place asked for, where one was."""


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
def _page_shape(*, since: bool, seek: str, bodies: bool, pattern: Pattern = ()) -> Shape:
    """`seek`: "" for the first page, else "on" or "back"."""
    chosen = select(entity.c.change).where(*_all(pattern, since=since))
    if bodies:  # with these columns, indexes alone lead to the documents of unfiltered lists
        columns = (document.c.json, entity.c.modified) if since else (document.c.json,)
        chosen = chosen.add_columns(*columns, *place_columns(pattern)).outerjoin_from(
            entity, document, document.c.entity_no == entity.c.no
        )
    if seek:
        chosen = chosen.where(_beyond(since=since, back=seek == "back"))
    return Shape(_ordered(chosen, since=since, back=seek == "back"))


def _all(pattern: Pattern, *, since: bool) -> list[ColumnElement[bool]]:
    found = [entity.c.kind == bindparam("kind"), entity.c.state == LIVE, *conditions(pattern)]
    return [*found, entity.c.modified >= bindparam("since")] if since else found


def place_columns(pattern: Pattern) -> tuple[ColumnElement[float], ...]:
    """What a page needs further to tell distances."""
    return (entity.c.lat, entity.c.lon) if "near" in pattern else ()


def _beyond(*, since: bool, back: bool) -> ColumnElement[bool]:
    change = bindparam("change", type_=BigInteger)
    if not since:
        return entity.c.change > change if back else entity.c.change < change
    here = pair(entity.c.modified, entity.c.change)
    there = pair(bindparam("modified", type_=UtcDateTime), change)
    return here > there if back else here < there


def _ordered(chosen: Select[Any], *, since: bool, back: bool) -> Select[Any]:
    columns = (entity.c.modified, entity.c.change) if since else (entity.c.change,)
    order = (column if back else column.desc() for column in columns)
    return chosen.order_by(*order).limit(bindparam("rows", type_=BigInteger))


def _question(wanted: Wanted, *, bodies: bool) -> tuple[Shape, dict[str, Any]]:
    """The shape for a page and the values it needs; one row more shows whether it goes on."""
    position = wanted.position
    values = {**values_for(wanted), "rows": wanted.limit + 1}
    if isinstance(position, Position):
        values["change"] = position.change
        if wanted.since is not None:
            values["modified"] = position.modified
    shape = _page_shape(
        since=wanted.since is not None,
        seek=seek_of(wanted),
        bodies=bodies,
        pattern=wanted.filters.pattern,
    )
    return shape, values


def seek_of(wanted: Wanted) -> str:
    """In which direction a page goes on from its position: "on", "back", "" without one."""
    if wanted.position is None:
        return ""
    return "back" if wanted.back else "on"


def values_for(wanted: Wanted) -> dict[str, Any]:
    """What the conditions on entities need."""
    values = {"kind": wanted.kind, **values_of(wanted.filters)}
    return values if wanted.since is None else {**values, "since": wanted.since}


async def read_page(pages: Pages, wanted: Wanted, *, bodies: bool) -> Page:
    """A page with or without its bodies; one statement, so what it says fits together."""
    shape, values = _question(wanted, bodies=bodies)
    rows = await pages.rows(shape, values)
    more = cut(rows, wanted)
    changes = tuple([row[0] for row in rows])
    if not bodies:
        return Page(changes=changes, more=more)
    since = wanted.since is not None
    return Page(
        changes=changes,
        more=more,
        bodies=whole([row[1] for row in rows]),
        first=_position(pages, shape, rows[:1], since=since),
        last=_position(pages, shape, rows[-1:], since=since),
        distances=distances(rows, wanted.filters),
    )


def cut(rows: list[Row], wanted: Wanted) -> bool:
    """Bring the rows of a page into the order of the list, without the one too many; whether
    there was one."""
    more = len(rows) > wanted.limit
    del rows[wanted.limit :]
    if wanted.back:
        rows.reverse()
    return more


def whole(bodies: list[bytes]) -> tuple[bytes, ...]:
    """The bodies of a page. Raises `DatabaseUnavailable` where one is not made yet."""
    if None in bodies:
        raise DatabaseUnavailable("documents are being made anew")
    return tuple(bodies)


def distances(rows: list[Row], filters: Filters) -> tuple[float, ...] | None:
    """Rows that end with latitude and longitude → kilometres from the place asked for."""
    near = filters.near
    if near is None:
        return None
    return tuple([round(near.distance(row[-2], row[-1]), 2) for row in rows])


def _position(pages: Pages, shape: Shape, rows: list[Row], *, since: bool) -> Position | None:
    for row in rows:
        if not since:
            return Position(change=row[0])
        return Position(change=row[0], modified=pages.typed(shape, row)[2])
    return None


@cache
def _total_shape(*, since: bool, pattern: Pattern = ()) -> Shape:
    chosen: Select[Any] = select(literal_column("1").label("one")).where(
        *_all(pattern, since=since)
    )
    return Shape(select(func.count()).select_from(chosen.limit(COUNTED + 1).subquery()))


async def count_up(pages: Pages, wanted: Wanted) -> Total:
    """How many the whole list has, counted no further than `COUNTED`."""
    shape = _total_shape(since=wanted.since is not None, pattern=wanted.filters.pattern)
    ((n,),) = await pages.rows(shape, values_for(wanted))
    return total_of(n)


def total_of(n: int) -> Total:
    """What was counted no further than one more than `COUNTED` → the total."""
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
