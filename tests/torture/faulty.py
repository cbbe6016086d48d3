"""Real syncs through a proxy that breaks connections: each ends, by name, and nothing is lost.

python -m tests.torture.faulty [--n 500] [--lanes 8] [--database sqlite|postgresql|URL] [--seed N]

Each run asks two pages; every connection has a random fate. A day passes between some runs, so
that whatever were called missing would be withdrawn. Exit code 1 on any violation.
"""

import argparse
import asyncio
import logging
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from aggregator.commands.sync import sync_source
from aggregator.house import House, open_house
from aggregator.runs import HEALTHY, Outcome, Report
from aggregator.settings import FetchSettings, ServiceSettings, Settings, SourceSettings
from aggregator.store.tables import record
from aggregator.working.clock import ShiftedClock
from aggregator.working.worker import silent
from schema.problems import MEANINGS
from tests.aggregator.soundness import faults
from tests.postgres import PUBLIC_URL
from tests.torture.judging import database, open_runs
from tests.torture.paged import NAME, SECONDS, item, offered, page
from tests.torture.proxy import Script, proxy, random_script
from tests.upstreams.faults import Upstream, answer, serving

SIZE = 12
LAST = 3
"""Offers on the first and on the second page; losing the second would be plausible."""
PAGES = 2
HANGS = 2 * PAGES * SECONDS + 10
"""Seconds after which a run counts as hung: twice what its documents may take, and reading."""
MOST_BYTES = 1200
MOST_DELAY = 1.0
WHOLE_EVERY = 10
"""Every tenth run meets no fault, and must be a good one."""
JSON = "Content-Type: application/json"


@dataclass(slots=True)
class Tally:
    """What happened."""

    runs: int = 0
    hung: int = 0
    unnamed: int = 0
    lost: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    unsound: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether every promise held."""
        return self.hung == self.unnamed == self.lost == len(self.unsound) == 0

    def note(self, report: Report, *, whole: bool) -> None:
        """A run that ended."""
        code = report.problem.code if report.problem else ""
        self.outcomes[f"{report.outcome} {code}".strip()] += 1
        named = report.outcome in HEALTHY or code in MEANINGS
        self.lost += report.counts.missing
        self.unnamed += not named or report.outcome is Outcome.CRASHED
        if whole and report.outcome not in HEALTHY:
            self.unsound.append(f"a run without fault ended as {report.outcome} {code}")

    def tell(self) -> str:
        """All of it in a few lines."""
        met = ", ".join(f"{n} {fault}" for fault, n in sorted(self.faults.items()))
        ended = ", ".join(f"{n} {outcome}" for outcome, n in self.outcomes.most_common())
        bad = f"{self.hung} hung, {self.unnamed} unnamed, {self.lost} records lost"
        lines = [f"{self.runs} runs: {bad}, {len(self.unsound)} unsound"]
        return "\n".join([*lines, f"connections: {met}", f"ended: {ended}", *self.unsound[:10]])


@dataclass(slots=True)
class Lane:
    """One source behind its proxy, synced again and again."""

    name: str
    chance: Random
    tally: Tally
    whole: bool = True

    def script(self) -> Script:
        """The next connection's fate."""
        script = Script()
        if not self.whole:
            script = random_script(self.chance, MOST_BYTES, MOST_DELAY)
        self.tally.faults[script.fault] += 1
        return script

    async def drive(self, house: House, runs: int) -> None:
        """So many runs, and a whole one first and last."""
        for number in range(runs + 1):
            self.whole = number in (0, runs) or number % WHOLE_EVERY == 0
            await self.run(house)
            if number % 3 == 0:
                assert isinstance(house.clock, ShiftedClock)
                house.clock.push(timedelta(hours=25))

    async def run(self, house: House) -> None:
        """One run, and a look at what it left."""
        self.tally.runs += 1
        try:
            async with asyncio.timeout(HANGS):
                report = await sync_source(house, self.name, progress=silent)
            self.tally.note(report, whole=self.whole)
        except TimeoutError:
            self.tally.hung += 1
        counted = select(func.count()).where(record.c.source == self.name)
        live = counted.where(record.c.withdrawn.is_(None))
        held = await house.database.read(lambda c: c.execute(live).scalar_one())
        self.tally.lost += SIZE + LAST - held


@asynccontextmanager
async def source() -> AsyncIterator[Upstream]:
    """The source itself: two pages, and nothing wrong with it."""
    first = page((item(n) for n in range(SIZE)), "zweite")
    second = page(item(n) for n in range(SIZE, SIZE + LAST))
    scripts = {"/": answer(first, JSON), "/zweite": answer(second, JSON, length=-1)}
    async with serving(scripts) as upstream:
        yield upstream


async def torture(url: str, folder: Path, runs: int, lanes: int, seed: int) -> Tally:
    """Run all of it on one database."""
    tally = Tally()
    async with AsyncExitStack() as stack:
        upstream = await stack.enter_async_context(source())
        driven, sources = [], []
        for number in range(lanes):
            lane = Lane(f"lane-{number}", Random(seed * 1000 + number), tally)
            port = await stack.enter_async_context(proxy(upstream.port, lane.script))
            at = {"url": f"http://127.0.0.1:{port}/"}
            sources.append(SourceSettings(id=lane.name, connector=NAME, settings=at))
            driven.append(lane)
        settings = Settings(
            service=ServiceSettings(public_url=PUBLIC_URL, database=url, data=str(folder)),
            fetch=FetchSettings(allow_loopback=True, parallel=lanes, per_host=min(lanes, 8)),
            sources=tuple(sources),
        )
        house = await stack.enter_async_context(open_house(settings, clock=ShiftedClock()))
        each = -(-runs // lanes)
        await asyncio.gather(*(lane.drive(house, each) for lane in driven))
        tally.unsound += await house.database.read(faults)
        if left_open := await house.database.read(open_runs):
            tally.unsound.append(f"{left_open} runs are still open")
    return tally


def main() -> None:
    """Parse the command line, run, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=500)
    parser.add_argument("--lanes", type=int, default=8)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with TemporaryDirectory() as name, database(given.database, Path(name)) as url, offered(NAME):
        tally = asyncio.run(torture(url, Path(name), given.n, given.lanes, given.seed))
    sys.stdout.write(f"{given.database}, seed {given.seed}: {tally.tell()}\n")
    sys.exit(0 if tally.is_good else 1)


if __name__ == "__main__":
    main()
