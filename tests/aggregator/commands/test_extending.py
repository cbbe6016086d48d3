"""The daily job, as worker, rebuild and sync call it."""

import pytest

from aggregator.commands.horizon import extend_horizon
from aggregator.house import House
from aggregator.store import horizon
from aggregator.store.tables import feed, occurrence
from tests.aggregator.making import DAY, Bench, event


async def test_the_job_ends_with_the_last_page(
    house: House, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(horizon, "PAGE", 2)
    daily = {"rule": "FREQ=DAILY"}
    bench.sync(*(event(str(n), f"Termin {n}", "2020-01-01", recurrence=daily) for n in range(5)))
    before = max(row.wall_start for row in bench.rows(occurrence))
    bench.later(DAY)
    await extend_horizon(house)
    newest = {row.entity_no: row.wall_start for row in bench.rows(occurrence)}
    assert len(newest) == 5
    assert min(newest.values()) > before
    [row] = bench.rows(feed)
    assert row.horizon == bench.database.read_now(bench.clock.now).date()


async def test_the_same_day_again_does_nothing(house: House, bench: Bench) -> None:
    bench.sync(event("1", at="2020-01-01", recurrence={"rule": "FREQ=DAILY"}))
    await extend_horizon(house)
    before = bench.rows(feed)
    await extend_horizon(house)
    assert bench.rows(feed) == before
