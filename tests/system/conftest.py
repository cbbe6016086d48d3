"""A whole house over both databases, with the fake city as its only source."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aggregator.house import House, open_house
from aggregator.settings import FetchSettings, ServiceSettings, Settings, SourceSettings
from aggregator.working.clock import ShiftedClock
from api.demo.city import City, fake_city
from tests.aggregator.conftest import database_setting, one_postgres, quick_folder
from tests.postgres import PUBLIC_URL
from tests.system.household import KEY, SOURCE

__all__ = ["database_setting", "one_postgres", "quick_folder"]


@pytest.fixture
async def city() -> AsyncIterator[City]:
    """The city, running."""
    async with fake_city() as running:
        yield running


@pytest.fixture
def settings(
    database_setting: str, city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """The configuration of a house that pulls from the city."""
    monkeypatch.setenv(KEY, city.key)
    source = SourceSettings(
        id=SOURCE,
        connector="freinet",
        settings={"base_url": f"{city.url}query/api/", "agency": 177, "key": f"env:{KEY}"},
    )
    return Settings(
        service=ServiceSettings(
            public_url=PUBLIC_URL, database=database_setting, data=str(tmp_path)
        ),
        fetch=FetchSettings(allow_loopback=True),
        sources=(source,),
    )


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    """The house, opened, under a clock that can be pushed."""
    async with open_house(settings, clock=ShiftedClock()) as opened:
        yield opened
