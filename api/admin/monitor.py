"""`/admin`: how every source is doing, and what the last runs did. Reading only, never cached.

Nobody logs in here: no message of a source and no person's name is shown.
"""

from typing import Any, Final

from aiohttp import web
from sqlalchemy import Connection

from aggregator.queries.runs import RunRow, recent_runs
from aggregator.queries.sources import SourceState, source_states
from aggregator.working.clock import Clock
from api.caching import HTML, NEVER
from api.keys import CLOCK, DATABASE, SITE
from api.params import Query
from api.saying import (
    CONDITIONS,
    asked_to_wait,
    counted,
    ended,
    made_because,
    meaning,
    spoken,
    why_it_rests,
)

LANGUAGE: Final = "en"
RUNS: Final = 30


_Read = tuple[tuple[SourceState, ...], tuple[RunRow, ...]]


async def show_monitor(request: web.Request, _query: Query) -> web.Response:
    """The sources, the worst first, and the last runs, the newest first."""
    app = request.app
    states, runs = await app[DATABASE].read(_read, app[CLOCK])
    html = app[SITE].render(
        "monitor.html",
        LANGUAGE,
        sources=sorted(states, key=_gravity),
        runs=[summary(run) for run in runs],
        conditions=CONDITIONS,
        meaning=meaning,
        why_it_rests=why_it_rests,
        asked_to_wait=asked_to_wait,
    )
    return page(html)


def page(html: str) -> web.Response:
    """A page that nobody keeps."""
    headers = {"Content-Type": HTML, "Cache-Control": NEVER}
    return web.Response(body=html.encode(), headers=headers)


def _read(connection: Connection, clock: Clock) -> _Read:
    return source_states(connection, clock.now(connection)), recent_runs(connection, limit=RUNS)


def _gravity(state: SourceState) -> tuple[int, str]:
    order = ("failing", "held", "late", "never", "paused", "fresh", "disabled")
    return order.index(state.condition), state.id


def summary(run: RunRow) -> dict[str, Any]:
    """A run as its line, and the head of its page, show it."""
    return {
        "run": run,
        "outcome": ended(run.outcome),
        "look": "still" if run.outcome is None else "good" if run.healthy else "poor",
        "cause": made_because(run.cause),
        "counts": counted(run.counts),
        "duration": None if run.duration is None else spoken(run.duration),
    }
