"""Source rows: made to agree with the configuration, read before a run, written after it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select, update

from aggregator.fetch.politeness import Move, decode
from aggregator.merge import EDITOR
from aggregator.store.tables import feed, source
from aggregator.working.clock import Clock
from connectors.base import Between, Everything
from schema.edition import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A source of the configuration as its row needs it."""

    origin: Origin
    connector: str
    enabled: bool


def register(connection: Connection, sources: Iterable[Registered], now: datetime) -> None:
    """Make the rows agree with the configuration. A source that is configured no more stays as
    a disabled row: its records and its name are still public. Rows are written in the order of
    their ids: two processes that start at once then wait for each other, and no longer."""
    editor = Registered(origin=Origin(id=EDITOR, name="Redaktion"), connector=EDITOR, enabled=False)
    wanted = {one.origin.id: one for one in (*sources, editor)}
    known = select(source.c.id, source.c.facts, source.c.connector, source.c.enabled)
    stored = {row.id: row for row in connection.execute(known)}
    for source_id in sorted(wanted.keys() | stored.keys()):
        one, before = wanted.get(source_id), stored.get(source_id)
        row = _row(one) if one else {"enabled": False}
        if before is None:
            connection.execute(insert(source).values(id=source_id, added=now, **_NEW, **row))
        elif any(getattr(before, name) != value for name, value in row.items()):
            connection.execute(update(source).where(source.c.id == source_id).values(**row))


_NEW: dict[str, Any] = {"fence": 0, "failures": 0, "paused": False}


def _row(one: Registered) -> dict[str, Any]:
    facts = orjson.dumps(one.origin).decode()
    return {"facts": facts, "connector": one.connector, "enabled": one.enabled}


def origins(connection: Connection) -> dict[str, Origin]:
    """Every source that ever was, as the public sees it."""
    rows = connection.execute(select(source.c.id, source.c.facts))
    return {row.id: Origin(**orjson.loads(row.facts)) for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What a source remembers from its last runs."""

    settings_hash: bytes | None
    validators: list[dict[str, Any]]
    complete_run: int | None
    failures: int
    state: Any
    moves: dict[str, Move]
    scope: Everything | Between | None = field(default_factory=Everything)
    """What the last whole run was complete for; None: for nothing, as "the latest 20" are."""


def recall(connection: Connection, source_id: str) -> Memory:
    """A source's memory. Raises `NoResultFound` for a source that was never registered."""
    row = connection.execute(select(source).where(source.c.id == source_id)).one()
    return Memory(
        settings_hash=row.settings_hash,
        validators=orjson.loads(row.validators) if row.validators else [],
        complete_run=row.complete_run,
        failures=row.failures,
        state=orjson.loads(row.state) if row.state else None,
        moves=decode(row.politeness),
        scope=_scope(row.scope),
    )


def said_of(scope: Everything | Between | None) -> str | None:
    """What a run was complete for → as its source's row keeps it."""
    return None if isinstance(scope, Everything) else orjson.dumps(scope).decode()


def _scope(said: str | None) -> Everything | Between | None:
    if said is None:
        return Everything()
    days = orjson.loads(said)
    if days is None:
        return None
    return Between(start=date.fromisoformat(days["start"]), end=date.fromisoformat(days["end"]))


def remember(connection: Connection, source_id: str, **values: Any) -> None:
    """Write values of a source's row."""
    connection.execute(update(source).where(source.c.id == source_id).values(**values))


def pause(connection: Connection, source_id: str) -> None:
    """Take a source out of the rounds. Raises `KeyError` for an unknown source."""
    _rest(connection, source_id, paused=True, paused_why=None)


def resume(connection: Connection, source_id: str, clock: Clock) -> None:
    """Take a source into the rounds again; it is due now. Raises `KeyError`."""
    now = clock.now(connection)
    _rest(connection, source_id, paused=False, paused_why=None, failures=0, next_due=now)


def _rest(connection: Connection, source_id: str, **values: Any) -> None:
    stored = source.c.id == source_id, source.c.id != EDITOR
    if not connection.execute(update(source).where(*stored).values(**values)).rowcount:
        raise KeyError(source_id)


def identity(connection: Connection) -> tuple[str, Any]:
    """The instance's public URL and UUID."""
    row = connection.execute(select(feed.c.public_url, feed.c.instance)).one()
    return row.public_url, row.instance
