"""The worker: what is due is run, once, and given back when the worker stops."""

import asyncio
from datetime import timedelta

import pytest

from aggregator.commands.sources import pause
from aggregator.house import House
from aggregator.runs import Outcome, Progress, Report
from aggregator.store import leases
from aggregator.store.tables import run, source
from aggregator.working import worker as working
from aggregator.working.worker import Worker
from api.demo.city import City
from tests.system.household import SOURCE, later, live, rows, sound

PATIENCE = 60


@pytest.fixture(autouse=True)
def few(city: City) -> None:
    city.edit = lambda offers: offers[:20]


class Watched:
    """A worker whose reports and progress can be waited for."""

    def __init__(self, house: House) -> None:
        self.reports: asyncio.Queue[Report] = asyncio.Queue()
        self.reading = asyncio.Event()
        self.worker = Worker(house, self._say, self.reports.put_nowait)

    def _say(self, progress: Progress) -> None:
        if progress.stage == "read":
            self.reading.set()

    async def next_report(self) -> Report:
        return await asyncio.wait_for(self.reports.get(), PATIENCE)


async def test_what_is_due_is_run_and_then_not_due(house: House) -> None:
    watched = Watched(house)
    await watched.worker.tick()
    report = await watched.next_report()
    assert (report.outcome, live(house)["offer"]) == (Outcome.APPLIED, 20)
    await watched.worker.tick()
    assert len(rows(house, run)) == 1
    later(house, timedelta(hours=1.2))
    await watched.worker.tick()
    assert (await watched.next_report()).outcome is Outcome.UNCHANGED
    await watched.worker.stop()


async def test_a_source_is_not_run_twice_at_once(house: House) -> None:
    watched = Watched(house)
    await asyncio.gather(*(watched.worker.tick() for _ in range(5)))
    await watched.next_report()
    await watched.worker.stop()
    assert len(rows(house, run)) == 1


async def test_two_workers_share_the_work(house: House) -> None:
    one, two = Watched(house), Watched(house)
    await asyncio.gather(one.worker.tick(), two.worker.tick())
    await asyncio.wait(
        [asyncio.create_task(each.next_report()) for each in (one, two)],
        return_when=asyncio.FIRST_COMPLETED,
    )
    await asyncio.gather(one.worker.stop(), two.worker.stop())
    assert [row.outcome for row in rows(house, run)] == ["applied"]


async def test_a_worker_that_stops_gives_back_what_it_holds(house: House) -> None:
    watched = Watched(house)
    await watched.worker.tick()
    await asyncio.wait_for(watched.reading.wait(), PATIENCE)
    await watched.worker.stop()
    assert [row.outcome for row in rows(house, run)] == ["interrupted"]
    (row,) = [row for row in rows(house, source) if row.id == SOURCE]
    assert (row.lease_owner, row.lease_until) == (None, None)
    assert sound(house)


async def test_a_source_another_machine_is_at_is_left_alone(house: House) -> None:
    await house.database.write(leases.take, SOURCE, "other", house.clock)
    watched = Watched(house)
    await watched.worker.tick()
    await watched.worker.stop()
    assert [row.outcome for row in rows(house, run)] == [None]


async def test_working_goes_on_until_it_is_told_to_stop(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "LOOK_SECONDS", 0.05)
    stop, heard = asyncio.Event(), asyncio.Queue[Report]()
    task = asyncio.create_task(
        working.run_worker(house, stop, say=lambda _: None, report=heard.put_nowait)
    )
    await asyncio.wait_for(heard.get(), PATIENCE)
    later(house, timedelta(hours=1.2))
    assert (await asyncio.wait_for(heard.get(), PATIENCE)).outcome is Outcome.UNCHANGED
    stop.set()
    await asyncio.wait_for(task, PATIENCE)


@pytest.mark.parametrize(("paused", "readers"), [(False, 1), (True, 0)])
async def test_a_reader_is_ready_before_the_first_look_only_where_something_is_due(
    house: House, monkeypatch: pytest.MonkeyPatch, *, paused: bool, readers: int
) -> None:
    if paused:
        await pause(house, SOURCE)
    pool, looked, stop = house.sandbox._pool, asyncio.Queue[int](), asyncio.Event()

    async def look(_worker: Worker) -> None:
        looked.put_nowait(len(pool._idle))

    monkeypatch.setattr(Worker, "tick", look)
    task = asyncio.create_task(working.run_worker(house, stop))
    assert await asyncio.wait_for(looked.get(), PATIENCE) == readers
    assert pool._preload == {"freinet"}
    stop.set()
    await asyncio.wait_for(task, PATIENCE)
