"""What runs did: the last ones in short, one of them in detail. Reading only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import Connection, RowMapping, Select, select, union_all

from aggregator.queries.sources import problem_of
from aggregator.queries.withheld import HeldItem, Waiting, held_items, waiting
from aggregator.runs import HEALTHY
from aggregator.store.records import batches
from aggregator.store.tables import run
from schema.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run. Times are aware; a run that is still going has no `ended` and no `outcome`."""

    id: int
    source: str
    started: datetime
    ended: datetime | None
    cause: str | None
    """Why it was made; None for runs older than that note."""
    outcome: str | None
    counts: Mapping[str, Any]
    """As the pipeline wrote them: name → number, or kind → name → number."""
    problem: Problem | None
    held: int
    """How many records this run held back."""

    @property
    def duration(self) -> timedelta | None:
        """From start to end, where it ended."""
        return None if self.ended is None else self.ended - self.started

    @property
    def healthy(self) -> bool:
        """Whether it ended and confirmed what the source says."""
        return self.outcome in HEALTHY


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDetail:
    """One run with all that was noted of it."""

    run: RunRow
    findings: Mapping[str, Any]
    """Code → {count, examples: [{path, message}]}."""
    stages: Mapping[str, float]
    """Stage → seconds."""
    held: tuple[HeldItem, ...]
    """The first of what it held back; `run.held` counts all."""
    waiting: Waiting | None
    """What of its source is held back now."""


SOURCES: Final = 200
"""Sources asked about in one statement; SQLite joins at most 500 selects."""
_COLUMNS: Final = (
    run.c.id,
    run.c.source,
    run.c.started,
    run.c.ended,
    run.c.cause,
    run.c.outcome,
    run.c.counts,
    run.c.problem,
    run.c.held,
)


def run_detail(connection: Connection, run_id: int, limit: int) -> RunDetail | None:
    """A run, with the first `limit` of what it held back; None for one that never was."""
    found = connection.execute(select(run).where(run.c.id == run_id)).mappings().one_or_none()
    if found is None:
        return None
    held = [(kind, key, what) for kind, key, what in orjson.loads(found["held"] or "[]")]
    return RunDetail(
        run=_row(found),
        findings=orjson.loads(found["findings"] or "{}"),
        stages=orjson.loads(found["stages"] or "{}"),
        held=held_items(connection, found["source"], held, limit),
        waiting=waiting(connection).get(found["source"]),
    )


def recent_runs(
    connection: Connection, *, source: str | None = None, before: int | None = None, limit: int = 50
) -> tuple[RunRow, ...]:
    """The last runs, of one source or of all, newest first; with `before`, those older than that
    run."""
    chosen = select(*_COLUMNS).order_by(run.c.id.desc()).limit(limit)
    if source is not None:
        chosen = chosen.where(run.c.source == source)
    if before is not None:
        chosen = chosen.where(run.c.id < before)
    return tuple(_row(row) for row in connection.execute(chosen).mappings())


def last_runs(
    connection: Connection, sources: Iterable[str], each: int
) -> Mapping[str, tuple[RunRow, ...]]:
    """Source → its last runs, newest first, at most `each`. Costs a look-up in an index for each
    source, however many runs there are."""
    found: dict[str, list[RunRow]] = defaultdict(list)
    for batch in batches(sources, SOURCES):
        rows = connection.execute(union_all(*(_newest_of(source, each) for source in batch)))
        for row in map(_row, rows.mappings()):
            found[row.source].append(row)
    return {source: tuple(sorted(rows, key=lambda row: -row.id)) for source, rows in found.items()}


def _newest_of(source: str, each: int) -> Select[*tuple[Any, ...]]:
    newest = select(run.c.id).where(run.c.source == source).order_by(run.c.id.desc()).limit(each)
    return select(*_COLUMNS).where(run.c.id.in_(newest))


def _row(row: RowMapping) -> RunRow:
    return RunRow(
        id=row["id"],
        source=row["source"],
        started=row["started"],
        ended=row["ended"],
        cause=row["cause"],
        outcome=row["outcome"],
        counts=orjson.loads(row["counts"] or "{}"),
        problem=problem_of(row["problem"]),
        held=len(orjson.loads(row["held"] or "[]")),
    )
