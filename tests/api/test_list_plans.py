"""No list scans a table: each documented parameter is asked for, alone and in pairs, of every kind,
and each statement that is run for it is explained by the database that ran it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import combinations

import pytest
from sqlalchemy import Connection, text

from aggregator.queries import Database, Pages, open_pages
from api.keys import BODIES
from api.list_params import LISTED, TIMED
from api.search import SHARED
from schema.entities import COLLECTIONS
from tests.aggregator.queries.explaining import plan, scanned, sorts
from tests.aggregator.queries.listed import Recorder
from tests.api.alike import ENTITIES, add_alike
from tests.api.asking import said
from tests.api.conftest import Client, Serve
from tests.api.seeding import add_source
from tests.conftest import database_setting
from tests.planting import plant

__all__ = ["database_setting"]
"""A database of its own: plans follow the statistics that other tests leave behind."""

MANY = 1_100
SMALL = {"feed", "source", "search_segment"}
"""Tables of which few rows are all there are."""
NOT_ALONE = {
    "cursor": "",
    "limit": "",
    "sort": "",
    "radius": "near=51.4825,11.9700&radius=25",
    "source": "source=agentur",
    "licence": "licence=cc-by/4.0",
    "from": "from=now",
    "status": "",
    "portal": "",
}
"""Parameters that need another one, or a value that there is."""
PAIRED = ("category", "near", "from", "modified_since", "q", "city", "sort=title", "freshness")


class Explained:
    """What opens pages that remember."""

    def __init__(self) -> None:
        self.recorder: Recorder | None = None

    @asynccontextmanager
    async def __call__(self, database: Database) -> AsyncIterator[Pages]:
        async with open_pages(database) as pages:
            self.recorder = Recorder(pages)
            yield self.recorder


def alone(kind: str) -> dict[str, str]:
    """Every parameter of a kind's list → a query that asks for it."""
    asked = {
        each.name: NOT_ALONE.get(each.name, f"{each.name}={each.example}") for each in LISTED[kind]
    }
    first = {"offer": "open", "event": "scheduled", "project": "idea"}
    if kind in first:
        asked["status"] = f"status={first[kind]}"
    found = {name: query for name, query in asked.items() if query}
    for sort in ("newest", "start", "title"):
        needs = "from=now&" if sort == "start" else ""
        if sort != "start" or kind in TIMED:
            found[f"sort={sort}"] = f"{needs}sort={sort}"
    return found


def queries(kind: str) -> Iterator[str]:
    """Alone and in pairs."""
    single = alone(kind)
    yield from single.values()
    for one, other in combinations([name for name in PAIRED if name in single], 2):
        yield f"{single[one]}&{single[other]}"


def unplanned(connection: Connection, run: list[tuple[str, Recorder]]) -> dict[str, str]:
    """Statements that scan or sort → their plan."""
    found = {}
    for query, recorder in run:
        for shape, values in recorder.run:
            told = plan(connection, shape, values)
            if scanned(told) - SMALL or sorts(told):
                found[query] = told
    return found


def seed(database: Database) -> None:
    """Many of every kind."""
    database.write_now(add_source)
    for thing in ENTITIES:
        database.write_now(add_alike, thing, MANY)


@pytest.fixture
async def explained(database: Database, serve: Serve) -> tuple[Client, Explained]:
    plant(database, seed)
    remember = Explained()
    return await serve(database, pages=remember), remember


@pytest.mark.parametrize("kind", [thing.kind for thing in ENTITIES])
async def test_no_parameter_alone_or_with_another_scans_or_sorts_a_table(
    explained: tuple[Client, Explained], database: Database, kind: str
) -> None:
    client, remember = explained
    assert remember.recorder is not None
    run = []
    assert client.app is not None
    for query in queries(kind):
        client.app[BODIES].under("another")  # so that documents are read
        first = await said(client, f"/v1/{COLLECTIONS[kind]}?{query}&limit=20")
        assert len(first["data"]) == 20, query
        run.append((query, Recorder(remember.recorder)))
        run[-1][1].run.extend(remember.recorder.run)
        remember.recorder.run.clear()
    found = database.read_now(unplanned, run)
    assert found == {}, "\n\n".join(f"{query}:\n{told}" for query, told in found.items())


async def test_without_its_index_a_list_is_seen_to_scan_or_sort(
    explained: tuple[Client, Explained], database: Database
) -> None:
    client, remember = explained
    assert remember.recorder is not None
    await said(client, "/v1/offers?limit=20&climate=adaptation,mitigation")
    await said(client, "/v1/offers?limit=20")

    def without(connection: Connection) -> dict[str, str]:
        with connection.begin_nested() as dropped:
            connection.execute(text("DROP INDEX ix_entity_kind_state_change"))
            assert remember.recorder is not None
            found = unplanned(connection, [("all", remember.recorder)])
            dropped.rollback()
        return found

    assert database.write_now(without)


async def test_no_search_that_is_narrowed_down_scans_or_sorts_a_table(
    explained: tuple[Client, Explained], database: Database
) -> None:
    client, remember = explained
    assert remember.recorder is not None
    shared = {each.name: NOT_ALONE.get(each.name, f"{each.name}={each.example}") for each in SHARED}
    run = []
    for query in [each for each in shared.values() if each] + [
        "modified_since=2026-01-01T00:00:00Z"
    ]:
        for words in ("fahrrad", "fahrrad&kind=offer"):
            await said(client, f"/v1/search?q={words}&{query}&limit=20")
            run.append((query, Recorder(remember.recorder)))
            run[-1][1].run.extend(remember.recorder.run)
            remember.recorder.run.clear()
    found = database.read_now(unplanned, run)
    assert found == {}, "\n\n".join(f"{query}:\n{told}" for query, told in found.items())
