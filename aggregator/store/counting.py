"""Kept counts: live entities by day, source, kind, status and term, and in all. Sums deltas."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, select

from aggregator.store.tables import day_count, day_term_count, total
from aggregator.store.writes import Writes, upsert


def count(connection: Connection, writes: Writes, day: date) -> None:
    """Add a chunk's deltas to today's rows. Rows are sparse: one where a count changed."""
    _add(connection, day_count, "status", writes.live, day)
    _add(connection, day_term_count, "term", writes.live_terms, day)
    kinds: Counter[str] = Counter()
    for (_, kind, _), delta in writes.live.items():
        kinds[kind] += delta
    for kind, delta in kinds.items():
        _add_total(connection, kind, delta)


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


def _add_total(connection: Connection, kind: str, delta: int) -> None:
    if not delta:
        return
    here = and_(total.c.kind == kind, total.c.filter == "")
    before = connection.execute(select(total.c.n).where(here)).scalar() or 0
    row = {"kind": kind, "filter": "", "n": before + delta}
    upsert(connection, total, ("kind", "filter"), [row])
