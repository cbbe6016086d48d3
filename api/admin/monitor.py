"""`/admin`: how every source is doing in plain words, the gravest first, and what the last runs
did. Reading only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aiohttp import web
from sqlalchemy import Connection

from aggregator.queries.runs import RunRow, last_runs, recent_runs
from aggregator.queries.sources import SourceState, source_states
from aggregator.working.clock import Clock
from api.admin.answering import shown
from api.admin.entering import Visitor, admitted
from api.admin.telling import summary, told_source
from api.keys import CLOCK, DATABASE
from api.params import Parameter, Query, whole_number
from api.saying import standing
from api.site.answering import language_of

SOURCES: Final = 60
"""Sources on a page: a thousand on one would take seconds to make."""
NUMBERED: Final = Parameter(
    name="page",
    form="a whole number from 1: the sources behind those of the pages before.",
    parse=whole_number(1, 10_000),
    schema={"type": "integer", "minimum": 1, "maximum": 10_000},
    example="2",
)
RUNS: Final = 12
HISTORY: Final = 10
"""Runs of each source that are shown as marks."""
GRAVITY: Final = ("failing", "held", "late", "never", "paused", "fresh", "disabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    now: datetime
    states: tuple[SourceState, ...]
    """All of them, the gravest first."""
    shown: tuple[SourceState, ...]
    history: Mapping[str, tuple[RunRow, ...]]
    runs: tuple[RunRow, ...]


@admitted
async def show_monitor(request: web.Request, query: Query, visitor: Visitor) -> web.Response:
    """The sources, the gravest first, and the last runs, the newest first."""
    app = request.app
    page = query.values.get("page", 1)
    read = await app[DATABASE].read(_read, app[CLOCK], page)
    language, now = language_of(request, query), read.now
    sources = [
        told_source(state, read.history.get(state.id, ()), now, language) for state in read.shown
    ]
    values = {
        "sources": sources,
        "runs": [summary(run, now, language) for run in read.runs],
        "counts": _counts(read.states, language),
        "page": page,
        "has_more": len(read.states) > page * SOURCES,
    }
    return shown(request, query, "monitor.html", visitor, **values)


def _read(connection: Connection, clock: Clock, page: int) -> _Read:
    now = clock.now(connection)
    states = tuple(sorted(source_states(connection, now), key=_gravity))
    on_page = states[(page - 1) * SOURCES : page * SOURCES]
    return _Read(
        now=now,
        states=states,
        shown=on_page,
        history=last_runs(connection, [state.id for state in on_page], HISTORY),
        runs=recent_runs(connection, limit=RUNS),
    )


def _gravity(state: SourceState) -> tuple[int, str]:
    """Where a person is waited for, that counts as much as a held run, whatever came after."""
    waits = state.waiting is not None and state.waiting.run is not None
    gravest = min(GRAVITY.index(state.condition), GRAVITY.index("held") if waits else len(GRAVITY))
    return gravest, state.id


def _counts(states: tuple[SourceState, ...], language: str) -> list[dict[str, Any]]:
    """How many sources are how, the gravest first."""
    found = Counter(state.condition for state in states)
    return [
        {"condition": each, "n": found[each], "word": standing(each, language).word}
        for each in GRAVITY
        if found[each]
    ]
