"""A source that asks for patience has it, and reading again is no visit."""

import asyncio
from datetime import timedelta
from typing import Any

from aggregator.commands.replay import replay
from aggregator.commands.runs import Decision, decide
from aggregator.commands.sync import sync_source
from aggregator.house import House, open_house
from aggregator.runs import Outcome
from aggregator.settings import Settings
from aggregator.store.tables import run, source
from aggregator.working.clock import ShiftedClock
from api.demo.city import City
from api.demo.faults import Fault
from api.demo.offers import twin, write_list
from tests.system.household import DAY, SOURCE, later, live, rows, said, sync
from tests.upstreams.faults import Script, answer, serving

HOUR = timedelta(hours=1)
LIST, DETAILS = "/query/api/MatchingServiceEndpoint.php", "/query/api/OfferServiceEndpoint.php"


def _state(house: House) -> Any:
    (row,) = [one for one in rows(house, source) if one.id == SOURCE]
    return row


def _listed(many: int) -> Script:
    return answer(write_list(twin()[:many], 'agenturId="177"').encode())


def _other(settings: Settings, **more: Any) -> Settings:
    (one,) = settings.sources
    changed = one.model_copy(update={"settings": {**one.settings, **more}})
    return settings.model_copy(update={"sources": (changed,)})


async def test_who_is_asked_to_wait_asks_for_no_more_details_and_waits(settings: Settings) -> None:
    tired = answer(b"", "Retry-After: 86400", status=429)
    async with serving({LIST: _listed(60), DETAILS: tired}) as upstream:
        base = f"{upstream.url}query/api/"
        changed = _other(settings, base_url=base, details=True)
        async with open_house(changed, clock=ShiftedClock()) as house:
            await sync(house)
            row = _state(house)
            asked = sum(one.target.startswith(DETAILS) for one in upstream.asked)
            now = house.database.read_now(house.clock.now)
    assert (asked <= 10, row.next_due - now >= timedelta(hours=23)) == (True, True), (
        asked,
        row.next_due - now,
    )


async def test_reading_again_does_not_shorten_the_wait_a_source_asked_for(
    house: House, settings: Settings
) -> None:
    await sync(house)
    async with serving(answer(b"", "Retry-After: 86400", status=429)) as upstream:
        tired = _other(settings, base_url=f"{upstream.url}query/api/")
        async with open_house(tired, clock=house.clock) as changed:
            assert (await sync(changed)).outcome is Outcome.REFUSED
    due = _state(house).next_due
    await replay(house, SOURCE, say=said)
    assert _state(house).next_due >= due


async def test_reading_again_is_no_visit_that_confirms_anything(house: House, city: City) -> None:
    await sync(house)
    before = _state(house).succeeded
    city.fault = Fault.FAILING
    later(house, 3 * DAY)
    await sync(house)
    await replay(house, SOURCE, say=said)
    assert _state(house).succeeded == before


async def test_reading_again_withdraws_nothing_the_source_was_not_asked_about(
    house: House, city: City
) -> None:
    city.edit = lambda offers: offers[:10]
    await sync(house)
    city.edit = lambda offers: offers[:9]
    later(house, HOUR)
    assert (await sync(house)).counts.missing == 1
    city.fault = Fault.FAILING
    later(house, 2 * DAY)
    await sync(house)
    report = await replay(house, SOURCE, say=said)
    assert (report.counts.withdrawn, live(house)["offer"]) == (0, 10)


async def test_a_damaged_document_is_kept_anew_when_it_is_fetched_again(
    house: House, settings: Settings, city: City
) -> None:
    city.edit = lambda offers: offers[:5]
    await sync(house)
    for kept in house.snapshots.folder.glob("*.zst"):
        kept.write_bytes(b"nonsense")
    (one,) = settings.sources
    other = one.model_copy(update={"language": "en"})
    changed = settings.model_copy(update={"sources": (other,)})
    async with open_house(changed, clock=house.clock) as again:
        assert (await sync(again)).outcome is Outcome.APPLIED
        report = await replay(again, SOURCE, say=said)
    assert report.outcome is Outcome.APPLIED


async def test_a_decision_made_while_the_source_is_visited_is_carried_out_at_once(
    house: House, city: City
) -> None:
    await sync(house)
    city.fault = Fault.SHRUNK
    held = await sync(house)
    assert held.run is not None
    later(house, HOUR)
    decided = []

    async def approve() -> None:
        decided.append(
            await decide(house.database, house.clock, held.run or 0, Decision.APPROVED, who="eva")
        )

    tasks: list[asyncio.Task[None]] = []

    def during(progress: Any) -> None:
        if progress.stage == "read" and not tasks:
            tasks.append(asyncio.create_task(approve()))

    await sync_source(house, SOURCE, progress=during)
    await asyncio.gather(*tasks)
    assert decided[0].items == len(held.held)
    now = house.database.read_now(house.clock.now)
    assert rows(house, run)[-1].outcome == "applied" or _state(house).next_due <= now
