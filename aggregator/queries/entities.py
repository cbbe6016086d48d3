"""Published entities one by one: one by its id, the newest ones parsed. Lists are `listing`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, bindparam, literal, select

from aggregator.queries.wanted import LIVE
from aggregator.store.kinds import OfKind
from aggregator.store.pages import DatabaseUnavailable, Pages, Shape
from aggregator.store.tables import document, entity, feed


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
        .where(OfKind(entity.c.kind, literal(kind)), entity.c.state == LIVE)
        .order_by(entity.c.kind.desc(), entity.c.change.desc())
        .limit(limit)
    )
    return tuple(
        Entry(id=id_, kind=found, modified=modified, document=orjson.loads(body))
        for id_, found, modified, body in rows
    )
