"""Whatever the source answers: the outcome it deserves, and nothing public is lost."""

import pytest

from aggregator.house import House
from aggregator.store.tables import quarantine, source
from api.demo.city import City
from api.demo.faults import Fault
from tests.system.household import SOURCE, but, documents, live, rows, shown, sound, sync

FEW = 40
REFUSED = {
    Fault.FORBIDDEN: "source.refused",
    Fault.FAILING: "source.failing",
    Fault.BUSY: "source.rate_limited",
    Fault.REDIRECT: "source.refused",
    Fault.LOGIN: "document.login_page",
    Fault.XHTML: "document.maintenance_page",
    Fault.JSON_ERROR: "document.wrong_root",
    Fault.BLANK: "document.blank",
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
    before, titles, found = without_times(house), told(house), {}
    for fault in EXPECTED:
        city.fault = fault
        report = await sync(house)
        found[fault] = (report.outcome, report.problem.code if report.problem else "")
        assert told(house) == titles, fault
        assert report.counts.add_up()
        city.fault = None
        await sync(house)
    assert found == EXPECTED
    assert (without_times(house), rows(house, quarantine)) == (before, [])


def told(house: House) -> list[tuple[str, object]]:
    """What is public, by id and title: a held run marks entries and takes none away."""
    return sorted((one["id"], one["title"]) for one in shown(house))


def without_times(house: House) -> list[dict[str, object]]:
    """Every public document but for when it changed."""
    return [{name: one[name] for name in one if name != "modified"} for one in shown(house)]


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


async def test_a_source_that_repeats_our_key_does_not_spread_it(house: House, city: City) -> None:
    link = f'<a href="https://agentur.example/?accessKey={city.key}">mehr</a> {city.key}'
    city.edit = lambda offers: (offers[0].with_value("kurz_beschreibung", link), *offers[1:FEW])
    await sync(house)
    everything = str([list(row) for table in but(house).values() for row in table])
    assert "mehr" in str(documents(house))
    assert city.key not in everything + str(documents(house))
