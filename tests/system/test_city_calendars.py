"""The fake city's calendars, read as the demo reads them: every change arrives, nothing else."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from aggregator.commands.sync import sync_source
from aggregator.house import House
from aggregator.runs import Outcome, Report
from aggregator.settings import FetchSettings, ServiceSettings, Settings, SourceSettings
from aggregator.store import horizon
from aggregator.store.tables import feed
from api.demo.calendars import CALENDARS
from api.demo.city import City
from api.demo.configuration import SOURCES, first_configuration
from api.demo.faults import Fault
from api.demo.happenings import happenings_at
from tests.postgres import PUBLIC_URL
from tests.system.household import live, rows, sound
from tests.system.stories import Reader

NAMES: Final = [each.name for each in CALENDARS]
FETCHES: Final = {"klima": 5, "verein": 30, "rathaus": 5, "quartier": 5}
MINUTES: Final = 25


@pytest.fixture
def settings(database_setting: str, city: City, tmp_path: Path) -> Settings:
    """The demo's calendars as sources; the agency is left out."""
    port = urlsplit(city.url).port or 0
    said = tomllib.loads(first_configuration(1, port))["source"][1:]
    return Settings(
        service=ServiceSettings(
            public_url=PUBLIC_URL, database=database_setting, data=str(tmp_path)
        ),
        fetch=FetchSettings(allow_loopback=True),
        sources=tuple(SourceSettings(**source) for source in said),
    )


async def ask(house: House, name: str) -> Report:
    """One visit to a calendar."""
    return await sync_source(house, SOURCES[name].id, progress=lambda _: None)


async def test_all_that_the_city_plans_arrives(house: House, city: City) -> None:
    for name in NAMES:
        report = await ask(house, name)
        planned = happenings_at(city.life, 0, name)
        assert (report.outcome, report.counts.new) == (Outcome.APPLIED, len(planned))
    assert live(house)["event"] >= 60
    assert sound(house)


async def test_a_first_visit_leaves_nothing_to_the_daily_job(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written is up to date: nothing is loaded and expanded once more after it."""
    pages: list[object] = []
    monkeypatch.setattr(horizon, "_extend", lambda *page: pages.append(page))
    await ask(house, NAMES[0])
    assert live(house)["event"] > 0
    [row] = rows(house, feed)
    assert row.horizon == house.database.read_now(house.clock.now).date()
    assert pages == []


@pytest.mark.parametrize("name", NAMES)
async def test_asking_again_and_again_brings_nothing_new(house: House, name: str) -> None:
    """Neither other stamps nor another UID for every event are news to anybody."""
    reader = Reader(house)
    await ask(house, name)
    await reader.news()
    for _ in range(FETCHES[name]):
        counts = (await ask(house, name)).counts
        assert (counts.new, counts.changed, counts.missing) == (0, 0, 0)
    assert await reader.news() == []
    assert sound(house)


@pytest.mark.parametrize("name", NAMES)
async def test_what_changes_from_minute_to_minute_is_what_arrives(
    house: House, city: City, name: str
) -> None:
    """What is taken out for a while is only missing, and what falls out for it is over is not."""
    city.breaks = False
    reader = Reader(house)
    await ask(house, name)
    await reader.news()
    known = {one.number: one for one in happenings_at(city.life, 0, name)}
    for minute in range(1, MINUTES + 1):
        city.minute = minute
        now = happenings_at(city.life, minute, name)
        news = Counter(one.idea.title for one in now if known.get(one.number) != one)
        known |= {one.number: one for one in now}
        report = await ask(house, name)
        assert Counter(await reader.news()) == news, f"minute {minute}"
        assert report.outcome is Outcome.APPLIED
        assert report.counts.withdrawn == 0
    assert sound(house)


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.LOGIN, Fault.CUT, Fault.EMPTY])
async def test_a_broken_calendar_takes_nothing_away(house: House, city: City, fault: Fault) -> None:
    await ask(house, "quartier")
    before, reader = live(house), Reader(house)
    await reader.news()
    city.calendar_faults = {"quartier": fault}
    report = await ask(house, "quartier")
    assert report.outcome in {Outcome.REFUSED, Outcome.INCOMPLETE}
    assert (live(house), await reader.news()) == (before, [])
