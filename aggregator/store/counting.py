"""Counts by day that are kept for ever: live entities by source, kind, status and term. Sums
deltas."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, select

from aggregator.store.tables import day_count, day_term_count
from aggregator.store.writes import Writes, upsert


def count(connection: Connection, writes: Writes, day: date) -> None:
    """Add a chunk's deltas to today's rows. Rows are sparse: one where a count changed."""
    _add(connection, day_count, "status", writes.live, day)
    _add(connection, day_term_count, "term", writes.live_terms, day)


def _add(
    connection: Connection,
    table: Table,
    last: str,
    deltas: Counter[tuple[str, str, str]],
    day: date,
) -> None:
    rows: list[dict[str, Any]] = []
    for (source, kind, value), delta in deltas.items():
        if delta:
            same = and_(table.c.source == source, table.c.kind == kind, table.c[last] == value)
            on, n = _latest(connection, table, same, day)
            row = {"day": on, "source": source, "kind": kind, last: value, "n": n + delta}
            rows.append(row)
    upsert(connection, table, ("day", "source", "kind", last), rows)


def _latest(
    connection: Connection, table: Table, same: ColumnElement[bool], day: date
) -> tuple[date, int]:
    """Where to write, and what stands there. A clock that was ahead may have left a later day:
    then its row is the newest, whatever the clock says now."""
    newest = select(table.c.day, table.c.n).where(same).order_by(table.c.day.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return (day, 0) if row is None else (max(day, row.day), row.n)
