"""Watch the demo through its own front door: is it ready, what stands, what did runs change."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import aiohttp

from aggregator.foundation import Foundation
from aggregator.queries.runs import RunRow, recent_runs

LOOK_SECONDS: Final = 0.2
RUN_SECONDS: Final = 2.0
COLLECTIONS: Final = ("offers", "organisations", "events")


async def first_run(
    ground: Foundation, url: str, tell: Callable[[dict[str, int]], None]
) -> dict[str, Any]:
    """Wait until the service says it is ready. Returns how many entries stand, and the sources
    that brought nothing; `tell` hears the numbers meanwhile."""
    async with aiohttp.ClientSession(url) as session:
        while True:
            async with session.get("readyz") as response:
                ready, said = response.status == 200, await response.json()
            standing = {name: await _total(session, name) for name in COLLECTIONS}
            if ready:
                return {**standing, "failed": said["never_succeeded"], **await _problem(ground)}
            tell(standing)
            await asyncio.sleep(LOOK_SECONDS)


async def _total(session: aiohttp.ClientSession, collection: str) -> int:
    async with session.get(f"v1/{collection}", params={"limit": "1"}) as response:
        if response.status != 200:
            return 0
        return int((await response.json())["pagination"]["totalElements"])


async def _problem(ground: Foundation) -> dict[str, str]:
    """Why the last run failed, where it did."""
    for run in await ground.database.read(recent_runs, limit=1):
        if run.problem:
            return {"problem": f"{run.problem.code}: {run.problem.message}"}
    return {}


async def later_runs(ground: Foundation) -> AsyncIterator[dict[str, Any]]:
    """Every run that ends from now on and changed something or failed."""
    seen = max((run.id for run in await ground.database.read(recent_runs, limit=1)), default=0)
    while True:
        await asyncio.sleep(RUN_SECONDS)
        runs = await ground.database.read(recent_runs, limit=10)
        ended = [run for run in reversed(runs) if run.id > seen and run.outcome]
        for run in ended:
            seen = run.id
            if said := _changes(run):
                yield said


def _changes(run: RunRow) -> dict[str, Any] | None:
    shown = ("new", "changed", "missing", "returned", "withdrawn", "quarantined")
    counts = {name: run.counts[name] for name in shown if run.counts.get(name)}
    if not counts and run.problem is None:
        return None
    problem = f"{run.problem.code}: {run.problem.message}" if run.problem else None
    return {"source": run.source, "outcome": run.outcome, "counts": counts, "problem": problem}
