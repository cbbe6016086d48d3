"""An agency's list, from its server to the public documents, and back out again."""

import asyncio
from datetime import timedelta

import pytest

from aggregator import pipeline
from aggregator.commands.sync import Busy, sync_source
from aggregator.errors import LeaseLost
from aggregator.house import House
from aggregator.runs import Outcome, Progress
from aggregator.store import leases
from aggregator.store.tables import entity, feed, run, source
from api.demo.city import City
from tests.system.household import (
    SOURCE,
    but,
    documents,
    later,
    live,
    rows,
    shown,
    sound,
    sync,
)

DAY = timedelta(days=1)


async def test_the_whole_list_arrives_with_its_organisations(house: House) -> None:
    report = await sync(house)
    assert (report.outcome, report.counts.new, report.counts.derived) == (Outcome.APPLIED, 429, 249)
    assert live(house) == {"offer": 429, "organisation": 249}
    assert sound(house)


async def test_an_equal_answer_writes_nothing_but_run_and_source(house: House, city: City) -> None:
    await sync(house)
    before = but(house, "run", "source")
    for validators in (False, True, True):
        city.validators = validators
        assert (await sync(house)).outcome is Outcome.UNCHANGED
    assert but(house, "run", "source") == before
    assert len(rows(house, run)) == 4


async def test_other_bytes_with_the_same_records_write_no_record(house: House, city: City) -> None:
    await sync(house)
    before = but(house, "run", "source", "snapshot", "feed")
    city.edit = lambda offers: offers[::-1]
    report = await sync(house)
    assert (report.outcome, report.counts.same) == (Outcome.APPLIED, 429)
    assert but(house, "run", "source", "snapshot", "feed") == before


async def test_nine_offers_with_one_stamp_all_arrive(house: House, city: City) -> None:
    await sync(house)
    head = rows(house, feed)[0].head
    city.minute = 1
    report = await sync(house)
    assert report.counts.changed == 10  # nine together, one by itself
    assert sum("Stand 1" in str(one) for one in shown(house)) == 10
    moved = [row for row in rows(house, entity) if row.change > head and row.kind == "offer"]
    assert len(moved) == 10 + report.counts.new


async def test_an_offer_that_leaves_is_gone_after_a_day_and_two_complete_runs(
    house: House, city: City
) -> None:
    await sync(house)
    city.edit = lambda offers: offers[1:]
    assert (await sync(house)).counts.missing == 1
    later(house, DAY - timedelta(minutes=1))
    assert (await sync(house)).outcome is Outcome.UNCHANGED
    assert live(house)["offer"] == 429
    later(house, timedelta(minutes=1))
    assert (await sync(house)).counts.withdrawn == 1  # the same answer again
    assert live(house)["offer"] == 428
    assert sound(house)


async def test_a_dry_run_says_what_would_be_and_writes_nothing(house: House) -> None:
    before = but(house)
    report = await sync_source(house, SOURCE, dry_run=True, progress=lambda _: None)
    assert (report.run, report.counts.new) == (None, 429)
    assert but(house) == before


async def test_a_source_nobody_configured_cannot_be_synced(house: House) -> None:
    with pytest.raises(KeyError):
        await sync_source(house, "anders", progress=lambda _: None)


async def test_a_source_another_worker_is_at_is_busy(house: House) -> None:
    await house.database.write(leases.take, SOURCE, "other", house.clock)
    with pytest.raises(Busy):
        await sync(house)


async def test_a_run_that_is_stopped_is_interrupted_and_the_next_goes_on(house: House) -> None:
    reading = asyncio.Event()

    def say(progress: Progress) -> None:
        if progress.stage == "read":
            reading.set()

    task = asyncio.create_task(sync_source(house, SOURCE, progress=say))
    await reading.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [row.outcome for row in rows(house, run)] == ["interrupted"]
    assert (await sync(house)).counts.found == 429
    assert sound(house)


async def test_an_error_of_ours_ends_the_run_and_leaves_the_source_free(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(pipeline, "conclude", _fail)
        report = await sync(house)
    assert (report.outcome, sound(house)) == (Outcome.CRASHED, True)
    assert report.problem is not None
    assert "secret" not in report.problem.message
    assert (await sync(house)).outcome is Outcome.APPLIED


def _fail(*_: object) -> None:
    raise ZeroDivisionError("secret")


async def test_a_run_whose_source_was_taken_over_writes_nothing_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "FIRST_CHUNK", 50)
    taken = asyncio.Event()

    def say(progress: Progress) -> None:
        if progress.stage == "apply" and not taken.is_set():
            taken.set()
            later(house, 2 * leases.LEASE)
            house.database.write_now(leases.take, SOURCE, "other", house.clock)

    with pytest.raises(LeaseLost):
        await sync_source(house, SOURCE, progress=say)
    assert 0 < len(documents(house)) < 429
    assert [row.lease_owner for row in rows(house, source) if row.id == SOURCE] == ["other"]
    assert sound(house)
