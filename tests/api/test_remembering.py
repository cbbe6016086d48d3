"""What making an answer anew remembers of those before: lists that were opened, documents that
were shown, queries that were read. None of it outlives what it tells of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, select, update
from yarl import URL

from aggregator.queries import Database, Pages, open_pages
from aggregator.queries.bodies import Bodies, Shelf
from aggregator.queries.feed import STANDING
from aggregator.queries.search import FEW
from aggregator.queries.wanted import Page
from aggregator.store.pages import Row, Shape, Values
from aggregator.store.tables import document, entity, feed
from api.open_lists import LENGTHY
from api.open_lists import LONGEST as LONGEST_BEGINNING
from api.params import LIMIT
from api.problems import HttpProblem
from api.readings import LONGEST, Readings
from tests.aggregator.queries.searching import add_found, titled
from tests.api.asking import said
from tests.api.conftest import Serve
from tests.api.seeding import body, changed_at, identity, touch

SINCE = "modified_since=2020-01-01T00:00:00Z"


class Watching:
    """Notes what each read found, but for where the feed stands."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self.found: list[list[Row]] = []

    async def rows(self, shape: Shape, values: Values) -> list[Row]:
        rows = await self._pages.rows(shape, values)
        if shape is not STANDING:
            self.found.append(rows)
        return rows

    def version(self) -> int | None:
        return self._pages.version()

    def typed(self, shape: Shape, row: Row) -> Row:
        return self._pages.typed(shape, row)

    @property
    def bodies(self) -> int:
        """How many documents were read."""
        return sum(isinstance(value, bytes) for rows in self.found for row in rows for value in row)


class Watched:
    """What opens pages that are watched."""

    watching: Watching

    @asynccontextmanager
    async def pages(self, database: Database) -> AsyncIterator[Pages]:
        async with open_pages(database) as pages:
            self.watching = Watching(pages)
            yield self.watching


def change_behind(connection: Connection, /, number: int, **fields: Any) -> None:
    """Write an offer's document as a rebuild does: the same change, another view."""
    no = select(entity.c.no).where(entity.c.id == identity("offer", number)).scalar_subquery()
    made = body("offer", number, **fields)
    connection.execute(update(document).where(document.c.entity_no == no).values(json=made))
    connection.execute(update(feed).values(view=feed.c.view + 1))


async def test_a_list_is_counted_once_for_all_its_pages(seeded: Database, serve: Serve) -> None:
    watched = Watched()
    client = await serve(seeded, pages=watched.pages)
    await said(client, "/v1/offers?limit=20")
    first = await said(client, f"/v1/offers?{SINCE}&limit=5")
    assert len(watched.watching.found) > 4
    for query in (f"{SINCE}&limit=6", first["links"]["next"].partition("?")[2]):
        watched.watching.found.clear()
        page = await said(client, f"/v1/offers?{query}")
        assert page["pagination"]["totalElements"] == first["pagination"]["totalElements"]
        assert len(watched.watching.found) == 1, query


@pytest.mark.parametrize("many", [30, FEW + 1])
async def test_words_are_looked_for_once_for_all_the_pages_of_a_list(
    database: Database, serve: Serve, many: int
) -> None:
    database.write_now(add_found, [titled(f"Wald {n}", text="Bäume") for n in range(many)])
    watched = Watched()
    client = await serve(database, pages=watched.pages)
    first = await said(client, "/v1/offers?q=baum&limit=5")
    for query in ("q=baum&limit=6", first["links"]["next"].partition("?")[2]):
        watched.watching.found.clear()
        page = await said(client, f"/v1/offers?{query}")
        assert page["pagination"]["totalElements"] == first["pagination"]["totalElements"]
        assert len(watched.watching.found) <= 2, query  # what passes, and the documents
        assert (page["data"][0] in first["data"]) is ("cursor" not in query)


