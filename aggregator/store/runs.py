"""Run rows: closed with their outcome, together with what the source remembers of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select, update

from aggregator.runs import BROKEN_OFF, Outcome, Report
from aggregator.store.tables import run, snapshot, source
from aggregator.store.writes import upsert
from schema import Problem


def close(connection: Connection, report: Report, ended: datetime) -> None:
    """Write a run's end."""
    connection.execute(
        update(run)
        .where(run.c.id == report.run)
        .values(
            ended=ended,
            outcome=report.outcome.value,
            counts=_json(report.counts.as_dict()),
            problem=_json(problem_fields(report.problem)),
            findings=_json(report.findings),
            stages=_json({name: round(s, 4) for name, s in report.stages.items()}),
            held=_json([list(item) for item in report.held]),
        )
    )


def is_open(connection: Connection, run_id: int) -> bool:
    """Whether a run has not been closed yet."""
    ended = select(run.c.ended).where(run.c.id == run_id)
    return connection.execute(ended).scalar_one() is None


def broke_off(connection: Connection, source_id: str) -> bool:
    """Whether a run of the source ended between chunks and none was concluded since: what it
    wrote is sound, but what should have followed from it is not done."""
    newest = connection.execute(
        select(run.c.outcome)
        .where(
            run.c.source == source_id, run.c.ended.is_not(None), run.c.outcome != Outcome.REFUSED
        )
        .order_by(run.c.id.desc())
        .limit(1)
    ).scalar()
    return newest in BROKEN_OFF


def said(report: Report, ended: datetime) -> dict[str, Any]:
    """What a visit's end says of its source, as values of the source's row."""
    return {
        "checked": ended,
        "outcome": report.outcome.value,
        "problem": _json(problem_fields(report.problem)),
    }


def give_back(connection: Connection, source_id: str, **values: Any) -> None:
    """Write values into a source's row and give its lease back."""
    connection.execute(
        update(source)
        .where(source.c.id == source_id)
        .values(lease_owner=None, lease_until=None, **values)
    )


def keep_snapshots(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows of documents whose bytes are kept."""
    upsert(connection, snapshot, ("sha256", "source", "about"), list(rows))


def problem_fields(problem: Problem | None) -> dict[str, str] | None:
    """A problem → code, path, message."""
    if problem is None:
        return None
    return {"code": problem.code, "path": problem.path, "message": problem.message}


def _json(value: Any) -> str | None:
    return orjson.dumps(value).decode() if value else None
