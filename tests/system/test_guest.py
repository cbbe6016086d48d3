"""What a source notices of us over time: one whole fetch, its own word heard, its move followed."""

from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Row

from aggregator.house import House, open_house
from aggregator.runs import Outcome
from aggregator.settings import Settings
from aggregator.store import leases
from aggregator.store.tables import source
from aggregator.working.clock import ShiftedClock
from api.demo.city import City
from api.demo.faults import Fault
from api.demo.offers import twin, write_list
from tests.system.household import SOURCE, documents, later, live, rows, sync
from tests.upstreams.faults import Script, answer, redirect, serving

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
OLD, NEW = "/alt/MatchingServiceEndpoint.php", "/neu/MatchingServiceEndpoint.php"


@pytest.fixture(autouse=True)
def few(city: City) -> None:
    city.edit = lambda offers: offers[:5]
    city.validators = True


def conditional(city: City) -> list[bool]:
    """For each list that was asked for: whether with a condition."""
    lists = [visit for visit in city.visits if "detail" not in visit.path]
    return ["if-none-match" in visit.headers for visit in lists]


def other(settings: Settings) -> Settings:
    """The same house with another word for a category: everything is mapped anew."""
    (one,) = settings.sources
    return settings.model_copy(update={"sources": (one.model_copy(update={"language": "en"}),)})


def again(settings: Settings) -> AbstractAsyncContextManager[House]:
    return open_house(other(settings), clock=ShiftedClock())


async def test_other_settings_are_applied_to_what_was_kept(
    house: House, settings: Settings, city: City
) -> None:
    await sync(house)
    before = documents(house)
    async with again(settings) as changed:
        report = await sync(changed)
        assert (report.outcome, report.counts.found) == (Outcome.APPLIED, 5)
        assert documents(changed) != before
        assert (await sync(changed)).outcome is Outcome.UNCHANGED
    assert conditional(city) == [False, True, True]


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
async def test_what_is_not_kept_any_more_is_fetched_whole(
    house: House, settings: Settings, city: City, damage: bytes | None
) -> None:
    await sync(house)
    for kept in house.snapshots.folder.glob("*.zst"):
        if damage is None:
            kept.unlink()
        else:
            kept.write_bytes(damage)
    async with again(settings) as changed:
        report = await sync(changed)
    assert (report.outcome, report.counts.found) == (Outcome.APPLIED, 5)
    assert conditional(city) == [False, True, False]


@pytest.mark.parametrize("fault", [Fault.FAILING, Fault.BUSY, Fault.LOGIN])
async def test_a_refusal_costs_no_whole_fetch(house: House, city: City, fault: Fault) -> None:
    await sync(house)
    city.fault = fault
    assert (await sync(house)).outcome is Outcome.REFUSED
    city.fault = None
    assert (await sync(house)).outcome is Outcome.UNCHANGED
    assert conditional(city) == [False, True, True]


def state(house: House) -> Row[Any]:
    (row,) = [row for row in rows(house, source) if row.id == SOURCE]
    return row


def listed(*lines: str) -> Script:
    return answer(write_list(twin()[:5], 'agencyID="177"').encode(), *lines)


def household(settings: Settings, base: str) -> AbstractAsyncContextManager[House]:
    """The same house, with its source under another address."""
    (one,) = settings.sources
    moved = one.model_copy(update={"settings": {**one.settings, "base_url": base}})
    return open_house(settings.model_copy(update={"sources": (moved,)}), clock=ShiftedClock())


async def test_gone_lets_the_source_rest_and_keeps_its_entries(
    house: House, settings: Settings
) -> None:
    await sync(house)
    async with (
        serving(answer(status=410)) as upstream,
        household(settings, upstream.url) as changed,
    ):
        report = await sync(changed)
        row = state(changed)
        assert await changed.database.read(_due_later, changed) == []
    assert report.problem is not None
    assert (report.outcome, report.problem.code) == (Outcome.REFUSED, "source.gone")
    assert (row.paused, row.paused_why) == (True, "source.gone")
    assert live(house)["offer"] == 5


def _due_later(connection: Connection, house: House) -> list[str]:
    return leases.due(connection, house.clock.now(connection) + 365 * DAY, 10)


@pytest.mark.parametrize(
    ("line", "hours"),
    [("Cache-Control: max-age=36000", 10), ("Cache-Control: max-age=999999", 24), ("X: y", 1)],
)
async def test_an_answer_is_left_alone_while_it_stays_true(
    settings: Settings, line: str, hours: int
) -> None:
    async with serving(listed(line)) as upstream, household(settings, upstream.url) as house:
        for outcome in (Outcome.APPLIED, Outcome.UNCHANGED):
            assert (await sync(house)).outcome is outcome
            row = state(house)
            assert hours * HOUR <= row.next_due - row.checked <= max(hours, 1.1) * HOUR


@pytest.mark.parametrize(("status", "follows"), [(301, True), (308, True), (302, False)])
async def test_a_move_is_told_at_once_and_followed_after_a_week(
    settings: Settings, status: int, follows: bool
) -> None:
    scripts: dict[str, Script] = {NEW: listed()}
    async with serving(scripts) as upstream:
        scripts[OLD] = redirect(NEW, status)
        async with household(settings, f"{upstream.url}alt/") as house:
            for _ in range(8):
                report = await sync(house)
                assert ("source.moved" in report.findings) is follows
                later(house, DAY)
            before = len(upstream.asked)
            assert (await sync(house)).outcome is Outcome.UNCHANGED
    paths = [asked.target.partition("?")[0] for asked in upstream.asked[before:]]
    assert paths == ([NEW] if follows else [OLD, NEW])


@pytest.mark.parametrize("status", [404, 410])
async def test_a_new_address_that_fails_is_forgotten(settings: Settings, status: int) -> None:
    scripts: dict[str, Script] = {OLD: redirect(NEW, 301), NEW: listed()}
    async with (
        serving(scripts) as upstream,
        household(settings, f"{upstream.url}alt/") as house,
    ):
        for _ in range(9):
            await sync(house)
            later(house, DAY)
        scripts |= {OLD: listed(), NEW: answer(status=status)}
        assert (await sync(house)).outcome is Outcome.REFUSED
        assert not state(house).paused
        assert (await sync(house)).outcome is Outcome.UNCHANGED
    paths = [asked.target.partition("?")[0] for asked in upstream.asked[-2:]]
    assert paths == [NEW, OLD]
