"""What faces may do, in a whole house: correct, refresh, rebuild, migrate."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from aggregator.commands.edit import Edit, correct, expire_corrections
from aggregator.commands.migrate import migrate
from aggregator.commands.rebuild import rebuild
from aggregator.commands.refresh import refresh
from aggregator.commands.sync import owner_name
from aggregator.house import House, open_house
from aggregator.settings import ServiceSettings, Settings
from aggregator.store.database import Database
from aggregator.store.tables import document, entity, feed
from schema import Rejected
from tests.aggregator.making import HOUR, Bench, draft, mention
from tests.aggregator.soundness import faults


async def test_a_correction_shows_until_its_time_is_over(house: House, bench: Bench) -> None:
    bench.sync(draft("1", title="Eins"))
    (row,) = bench.entities("offer")
    until = await house.database.read(house.clock.now) + HOUR
    edit = Edit(entity=row.id, patch={"title": {"de": "Neu"}}, who="k", reason="r", until=until)
    await correct(house, edit)
    assert bench.titles() == ["Neu"]
    assert await expire_corrections(house) == 0
    bench.later(HOUR)
    assert await expire_corrections(house) == 1
    assert bench.titles() == ["Eins"]


async def test_a_correction_the_schema_refuses_is_refused(house: House, bench: Bench) -> None:
    bench.sync(draft("1"))
    (row,) = bench.entities("offer")
    with pytest.raises(Rejected):
        await correct(house, Edit(entity=row.id, patch={"wanted": -1}, who="k", reason="r"))
    with pytest.raises(KeyError):
        await correct(house, Edit(entity=UUID(int=1), patch={}, who="k", reason="r"))


async def test_rebuilding_makes_lost_documents_anew(house: House, bench: Bench) -> None:
    bench.sync(*(draft(str(n), by=mention(f"Verein {n}")) for n in range(600)))
    before = bench.documents()
    bench.database.write_now(lambda c: c.execute(delete(document)))
    heard: list[int] = []
    made = await rebuild(house, heard.append)
    assert (made.documents, made.differing, heard) == (1200, 1200, [500, 1000, 1200, 1200])
    assert bench.documents() == before


async def test_rebuilding_tells_of_what_the_configuration_changed(
    house: House, bench: Bench
) -> None:
    bench.sync(draft("1"))
    head = bench.head()
    bench.register(licence="cc-by/4.0")
    made = await rebuild(house, lambda _: None)
    assert (made.differing, bench.head()) == (0, head + 2)
    assert all(b"cc-by/4.0" in json for json in bench.documents().values())


async def test_refreshing_renders_every_source_anew(house: House, bench: Bench) -> None:
    other = Bench(bench.database, source="andere", clock=bench.clock)
    bench.sync(*(draft(str(n)) for n in range(300)))
    other.sync(draft("1"))
    moved = update(feed).values(public_url="https://neu.example/")
    bench.database.write_now(lambda c: c.execute(moved))
    await refresh(house)
    assert all(b"https://neu.example/" in json for json in bench.documents().values())
    assert bench.database.read_now(faults) == []


async def test_starting_under_another_address_moves_every_link(
    house: House, bench: Bench, tmp_path: Path
) -> None:
    bench.sync(draft("1"))
    (before,) = bench.entities("offer")
    service = house.settings.service.model_copy(update={"public_url": "https://neu.example/"})
    async with open_house(Settings(service=service)) as moved:
        await refresh(moved)
    (after,) = bench.rows(entity, kind="offer")
    assert (after.id, after.change > before.change) == (before.id, True)
    assert b'"self":"https://neu.example/v1/offers/' in bench.documents()[after.no]


async def test_migrating_an_empty_database_is_done_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'neu' / 'allmende.db'}"
    settings = Settings(service=ServiceSettings(database=url))
    assert await migrate(settings)
    assert not await migrate(settings)
    Database(url).close()


def test_no_two_owners_have_one_name() -> None:
    assert owner_name() != owner_name()
