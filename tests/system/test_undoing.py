"""A person undoes, reads again and lets rest: commands over a whole house and a running city."""

import asyncio
from typing import Any

import pytest

from aggregator.commands.replay import replay
from aggregator.commands.rollback import roll_back
from aggregator.commands.runs import Decision, NotPossible, decide
from aggregator.commands.sources import pause, resume
from aggregator.house import House, open_house
from aggregator.runs import Outcome
from aggregator.settings import Settings
from aggregator.store.leases import due
from aggregator.store.tables import quarantine, record, run, source
from aggregator.working.clock import ShiftedClock
from api.demo.city import City
from api.demo.faults import Fault
from api.demo.offers import Offer
from tests.system.household import DAY, SOURCE, later, live, rows, said, shown, sound, sync


def _titles(house: House) -> dict[str, Any]:
    return {one["id"]: one["title"] for one in shown(house)}


async def _undo(house: House) -> Any:
    return await roll_back(house, rows(house, run)[-1].id, say=said)


async def test_a_run_that_spoiled_titles_is_taken_back_and_the_source_rests(
    house: House, city: City
) -> None:
    await sync(house)
    before = _titles(house)
    city.edit = lambda offers: (*map(_spoiled, offers[:50]), *offers[50:])
    assert (await sync(house)).counts.changed == 50
    assert _titles(house) != before
    report = await _undo(house)
    assert (report.outcome, report.counts.changed) == (Outcome.APPLIED, 50)
    assert _titles(house) == before
    (row,) = [one for one in rows(house, source) if one.id == SOURCE]
    assert (row.paused, row.paused_why, row.validators) == (True, "run.rolled_back", None)
    assert rows(house, run)[-1].cause == "rollback"
    assert sound(house)
    later(house, DAY)
    assert _due(house) == []
    await resume(house, SOURCE)
    assert _due(house) == [SOURCE]
    city.edit = None
    await sync(house)
    assert _titles(house) == before


def _spoiled(offer: Offer) -> Offer:
    return offer.with_value("angebotsname", f"Verdorben {offer.id}")


def _due(house: House) -> list[str]:
    return house.database.read_now(lambda c: due(c, house.clock.now(c), 10))


async def test_a_dry_run_of_a_rollback_says_what_it_would_do_and_does_nothing(
    house: House,
) -> None:
    await sync(house)
    report = await roll_back(house, rows(house, run)[-1].id, say=said, dry_run=True)
    assert report.counts.withdrawn == 429
    assert live(house)["offer"] == 429


@pytest.mark.parametrize("number", [99, 1])
async def test_what_cannot_be_undone_is_said_with_its_reason(house: House, number: int) -> None:
    await sync(house)
    later(house, 91 * DAY)
    with pytest.raises(NotPossible) as error:
        await roll_back(house, number, say=said)
    assert error.value.code in ("run.unknown", "run.not_revocable")


async def test_a_shrunk_list_is_held_approved_and_gone(house: House, city: City) -> None:
    await sync(house)
    city.fault = Fault.SHRUNK
    held = await sync(house)
    assert held.outcome is Outcome.HELD
    with pytest.raises(NotPossible, match="held nothing back"):
        await decide(
            house.database, house.clock, rows(house, run)[0].id, Decision.APPROVED, who="eva"
        )
    assert held.run is not None
    decided = await decide(house.database, house.clock, held.run, Decision.APPROVED, who="eva")
    assert (decided.source, decided.items) == (SOURCE, len(held.held))
    later(house, DAY)
    report = await sync(house)
    assert (report.outcome, report.counts.withdrawn) == (Outcome.APPLIED, len(held.held))
    assert live(house)["offer"] == 429 - len(held.held)
    assert sound(house)


async def test_an_older_held_run_cannot_approve_what_a_newer_one_holds(
    house: House, city: City
) -> None:
    await sync(house)
    city.edit = lambda offers: offers[:200]
    first = await sync(house)
    city.edit = lambda offers: offers[:100]
    await sync(house)
    assert first.run is not None
    with pytest.raises(NotPossible) as error:
        await decide(house.database, house.clock, first.run, Decision.APPROVED, who="eva")
    assert error.value.code == "run.not_newest"


async def test_kept_documents_are_read_again_after_a_mapping_was_mended(
    house: House, settings: Settings, city: City
) -> None:
    await sync(house)
    asked = len(city.visits)
    (one,) = settings.sources
    mended = one.model_copy(update={"climate": ("mitigation",)})
    async with open_house(
        settings.model_copy(update={"sources": (mended,)}), clock=house.clock
    ) as again:
        report = await replay(again, SOURCE, say=said)
        assert (report.outcome, report.counts.changed) == (Outcome.APPLIED, 429)
        assert len(city.visits) == asked
        offers = [one for one in shown(again) if one["kind"] == "offer"]
        assert all(one["climate"] == ["mitigation"] for one in offers)
        assert (await sync(again)).outcome is Outcome.UNCHANGED
        assert sound(again)


async def test_reading_again_what_is_the_same_changes_nothing(house: House) -> None:
    await sync(house)
    before = [(r.no, r.body) for r in rows(house, record)]
    report = await replay(house, SOURCE, say=said)
    assert (report.outcome, report.counts.same) == (Outcome.APPLIED, 429)
    assert [(r.no, r.body) for r in rows(house, record)] == before
    assert rows(house, run)[-1].cause == "replay"


async def test_nothing_kept_is_nothing_read(house: House) -> None:
    report = await replay(house, SOURCE, say=said)
    assert report.outcome is Outcome.REFUSED
    assert report.problem is not None
    assert report.problem.code == "source.not_kept"


async def test_a_bad_record_stays_in_quarantine_while_nothing_is_mended(
    house: House, city: City
) -> None:
    city.fault = Fault.NUL
    await sync(house)
    before = len(rows(house, quarantine))
    await replay(house, SOURCE, say=said)
    assert len(rows(house, quarantine)) == before


async def test_a_paused_source_is_not_due(house: House) -> None:
    await sync(house)
    await pause(house, SOURCE)
    later(house, DAY)
    assert _due(house) == []
    await resume(house, SOURCE)
    assert _due(house) == [SOURCE]
    with pytest.raises(KeyError):
        await pause(house, "fremd")
    assert isinstance(house.clock, ShiftedClock)


async def test_a_visit_that_is_given_up_at_any_moment_holds_nothing(house: House) -> None:
    for yields in range(12):
        visit = asyncio.create_task(sync(house))
        for _ in range(yields):
            await asyncio.sleep(0.001)
        visit.cancel()
        with pytest.raises(asyncio.CancelledError):
            await visit
        (row,) = [one for one in rows(house, source) if one.id == SOURCE]
        assert (row.lease_owner, row.lease_until) == (None, None)
