"""What is withheld of a source, and what people decided about it: rows, read and written."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, delete, select, update

from aggregator.decisions import APPROVED_FOR, Decision, Decisions
from aggregator.plan import Item, Plan, What, Withheld
from aggregator.store.tables import source, withheld
from aggregator.store.writes import upsert

KEY = ("source", "kind", "native_id", "what")


def decisions(connection: Connection, source_id: str, now: datetime) -> Decisions:
    """What was decided about a source and still stands."""
    rows = connection.execute(
        select(withheld).where(withheld.c.source == source_id, withheld.c.decision.is_not(None))
    ).all()
    approved = {_item(row) for row in rows if row.decision == Decision.APPROVED}
    over = {_item(row) for row in rows if row.until is not None and row.until <= now}
    return Decisions(
        approved=frozenset(approved - over),
        rejected={_item(r): r.fingerprint for r in rows if r.decision == Decision.REJECTED},
        over=frozenset(over),
    )


def renew(connection: Connection, source_id: str, run: int, plan: Plan, now: datetime) -> None:
    """Make the undecided rows say what this run holds back. Removals stay as they were when the
    run could not tell what is missing (`plan.tells_missing`)."""
    held = {one.item: one for one in plan.withheld}
    stored = {_item(row): row for row in _undecided(connection, source_id)}
    gone = [
        item
        for item in stored
        if item not in held and (plan.tells_missing or item[2] is What.CHANGE)
    ]
    _forget(connection, source_id, [*gone, *plan.settled])
    fresh = (
        one
        for item, one in held.items()
        if item not in stored or stored[item].fingerprint != one.fingerprint
    )
    rows = [{"source": source_id, **_row(one), "since": now, "run": run} for one in fresh]
    upsert(connection, withheld, KEY, rows)


def _row(one: Withheld) -> dict[str, Any]:
    kind, native_id, what = one.item
    return {
        "kind": kind,
        "native_id": native_id,
        "what": what.value,
        "fingerprint": one.fingerprint,
        "said": orjson.dumps(one.said).decode() if one.said else None,
    }


def decide(
    connection: Connection, source_id: str, decision: Decision, who: str, now: datetime
) -> int:
    """Decide about everything of a source that nobody decided yet, and let it be asked at once;
    returns how many."""
    until = now + APPROVED_FOR if decision is Decision.APPROVED else None
    decided = connection.execute(
        update(withheld)
        .where(withheld.c.source == source_id, withheld.c.decision.is_(None))
        .values(decision=decision.value, who=who, decided=now, until=until)
    ).rowcount
    if decided:
        connection.execute(update(source).where(source.c.id == source_id).values(next_due=now))
    return decided


def _undecided(connection: Connection, source_id: str) -> Iterable[Any]:
    return connection.execute(
        select(withheld).where(withheld.c.source == source_id, withheld.c.decision.is_(None))
    )


def _forget(connection: Connection, source_id: str, items: Iterable[Item]) -> None:
    for kind, native_id, what in items:
        connection.execute(
            delete(withheld).where(
                withheld.c.source == source_id,
                withheld.c.kind == kind,
                withheld.c.native_id == native_id,
                withheld.c.what == what,
            )
        )


def _item(row: Any) -> Item:
    return (row.kind, row.native_id, What(row.what))
