"""A house without a source of its own: what it keeps is made by hand."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aggregator.house import House, open_house
from aggregator.settings import ServiceSettings, Settings
from aggregator.working.clock import ShiftedClock
from tests.aggregator.making import Bench
from tests.postgres import PUBLIC_URL


@pytest.fixture
async def house(database_setting: str, tmp_path: Path) -> AsyncIterator[House]:
    """The house, opened, under a clock that can be pushed."""
    service = ServiceSettings(
        public_url=PUBLIC_URL, database=database_setting, data=str(tmp_path / "data")
    )
    async with open_house(Settings(service=service), clock=ShiftedClock()) as opened:
        yield opened


@pytest.fixture
def bench(house: House) -> Bench:
    """Runs of hand-made harvests in this house."""
    assert isinstance(house.clock, ShiftedClock)
    return Bench(house.database, clock=house.clock)
