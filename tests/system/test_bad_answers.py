"""Whatever the source answers: the outcome it deserves, and nothing public is lost."""

import pytest

from aggregator.house import House
from aggregator.store.tables import quarantine, source
from api.demo.city import City
from api.demo.faults import Fault
from tests.system.household import SOURCE, but, documents, live, rows, sound, sync

FEW = 40
REFUSED = {
    Fault.FORBIDDEN: "source.refused",
    Fault.FAILING: "source.failing",
    Fault.BUSY: "source.rate_limited",
    Fault.REDIRECT: "source.refused",
    Fault.LOGIN: "document.wrong_root",
    Fault.XHTML: "document.wrong_root",
    Fault.JSON_ERROR: "document.wrong_root",
    Fault.BLANK: "document.wrong_root",
}
INCOMPLETE = {
    Fault.EMPTY: "document.empty",
    Fault.CUT: "document.cut",
    Fault.NO_ID: "record.no_key",
}
POISONS = (
    Fault.LATIN_1,
    Fault.NUL,
    Fault.VERTICAL_TAB,
    Fault.SURROGATE,
    Fault.HUGE_TITLE,
    Fault.DUPLICATE,
)
EXPECTED = (
    {fault: ("refused", code) for fault, code in REFUSED.items()}
    | {fault: ("incomplete", code) for fault, code in INCOMPLETE.items()}
    | {Fault.SHRUNK: ("held", "run.held")}
    | dict.fromkeys(POISONS, ("degraded", ""))
)


@pytest.fixture(autouse=True)
def few(city: City) -> None:
    city.edit = lambda offers: offers[:FEW]


async def test_every_bad_answer_ends_as_it_deserves_and_takes_nothing_away(
    house: House, city: City
) -> None:
    await sync(house)
    before, found = documents(house), {}
    for fault in EXPECTED:
        city.fault = fault
        report = await sync(house)
        found[fault] = (report.outcome, report.problem.code if report.problem else "")
        assert documents(house) == before, fault
        assert report.counts.add_up()
        city.fault = None
        await sync(house)
    assert found == EXPECTED
    assert (documents(house), rows(house, quarantine)) == (before, [])


@pytest.mark.parametrize("fault", POISONS)
async def test_one_poisoned_record_is_set_aside_while_the_others_flow(
    house: House, city: City, fault: Fault
) -> None:
    city.fault = fault
    report = await sync(house)
    kept = FEW if fault is Fault.DUPLICATE else FEW - 1
    assert live(house)["offer"] == kept
    assert (report.counts.quarantined, len(rows(house, quarantine))) == (1, 1)
    assert sound(house)


async def test_the_same_poison_again_writes_nothing(house: House, city: City) -> None:
    city.fault = Fault.NUL
    await sync(house)
    before = but(house, "run", "source", "snapshot")
    city.edit = lambda offers: (offers[0], *offers[1:FEW][::-1])
    report = await sync(house)
    assert (report.counts.same, report.counts.quarantined) == (FEW - 1, 1)
    assert but(house, "run", "source", "snapshot") == before


async def test_a_source_that_asks_for_patience_gets_it(house: House, city: City) -> None:
    city.fault = Fault.BUSY
    await sync(house)
    (row,) = [row for row in rows(house, source) if row.id == SOURCE]
    assert (row.next_due - row.checked).total_seconds() >= 120
    assert row.failures == 1


async def test_a_first_answer_that_is_bad_publishes_nothing(house: House, city: City) -> None:
    for fault in (Fault.LOGIN, Fault.EMPTY, Fault.BLANK):
        city.fault = fault
        await sync(house)
    assert documents(house) == {}
