"""An answer that was not whole is no better when it comes again."""

import pytest

from aggregator.house import House
from api.demo.city import City
from api.demo.faults import Fault
from tests.system.household import live, sync


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.SHRUNK])
async def test_the_same_broken_answer_again_is_read_again(
    house: House, city: City, fault: Fault
) -> None:
    city.edit = lambda offers: offers[:40]
    await sync(house)
    city.fault = fault
    first = await sync(house)
    assert first.outcome in {"incomplete", "held"}
    assert (await sync(house)).outcome is first.outcome
    assert live(house)["offer"] == 40
