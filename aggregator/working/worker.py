"""The worker: a clock that asks the store what is due, and a bounded number of runs at a time.

The clock (APScheduler) knows when to look; the database knows what is due. Nothing is kept here
that a restart would lose.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from aggregator.commands.edit import expire_corrections
from aggregator.commands.horizon import extend_horizon
from aggregator.commands.refresh import refresh
from aggregator.commands.sync import owner_name
from aggregator.errors import LeaseLost
from aggregator.gathering import Say
from aggregator.house import House
from aggregator.pipeline import Busy, sync
from aggregator.runs import Progress, Report
from aggregator.store.leases import due, release_owned
from aggregator.working.housekeeping import keep_house
from aggregator.working.journal import Journal

log = logging.getLogger(__name__)

LOOK_SECONDS = 1
HOUSEKEEPING = timedelta(hours=1)


class Worker:
    """Runs what is due. `tick` looks once; runs go on as tasks until `stop`. While more is due than
    there is room for, every run that ends makes it look again: nobody waits for the clock."""

    def __init__(self, house: House, say: Say, report: Callable[[Report], None]) -> None:
        self._house = house
        self._say = say
        self._report = report
        self._owner = owner_name()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._looking = asyncio.Lock()
        self._looks: set[asyncio.Task[None]] = set()
        self._crowded = False
        """Whether the last look left something that is due."""
        self._stopped = False

    async def is_called_for(self) -> bool:
        """Whether anything is due."""
        return bool(await self._house.database.read(self._due, 1))

    async def tick(self) -> None:
        """Start a run for each source that is due, as far as there is room."""
        async with self._looking:
            running = len(self._running)
            room = self._house.settings.fetch.parallel - running
            self._crowded = room <= 0
            if room <= 0:
                return
            wanted = await self._house.database.read(self._due, room + running + 1)
            fresh = [source_id for source_id in wanted if source_id not in self._running]
            self._crowded = len(fresh) > room
            for source_id in fresh[: 0 if self._stopped else room]:
                self._start(source_id)

    def _start(self, source_id: str) -> None:
        task = asyncio.create_task(self._run(source_id), name=f"sync {source_id}")
        self._running[source_id] = task
        task.add_done_callback(partial(self._done, source_id))

    def _due(self, connection: Connection, limit: int) -> list[str]:
        configured = {source.id for source in self._house.settings.sources}
        now = self._house.clock.now(connection)
        return [source_id for source_id in due(connection, now, limit) if source_id in configured]

    async def _run(self, source_id: str) -> None:
        try:
            report = await sync(self._house, source_id, owner=self._owner, say=self._say)
        except Busy:
            return
        except LeaseLost:
            log.warning("%s was taken over by another worker", source_id)
            return
        self._report(report)

    def _done(self, source_id: str, task: asyncio.Task[None]) -> None:
        self._running.pop(source_id)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s could not be run", source_id, exc_info=error)
        if self._crowded and not self._stopped:
            look = asyncio.create_task(self.tick(), name="look again")
            self._looks.add(look)
            look.add_done_callback(self._looked)

    def _looked(self, look: asyncio.Task[None]) -> None:
        self._looks.discard(look)
        if not look.cancelled() and (error := look.exception()) is not None:
            log.warning("what is due could not be read", exc_info=error)

    async def stop(self) -> None:
        """Interrupt every run and give back what is still held."""
        self._stopped = True
        ending = [*self._looks, *self._running.values()]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        async with self._looking:  # the clock's look under way ends in good order
            pass
        await self._house.database.write(release_owned, self._owner)


def silent(progress: Progress) -> None:
    """Say nothing of a run's progress."""
    del progress


async def run_worker(
    house: House,
    stop: asyncio.Event,
    *,
    say: Say = silent,
    report: Callable[[Report], None] | None = None,
) -> None:
    """Work until `stop` is set; then interrupt what runs and return."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    worker = Worker(house, say, report or Journal().write)
    await refresh(house)
    await extend_horizon(house)
    await _prepare(house, worker)
    clock = AsyncIOScheduler(timezone="UTC")
    once = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    clock.add_job(worker.tick, "interval", seconds=LOOK_SECONDS, **once)
    clock.add_job(expire_corrections, "interval", args=[house], minutes=1, **once)
    clock.add_job(extend_horizon, "interval", args=[house], minutes=10, **once)
    clock.add_job(
        keep_house, "interval", args=[house], seconds=HOUSEKEEPING.total_seconds(), **once
    )
    clock.start()
    try:
        await worker.tick()
        await stop.wait()
    finally:
        clock.pause()
        await worker.stop()
        clock.shutdown(wait=False)


async def _prepare(house: House, worker: Worker) -> None:
    """Have readers know every connector, and one ready where something waits for it: that none
    comes up is the installation's fault, and must not become that of a source."""
    connectors = sorted({source.connector for source in house.settings.sources})
    house.sandbox.expect(*connectors)
    if await worker.is_called_for():
        await house.sandbox.prewarm()
