"""What lies in quarantine, why, and since when. Reading only; the raw record on request."""

from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import Connection, RowMapping, select

from aggregator.queries.sources import problem_of
from aggregator.store.compression import decompress
from aggregator.store.tables import quarantine, run
from schema.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A raw that did not become a record. Times are aware."""

    source: str
    kind: str
    locator: str
    """Its key at the source, or where it stood."""
    problems: tuple[Problem, ...]
    first_run: int
    last_run: int
    """The last run in which it said something else than before."""
    since: datetime | None
    raw: str | None = None
    """As the source sent it, as JSON, cut to 64 KiB; only where asked for. May hold personal
    data."""


def quarantined(
    connection: Connection, *, source: str | None = None, limit: int = 50, raw: bool = False
) -> tuple[Quarantined, ...]:
    """The newest first, of one source or of all."""
    columns = [column for column in quarantine.c if raw or column is not quarantine.c.raw]
    chosen = (
        select(*columns, run.c.started.label("since"))
        .join(run, run.c.id == quarantine.c.first_run, isouter=True)
        .order_by(
            quarantine.c.first_run.desc(),
            quarantine.c.source,
            quarantine.c.kind,
            quarantine.c.locator,
        )
        .limit(limit)
    )
    if source is not None:
        chosen = chosen.where(quarantine.c.source == source)
    return tuple(_row(row) for row in connection.execute(chosen).mappings())


def _row(row: RowMapping) -> Quarantined:
    problems = (problem_of(orjson.dumps(said).decode()) for said in orjson.loads(row["problems"]))
    return Quarantined(
        source=row["source"],
        kind=row["kind"],
        locator=row["locator"],
        problems=tuple(filter(None, problems)),
        first_run=row["first_run"],
        last_run=row["last_run"],
        since=row["since"],
        raw=decompress(row["raw"]).decode("utf-8", "replace") if "raw" in row else None,
    )
