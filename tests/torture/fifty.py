"""Fifty sources, ten of them hostile, and one worker: do the other forty notice?

python -m tests.torture.fifty [--n 50] [--hours 24] [--database sqlite|postgresql|URL] [--seed N]

Virtual hours pass; every source is asked hourly. After each hour the good ones must be fresh; the
worker's event loop may never be held up for more than 100 ms. Exit code 1 on any violation.
"""

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import select

from aggregator.house import House, open_house
from aggregator.runs import Report
from aggregator.store.tables import run, source
from aggregator.working.clock import ShiftedClock
from aggregator.working.worker import run_worker
from tests.torture.hostile import ATTACKS, LOOPS, Turncoat, settings, turncoat
from tests.torture.judging import database
from tests.torture.paged import NAME, item, offered, page
from tests.upstreams.faults import answer

SIZE = 60
HOSTILE_SHARE = 5
"""One source in so many is hostile."""
HOUR = timedelta(hours=1.2)
"""How far the clock moves at once: an interval, and what jitter may add to it."""
FRESH = 2 * HOUR
SETTLED = 30.0
"""Real seconds that the good sources of an hour may take altogether."""
MOST_LAG = 0.1
TICK = 0.005
WORST = ("never answers", "body drips", "headers drip", "endless body", "gzip bomb", "garbage")


@dataclass(slots=True)
class Tally:
    """What happened."""

    rounds: int = 0
    runs: int = 0
    good: int = 0
    hostile: int = 0
    lags: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def tell(self) -> str:
        """All of it in a few lines."""
        lags, delays = sorted(self.lags), sorted(self.delays)
        lag = f"loop lag p99 {_at(lags, 0.99) * 1000:.0f} ms, most {_at(lags, 1) * 1000:.0f} ms"
        delay = f"start delay p95 {_at(delays, 0.95):.1f} s, most {_at(delays, 1):.1f} s"
        who = f"{self.good} good and {self.hostile} hostile sources, {self.rounds} hours"
        lines = [f"{who}, {self.runs} runs: {len(self.violations)} violations", f"{lag}; {delay}"]
        return "\n".join([*lines, *self.violations[:20]])


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


@dataclass(slots=True)
class Good:
    """A source that edits a little every time it is asked."""

    turn: int = 0

    async def answer(self, writer: asyncio.StreamWriter) -> None:
        """One visit."""
        self.turn += 1
        items = (item(n, f"Stand {self.turn // (1 + n % 10)}.") for n in range(SIZE))
        await answer(page(items), "Content-Type: application/json")(writer)


@dataclass(slots=True)
class Driver:
    """A worker over all of them, hour by hour."""

    house: House
    good: tuple[str, ...]
    tally: Tally
    seen: set[str] = field(default_factory=set)

    def hear(self, report: Report) -> None:
        """A run that ended."""
        self.tally.runs += 1
        self.seen.add(report.source)

    async def drive(self, hours: int) -> None:
        """Let the worker work for so many virtual hours."""
        stop = asyncio.Event()
        worker = asyncio.create_task(run_worker(self.house, stop, report=self.hear))
        await self.settle()
        ticking = asyncio.create_task(self.tick())
        for _ in range(hours):
            await self.hour()
        ticking.cancel()
        stop.set()
        await asyncio.gather(worker, ticking, return_exceptions=True)
        if not worker.cancelled() and (error := worker.exception()):
            self.tally.violations.append(f"the worker ended: {error!r}")

    async def hour(self) -> None:
        """One of them: the clock moves, the good ones are asked, and are fresh then."""
        self.tally.rounds += 1
        self.seen.clear()
        assert isinstance(self.house.clock, ShiftedClock)
        self.house.clock.push(HOUR)
        pushed = await self.house.database.read(self.house.clock.now)
        await self.settle()
        await self.note_delays(pushed)
        now = await self.house.database.read(self.house.clock.now)
        rows = select(source.c.id, source.c.succeeded)
        found = await self.house.database.read(lambda c: c.execute(rows).all())
        for row in found:
            stale = row.succeeded is None or now - row.succeeded > FRESH
            if row.id in self.good and stale:
                self.tally.violations.append(f"hour {self.tally.rounds}: {row.id} is stale")

    async def settle(self) -> None:
        """Wait until every good source was run, or for `SETTLED` seconds."""
        began = time.monotonic()
        while time.monotonic() - began < SETTLED:
            await asyncio.sleep(TICK)
            if self.seen.issuperset(self.good):
                return

    async def note_delays(self, pushed: datetime) -> None:
        """How long after the clock had moved each good source was started."""
        started = select(run.c.source, run.c.started).where(run.c.started >= pushed)
        for row in await self.house.database.read(lambda c: c.execute(started).all()):
            if row.source in self.good:
                self.tally.delays.append((row.started - pushed).total_seconds())

    async def tick(self) -> None:
        """Measure by how much the loop comes late."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(TICK)
            lag = time.monotonic() - began - TICK
            self.tally.lags.append(lag)
            if lag > MOST_LAG:
                told = f"hour {self.tally.rounds}: the loop was held up for {lag * 1000:.0f} ms"
                self.tally.violations.append(told)


@asynccontextmanager
async def sources(count: int, chance: Random) -> AsyncIterator[dict[str, Turncoat]]:
    """So many sources on hosts of their own: id → source. The hostile ones are so from the
    start; those that hold a connection the longest come first."""
    others = [name for name in (*ATTACKS, *LOOPS) if name not in WORST]
    names = [*WORST, *chance.sample(others, len(others))]
    async with AsyncExitStack() as stack:
        made = {}
        for number in range(count):
            one = await stack.enter_async_context(turncoat(f"127.0.1.{number + 1}"))
            hostile = number % HOSTILE_SHARE == 0
            if hostile:
                one.turn(names[number // HOSTILE_SHARE])
            else:
                one.script = Good().answer
            made[f"{'hostile' if hostile else 'good'}-{number}"] = one
        yield made


async def torture(url: str, folder: Path, count: int, hours: int, seed: int) -> Tally:
    """Run all of it on one database."""
    async with sources(count, Random(seed)) as made:
        urls = {name: one.server.url for name, one in made.items() if one.server}
        configured = settings(folder, urls, url)
        good = tuple(name for name in made if name.startswith("good"))
        tally = Tally(good=len(good), hostile=count - len(good))
        async with open_house(configured, clock=ShiftedClock()) as house:
            await Driver(house, good, tally).drive(hours)
    return tally


def main() -> None:
    """Parse the command line, run, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=50)
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with TemporaryDirectory() as name, database(given.database, Path(name)) as url, offered(NAME):
        tally = asyncio.run(torture(url, Path(name), given.n, given.hours, given.seed))
    sys.stdout.write(f"{given.database}, seed {given.seed}: {tally.tell()}\n")
    sys.exit(1 if tally.violations else 0)


if __name__ == "__main__":
    main()
