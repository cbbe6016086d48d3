"""What is held back and nobody decided about is told once a day, until somebody did."""

from pathlib import Path

import pytest

from aggregator.decisions import Decision
from aggregator.house import open_house
from aggregator.queries.withheld import Waiting
from aggregator.settings import ServiceSettings, Settings
from aggregator.store.database import Database
from aggregator.store.tables import source
from aggregator.working.clock import ShiftedClock
from aggregator.working.housekeeping import keep_house
from aggregator.working.reminders import remind
from tests.aggregator.making import DAY, HOUR
from tests.aggregator.queries.telling import TellingBench, ten
from tests.postgres import PUBLIC_URL


@pytest.fixture
def bench(database: Database) -> TellingBench:
    """A source that lost eight of its ten offers at once."""
    made = TellingBench(database)
    made.sync(*ten())
    made.sync(*ten()[:2])
    return made


def reminded(bench: TellingBench) -> dict[str, Waiting]:
    now = bench.database.read_now(bench.clock.now)
    return dict(bench.database.write_now(remind, now))


def hours(bench: TellingBench, number: int) -> list[int]:
    """After how many of the next hours a reminder came."""
    heard = []
    for hour in range(1, number + 1):
        bench.later(HOUR)
        heard += [hour] if reminded(bench) else []
    return heard


def test_a_reminder_comes_once_a_day(bench: TellingBench) -> None:
    assert hours(bench, 75) == [24, 48, 72]


def test_a_decision_ends_the_reminders(bench: TellingBench) -> None:
    bench.later(DAY)
    assert str(reminded(bench)["freinet"]) == "8 removals"
    bench.decide(Decision.REJECTED)
    bench.later(DAY)
    assert reminded(bench) == {}


def test_what_is_held_back_later_is_reminded_of_anew(bench: TellingBench) -> None:
    bench.later(DAY)
    reminded(bench)
    bench.sync(*ten())
    assert reminded(bench) == {}
    assert [row.reminded for row in bench.rows(source, id="freinet")] == [None]
    bench.sync(*ten()[:2])
    assert hours(bench, 24) == [24]


def test_a_source_that_is_switched_off_is_not_reminded_of(bench: TellingBench) -> None:
    bench.database.write_now(lambda c: c.execute(source.update().values(enabled=False)))
    assert hours(bench, 30) == []


async def test_the_log_says_how_to_decide(
    database_setting: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    service = ServiceSettings(
        public_url=PUBLIC_URL, database=database_setting, data=str(tmp_path / "data")
    )
    clock = ShiftedClock()
    async with open_house(Settings(service=service), clock=clock) as house:
        bench = TellingBench(house.database, clock=clock)
        bench.sync(*ten())
        bench.sync(*ten()[:2])
        bench.later(DAY)
        for _ in range(2):
            await keep_house(house)
        run = bench.newest()
    (said,) = (each.getMessage() for each in caplog.records if each.name == "allmende.runs")
    assert said.startswith("freinet holds back 8 removals since ")
    assert said.endswith(f"decide: allmende runs approve {run}")
