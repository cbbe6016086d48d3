"""`/admin/runs`: what the runs did, of all sources or of one, page by page. Reading only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web
from sqlalchemy import Connection

from aggregator.queries.runs import RunRow, recent_runs
from aggregator.queries.sources import source_states
from aggregator.working.clock import Clock
from api.admin.answering import shown
from api.admin.entering import Visitor, admitted
from api.admin.telling import summary
from api.cursors import HIGHEST
from api.keys import CLOCK, DATABASE
from api.params import Parameter, Query, whole_number
from api.site.answering import language_of

RUNS: Final = 50


def _without_nul(text: str) -> str:
    """What PostgreSQL can be asked for."""
    if "\0" in text:
        raise ValueError(text)
    return text


OF_SOURCE: Final = Parameter(
    name="source",
    form="the id of a source.",
    parse=_without_nul,
    schema={"type": "string"},
    example="stadtkalender",
)
BEFORE: Final = Parameter(
    name="before",
    form="the number of a run: older ones.",
    parse=whole_number(1, HIGHEST),
    schema={"type": "integer", "minimum": 1},
    example="4711",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    now: datetime
    sources: tuple[tuple[str, str], ...]
    """Id and name of each."""
    runs: tuple[RunRow, ...]


@admitted
async def show_runs(request: web.Request, query: Query, visitor: Visitor) -> web.Response:
    """The runs, newest first."""
    app = request.app
    source = query.values.get("source") or None
    read = await app[DATABASE].read(_read, app[CLOCK], source, query.values.get("before"))
    language = language_of(request, query)
    runs = [summary(run, read.now, language) for run in read.runs]
    older = read.runs[-2].id if len(read.runs) > RUNS else None
    values = {"sources": read.sources, "chosen": source, "runs": runs[:RUNS], "older": older}
    return shown(request, query, "runs.html", visitor, **values)


def _read(connection: Connection, clock: Clock, source: str | None, before: int | None) -> _Read:
    now = clock.now(connection)
    states = source_states(connection, now)
    return _Read(
        now=now,
        sources=tuple((state.id, state.name) for state in states),
        runs=recent_runs(connection, source=source, before=before, limit=RUNS + 1),
    )
