"""What the last runs did. Reading only; the plans and documents of a run are not here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, select

from aggregator.queries.sources import problem_of
from aggregator.runs import HEALTHY
from aggregator.store.tables import run
from schema.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run. Times are aware; a run that is still going has no `ended` and no `outcome`."""

    id: int
    source: str
    started: datetime
    ended: datetime | None
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


def recent_runs(
    connection: Connection, *, source: str | None = None, limit: int = 50
) -> tuple[RunRow, ...]:
    """The last runs, of one source or of all, newest first."""
    columns = (
        run.c.id,
        run.c.source,
        run.c.started,
        run.c.ended,
        run.c.outcome,
        run.c.counts,
        run.c.problem,
        run.c.held,
    )
    chosen = select(*columns).order_by(run.c.id.desc()).limit(limit)
    if source is not None:
        chosen = chosen.where(run.c.source == source)
    return tuple(_row(row) for row in connection.execute(chosen).mappings())


def _row(row: RowMapping) -> RunRow:
    return RunRow(
        id=row["id"],
        source=row["source"],
        started=row["started"],
        ended=row["ended"],
        outcome=row["outcome"],
        counts=orjson.loads(row["counts"] or "{}"),
        problem=problem_of(row["problem"]),
        held=len(orjson.loads(row["held"] or "[]")),
    )
