"""What a page about one entry shows besides its document: whether its sources stand behind it now,
when it takes place next, what else the same organisation has. Reading only.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, or_, select

from aggregator.queries.entities import Entry
from aggregator.queries.occurrences import COLUMNS, Walls, occurring
from aggregator.queries.sources import JUDGED, Condition, condition_of
from aggregator.queries.wanted import LIVE
from aggregator.store.tables import document, entity, facet, facet_entry, occurrence, source

REFERRED: Final = "organisation"
"""The facet by which entries of an organisation are found."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How a source is doing, and when it was last read with success (aware)."""

    condition: Condition
    succeeded: datetime | None


def confirmations(
    connection: Connection, ids: Collection[str], now: datetime
) -> Mapping[str, Confirmation]:
    """Source → how it is doing at `now` (aware), for those of `ids` that there are."""
    columns = (source.c[name] for name in JUDGED)
    rows = connection.execute(select(source.c.id, *columns).where(source.c.id.in_(ids)))
    return {
        row["id"]: Confirmation(condition_of(row, now), row["succeeded"]) for row in rows.mappings()
    }


def next_occurrences(
    connection: Connection, event: UUID, now: datetime, limit: int
) -> tuple[Mapping[str, Any], ...]:
    """The occurrences of an event that are not over at `now` (aware), by start, as documents."""
    own = select(entity.c.no).where(entity.c.id == event, entity.c.state == LIVE)
    return _occurrences(connection, occurrence.c.entity_no == own.scalar_subquery(), now, limit)


def coming_of(
    connection: Connection, organisation: UUID, now: datetime, limit: int
) -> tuple[Mapping[str, Any], ...]:
    """What an organisation's events have from `now` (aware) on, by start, as documents."""
    own = select(facet_entry.c.entity_no).where(facet_entry.c.facet == _of(organisation, "event"))
    return _occurrences(connection, occurrence.c.entity_no.in_(own), now, limit)


def newest_of(
    connection: Connection, organisation: UUID, kind: str, limit: int
) -> tuple[Entry, ...]:
    """An organisation's entries of a kind, the newest change first."""
    rows = connection.execute(_newest(organisation, kind).limit(limit))
    return tuple(
        Entry(id=id_, kind=kind, modified=modified, document=orjson.loads(body))
        for id_, modified, body in rows
    )


def count_of(connection: Connection, organisation: UUID, kind: str) -> int:
    """How many live entries of a kind an organisation has."""
    kept = select(facet.c.n).where(*_named(organisation, kind))
    return connection.execute(kept).scalar() or 0


def _newest(organisation: UUID, kind: str) -> Select[Any]:
    return (
        select(entity.c.id, entity.c.modified, document.c.json)
        .join(facet_entry, facet_entry.c.change == entity.c.change)
        .join(document, document.c.entity_no == entity.c.no)
        .where(facet_entry.c.facet == _of(organisation, kind))
        .order_by(facet_entry.c.change.desc())
    )


def _of(organisation: UUID, kind: str) -> ScalarSelect[int]:
    return select(facet.c.id).where(*_named(organisation, kind)).scalar_subquery()


def _named(organisation: UUID, kind: str) -> tuple[ColumnElement[bool], ...]:
    return (facet.c.kind == kind, facet.c.name == REFERRED, facet.c.value == str(organisation))


def _occurrences(
    connection: Connection, whose: ColumnElement[bool], now: datetime, limit: int
) -> tuple[Mapping[str, Any], ...]:
    not_over = or_(occurrence.c.ends > now, occurrence.c.starts >= now)
    rows = connection.execute(
        select(document.c.json, occurrence.c.recurrence_id, *COLUMNS)
        .join(document, document.c.entity_no == occurrence.c.entity_no)
        .where(whose, not_over)
        .order_by(occurrence.c.starts, occurrence.c.entity_no)
        .limit(limit)
    )
    return tuple(_said(*row) for row in rows)


def _said(body: bytes, recurrence_id: str, *columns: Any) -> Mapping[str, Any]:
    said: Mapping[str, Any] = orjson.loads(occurring(body, recurrence_id, Walls(*columns)))
    return said
