"""`/admin`: how every source is doing, and what the last runs did. Reading only, never cached."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from aiohttp import web
from sqlalchemy import Connection

from aggregator.queries.runs import RunRow, recent_runs
from aggregator.queries.sources import SourceState, source_states
from aggregator.working.clock import Clock
from api.caching import HTML, NEVER
from api.keys import CLOCK, DATABASE, SITE
from api.params import Query
from schema.problems import MEANINGS, Meaning, Problem

LANGUAGE: Final = "en"
RUNS: Final = 30

CONDITIONS: Final[Mapping[str, str]] = {
    "fresh": "Fresh: the last check went well.",
    "late": "Late: a check is overdue. Is the worker running?",
    "failing": "Failing: the last check went wrong. What was published before stays.",
    "held": "Held: more would vanish than is plausible, so nothing was removed.",
    "never": "Never checked yet.",
    "paused": "Paused: it is not checked until somebody lets it go on.",
    "disabled": "Switched off in the configuration.",
}
OUTCOMES: Final[Mapping[str, str]] = {
    "unchanged": "nothing new",
    "applied": "done",
    "held": "removals held back",
    "degraded": "done, with gaps",
    "incomplete": "cut short, nothing removed",
    "refused": "not readable, nothing changed",
    "crashed": "an error of ours",
    "cancelled": "cancelled",
    "interrupted": "interrupted",
}
COUNTS: Final = (
    ("found", "found"),
    ("new", "new"),
    ("changed", "changed"),
    ("same", "unchanged"),
    ("quarantined", "quarantined"),
    ("withheld", "held back"),
    ("missing", "missing"),
    ("returned", "back again"),
    ("withdrawn", "withdrawn"),
)


_Read = tuple[tuple[SourceState, ...], tuple[RunRow, ...]]


async def show_monitor(request: web.Request, _query: Query) -> web.Response:
    """The sources, the worst first, and the last runs, the newest first."""
    app = request.app
    states, runs = await app[DATABASE].read(_read, app[CLOCK])
    html = app[SITE].render(
        "monitor.html",
        LANGUAGE,
        sources=sorted(states, key=_gravity),
        runs=[_shown(run) for run in runs],
        conditions=CONDITIONS,
        meaning=_meaning,
    )
    headers = {"Content-Type": HTML, "Cache-Control": NEVER}
    return web.Response(body=html.encode(), headers=headers)


def _read(connection: Connection, clock: Clock) -> _Read:
    return source_states(connection, clock.now(connection)), recent_runs(connection, limit=RUNS)


def _gravity(state: SourceState) -> tuple[int, str]:
    order = ("failing", "held", "late", "never", "paused", "fresh", "disabled")
    return order.index(state.condition), state.id


def _shown(run: RunRow) -> dict[str, Any]:
    return {
        "run": run,
        "outcome": OUTCOMES.get(run.outcome, run.outcome) if run.outcome else "going on",
        "look": "still" if run.outcome is None else "good" if run.healthy else "poor",
        "counts": ", ".join(
            f"{run.counts[key]} {word}" for key, word in COUNTS if run.counts.get(key)
        ),
        "duration": None if run.duration is None else spoken(run.duration),
    }


def spoken(duration: timedelta) -> str:
    """A duration in words, as exact as people need it."""
    seconds = duration.total_seconds()
    if seconds < 1:
        return "less than a second"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def _meaning(problem: Problem) -> Meaning:
    unknown = Meaning(problem.code, "Look at the run with the command line.")
    return MEANINGS.get(problem.code, unknown)
