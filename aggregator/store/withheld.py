"""What is withheld of a source, and what people decided about it: rows, read and written."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, select, update

from aggregator.decisions import APPROVED_FOR, Decision, Decisions
from aggregator.plan import Item, Plan, What, Withheld
from aggregator.store.tables import run, source, withheld
from aggregator.store.writes import upsert

KEY = ("source", "kind", "native_id", "what")
NOT_THERE = b""
"""No raw's fingerprint, and no removal's None."""


def decisions(connection: Connection, source_id: str, now: datetime) -> Decisions:
    """What is held back of a source, and what was decided about it."""
    seen: dict[str | None, dict[Item, bytes | None]] = defaultdict(dict)
    expired = set()
    for row in connection.execute(select(withheld).where(withheld.c.source == source_id)):
        item = (row.kind, row.native_id, What(row.what))
        if row.until is not None and row.until <= now:
            expired.add(item)
        else:
            seen[row.decision][item] = row.fingerprint
    return Decisions(
        pending=seen[None],
        approved=seen[Decision.APPROVED],
        rejected=seen[Decision.REJECTED],
        expired=frozenset(expired),
    )


def renew(connection: Connection, source_id: str, run_id: int, plan: Plan, now: datetime) -> None:
    """Make the rows say what this run holds back. What stands there already is left alone."""
    if not (plan.withheld or plan.settled):
        return
    _forget(connection, source_id, plan.settled)
    stored = decisions(connection, source_id, now)
    marks = {**stored.pending, **stored.approved, **stored.rejected}
    fresh = (one for one in plan.withheld if marks.get(one.item, NOT_THERE) != one.fingerprint)
    rows = [{"source": source_id, **_row(one), "since": now, "run": run_id} for one in fresh]
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
    if decided:  # a source that asked for patience is not disturbed
        patient = source.c.id == source_id, source.c.failures == 0
        connection.execute(update(source).where(*patient).values(next_due=now))
    return decided


def newest(connection: Connection, source_id: str) -> int | None:
    """The newest run that added to what is held back of a source, or held it back otherwise, as
    far as nobody decided; None: nothing waits."""
    pending = withheld.c.source == source_id, withheld.c.decision.is_(None)
    return connection.execute(select(func.max(withheld.c.run)).where(*pending)).scalar()


def decided_since(connection: Connection, source_id: str, run_id: int) -> bool:
    """Whether a person decided about a source since one of its runs started."""
    started = select(run.c.started).where(run.c.id == run_id).scalar_subquery()
    later = select(withheld.c.what).where(
        withheld.c.source == source_id, withheld.c.decided >= started
    )
    return connection.execute(later.limit(1)).first() is not None


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
