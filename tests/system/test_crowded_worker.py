"""The worker when more is due than it may run at once, and when it is told to stop meanwhile."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from aggregator.house import House, open_house
from aggregator.runs import Report
from aggregator.settings import Settings
from aggregator.store.tables import run
from aggregator.working.clock import ShiftedClock
from aggregator.working.worker import Worker, silent
from api.demo.city import City
from tests.system.household import rows

PATIENCE = 60
IDS = ("a", "b", "c")


@pytest.fixture
async def crowded(settings: Settings, city: City) -> AsyncIterator[House]:
    """A house with three sources, of which one may be asked at a time."""
    city.edit = lambda offers: offers[:5]
    (one,) = settings.sources
    sources = tuple(one.model_copy(update={"id": id_}) for id_ in IDS)
    alone = settings.fetch.model_copy(update={"parallel": 1})
    update = {"sources": sources, "fetch": alone}
    async with open_house(settings.model_copy(update=update), clock=ShiftedClock()) as opened:
        yield opened


async def test_what_found_no_room_starts_when_a_run_ends(crowded: House) -> None:
    heard = asyncio.Queue[Report]()
    worker = Worker(crowded, silent, heard.put_nowait)
    await worker.tick()
    reports = [await asyncio.wait_for(heard.get(), PATIENCE) for _ in IDS]
    await worker.stop()
    assert sorted(report.source for report in reports) == list(IDS)
    assert len(rows(crowded, run)) == len(IDS)


async def test_looks_at_the_same_time_start_no_more_than_there_is_room_for(crowded: House) -> None:
    heard = asyncio.Queue[Report]()
    worker = Worker(crowded, silent, heard.put_nowait)
    await asyncio.gather(*(worker.tick() for _ in range(5)))
    for _ in IDS:
        await asyncio.wait_for(heard.get(), PATIENCE)
    await worker.stop()
    one, two, three = rows(crowded, run)
    assert one.ended <= two.started
    assert two.ended <= three.started


async def test_a_look_under_way_starts_nothing_once_the_worker_stops(crowded: House) -> None:
    worker = Worker(crowded, silent, lambda report: None)
    look = asyncio.create_task(worker.tick())
    await asyncio.sleep(0)
    await worker.stop()
    await look
    assert [task for task in asyncio.all_tasks() if task.get_name().startswith("sync ")] == []
    assert rows(crowded, run) == []
