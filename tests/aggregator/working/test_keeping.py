"""A lease is kept while its run works; a run whose lease is lost stops."""

import asyncio
import logging

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from aggregator.errors import LeaseLost
from aggregator.store.leases import LEASE, Lease, take
from aggregator.store.tables import source
from aggregator.working import lease as keeper
from aggregator.working.clock import Clock
from aggregator.working.lease import keeping
from tests.aggregator.making import Bench

LONG = 30.0


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "BEAT", 0.01)


async def _hold(bench: Bench, lease: Lease, seconds: float) -> str:
    async with keeping(bench.database, lease, bench.clock):
        await asyncio.sleep(seconds)
    return "done"


async def _renewed(bench: Bench, before: object) -> bool:
    for _ in range(1000):
        await asyncio.sleep(0.01)
        if bench.rows(source, id=bench.source)[0].lease_until != before:
            return True
    return False


async def test_the_lease_is_renewed_while_the_block_runs(bench: Bench) -> None:
    lease = bench.lease()
    (before,) = bench.rows(source, id=bench.source)
    bench.later(LEASE)
    async with keeping(bench.database, lease, bench.clock):
        assert await _renewed(bench, before.lease_until)
    assert bench.database.write_now(take, bench.source, "other", bench.clock) is None


async def test_a_block_whose_lease_is_lost_is_stopped(bench: Bench) -> None:
    lease = bench.lease()
    bench.later(2 * LEASE)
    bench.lease("other")
    with pytest.raises(LeaseLost):
        await _hold(bench, lease, LONG)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_a_lease_lost_as_the_block_ends_is_said_as_such(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    beaten = asyncio.Event()

    async def lose(*given: object) -> None:
        lost = given[-1]
        assert isinstance(lost, asyncio.Event)
        lost.set()
        beaten.set()

    monkeypatch.setattr(keeper, "_beat", lose)
    with pytest.raises(LeaseLost):
        async with keeping(bench.database, bench.lease(), bench.clock):
            await beaten.wait()


async def test_whoever_stops_the_block_is_not_told_of_a_lease(bench: Bench) -> None:
    task = asyncio.create_task(_hold(bench, bench.lease(), LONG))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_error_of_the_block_is_passed_on(bench: Bench) -> None:
    with pytest.raises(ZeroDivisionError):
        async with keeping(bench.database, bench.lease(), bench.clock):
            raise ZeroDivisionError


async def test_a_database_that_stumbles_does_not_end_the_run(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = 0

    def stumble(_connection: Connection, _lease: Lease, _clock: Clock) -> bool:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise OperationalError("UPDATE source", {}, Exception("server closed the connection"))
        return True

    monkeypatch.setattr(keeper, "renew", stumble)
    with caplog.at_level(logging.WARNING):
        assert await _hold(bench, bench.lease(), 0.3) == "done"
    assert asked > 1
    assert "could not be renewed" in caplog.text