@pytest.mark.parametrize(("many", "remembered"), [(FEW // 2, False), (FEW + 1, True)])
async def test_a_list_by_words_is_remembered_with_what_it_weighs(
    database: Database, serve: Serve, many: int, remembered: bool
) -> None:
    """Few have the words, and all that these say is needed for every page; of many it is not."""
    long = " ".join(f"wort{n}" for n in range(700))
    database.write_now(add_found, [titled(f"Baum {n}", text=long) for n in range(many)])
    watched = Watched()
    client = await serve(database, pages=watched.pages)
    await said(client, "/v1/offers?q=baum&limit=5")
    watched.watching.found.clear()
    await said(client, "/v1/offers?q=baum&limit=6")
    assert (len(watched.watching.found) <= 2) is remembered


async def test_after_a_change_a_list_is_counted_anew(seeded: Database, serve: Serve) -> None:
    client = await serve(seeded)
    since = changed_at(seeded.write_now(touch, "offer", 3))
    path = f"/v1/offers?modified_since={since:%Y-%m-%dT%H:%M:%SZ}"
    assert (await said(client, f"{path}&limit=5"))["pagination"]["totalElements"] == 1
    seeded.write_now(touch, "offer", 4)
    assert (await said(client, f"{path}&limit=6"))["pagination"]["totalElements"] == 2


async def test_a_document_that_was_shown_is_not_read_again(seeded: Database, serve: Serve) -> None:
    watched = Watched()
    client = await serve(seeded, pages=watched.pages)
    before = await said(client, "/v1/offers?limit=20")
    assert watched.watching.bodies == 20
    watched.watching.found.clear()
    seeded.write_now(touch, "organisation", 1)
    assert (await said(client, "/v1/offers?limit=20"))["data"] == before["data"]
    assert (await said(client, "/v1/offers?limit=5&sort=newest"))["data"] == before["data"][:5]
    assert watched.watching.bodies == 0


async def test_a_shorter_page_of_what_was_read_is_not_read(seeded: Database, serve: Serve) -> None:
    watched = Watched()
    client = await serve(seeded, pages=watched.pages)
    before = await said(client, "/v1/offers?limit=20")
    watched.watching.found.clear()
    shorter = await said(client, "/v1/offers?limit=7")
    assert watched.watching.found == []
    assert shorter["data"] == before["data"][:7]
    onward = await said(client, f"/v1/offers?{shorter['links']['next'].partition('?')[2]}")
    assert onward["data"] == before["data"][7:14]
    longer = await said(client, "/v1/offers?limit=21")
    assert longer["data"][:20] == before["data"]
    assert len(longer["data"]) == 21
    seeded.write_now(touch, "offer", 5)
    assert (await said(client, "/v1/offers?limit=3"))["data"][1:] == before["data"][:2]


async def test_what_is_long_fills_no_memory(seeded: Database, serve: Serve) -> None:
    watched = Watched()
    client = await serve(seeded, pages=watched.pages)
    whole = await said(client, "/v1/offers?limit=500")
    assert len(whole["data"]) > LONGEST_BEGINNING
    watched.watching.found.clear()
    assert (await said(client, "/v1/offers?limit=400"))["data"] == whole["data"]
    assert watched.watching.found != []
    reads = []
    for tags in (["eins"], [f"{n}-{'lang' * 20}" for n in range(LENGTHY // 80 + 1)]):
        for limit in (5, 6):
            watched.watching.found.clear()
            await said(client, f"/v1/offers?tag={','.join(tags)}&limit={limit}")
            reads.append(len(watched.watching.found))
    assert reads[1] < reads[0]
    assert reads[3] == reads[2] > reads[1]


async def test_a_document_that_changed_is_shown_as_it_is_now(
    seeded: Database, serve: Serve
) -> None:
    client = await serve(seeded)
    newest = (await said(client, "/v1/offers?limit=20"))["data"][0]
    number = next(n for n in range(1_000) if str(identity("offer", n)) == newest["id"])
    seeded.write_now(touch, "offer", number, title={"de": "Neu"})
    assert (await said(client, "/v1/offers?limit=20"))["data"][0]["title"] == {"de": "Neu"}
    seeded.write_now(change_behind, number, title={"de": "Wieder neu"})
    assert (await said(client, "/v1/offers?limit=20"))["data"][0]["title"] == {"de": "Wieder neu"}


def test_a_shelf_lets_go_of_what_it_was_given_first() -> None:
    shelf = Shelf(most=8)
    shelf.keep((1, 2), (b"four", b"five"))
    shelf.keep((2, 3), (b"five", b"six!"))
    assert shelf.filled(Page(changes=(1,), more=False)) is None
    assert shelf.filled(Page(changes=(3, 1), more=False)) is None
    found = shelf.filled(Page(changes=(3, 2), more=True))
    assert found is not None
    assert (found.bodies, found.more) == ((b"six!", b"five"), True)


def test_a_shelf_of_another_mark_is_empty() -> None:
    bodies = Bodies()
    bodies.under("a.1").keep((1,), (b"{}",))
    page = Page(changes=(1,), more=False)
    assert bodies.under("a.1").filled(page) is not None
    assert bodies.under("a.2").filled(page) is None
    assert bodies.under("a.1").filled(page) is None


def test_a_query_is_read_once_unless_it_is_wrong_or_long() -> None:
    readings = Readings((LIMIT,), strict=True)
    asked = URL("/?limit=7")
    assert readings.read(asked) is readings.read(URL("/?limit=7"))
    assert readings.read(asked).values == {"limit": 7}
    for _ in range(2):
        with pytest.raises(HttpProblem):
            readings.read(URL("/?limit=0"))
    passing = Readings((LIMIT,), strict=False)
    long = URL(f"/?limit=7&x={'x' * LONGEST}")
    assert passing.read(long) is not passing.read(long)
