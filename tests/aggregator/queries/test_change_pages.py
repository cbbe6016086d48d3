"""Pages of the change feed: what is gone says nothing, whatever else there is of it, and what moves
while a page is read is neither told wrongly nor lost."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, delete, insert, select

from aggregator.queries import Database, DatabaseUnavailable, Pages, open_pages
from aggregator.queries.changes import Reach, read_changes, read_reach
from aggregator.store.pages import Row, Shape, Values
from aggregator.store.tables import document, entity
from tests.api.seeding import add_entities, body, identity, remove, touch


class Meanwhile:
    """Reads as another does; something happens behind each of the first statements."""

    def __init__(self, pages: Pages, *happens: Callable[[], object]) -> None:
        self._pages = pages
        self._happens = list(happens)

    async def rows(self, shape: Shape, values: Values) -> list[Row]:
        """See `Pages`."""
        found = await self._pages.rows(shape, values)
        if self._happens:
            self._happens.pop(0)()
        return found

    def version(self) -> int | None:
        return self._pages.version()

    def typed(self, shape: Shape, row: Row) -> Row:
        """See `Pages`."""
        return self._pages.typed(shape, row)


def leave_document(connection: Connection, number: int) -> None:
    """A document of an entity that is gone."""
    no = select(entity.c.no).where(entity.c.id == identity("offer", number)).scalar_subquery()
    connection.execute(insert(document).values(entity_no=no, json=body("offer", number)))


async def test_a_document_that_was_left_of_what_is_gone_is_not_shown(database: Database) -> None:
    database.write_now(add_entities, "offer", 3)
    database.write_now(remove, "offer", 2, "erased")
    database.write_now(leave_document, 2)
    async with open_pages(database) as pages:
        found = await read_changes(pages, 0, 10)
    assert found.numbers == (1, 3, 4)
    assert found.documents == (body("offer", 1), body("offer", 3), None)
    assert found.gone[4].id == str(identity("offer", 2))


async def test_a_page_without_a_document_that_should_be_there_is_no_page(
    database: Database,
) -> None:
    database.write_now(add_entities, "offer", 3)
    database.write_now(lambda connection: connection.execute(delete(document)))
    async with open_pages(database) as pages:
        with pytest.raises(DatabaseUnavailable):
            await read_changes(pages, 0, 10)


async def test_what_comes_back_while_a_page_is_read_is_seen_as_it_is_now(
    database: Database,
) -> None:
    database.write_now(add_entities, "offer", 3)
    database.write_now(remove, "offer", 2, "withdrawn")

    def again() -> None:
        database.write_now(comes_back, 2)

    async with open_pages(database) as pages:
        found = await read_changes(Meanwhile(pages, again), 0, 10)
    assert found.numbers == (1, 3, 5)
    assert found.documents[-1] == body("offer", 2)


def comes_back(connection: Connection, number: int) -> None:
    """Publish what is gone anew."""
    leave_document(connection, number)
    touch(connection, "offer", number)
    mine = entity.c.id == identity("offer", number)
    connection.execute(entity.update().where(mine).values(state="live"))


async def test_how_far_a_page_goes_is_known_without_it(database: Database) -> None:
    database.write_now(add_entities, "offer", 5)
    database.write_now(touch, "offer", 1)
    async with open_pages(database) as pages:
        for after, limit in ((0, 2), (0, 10), (3, 2), (6, 10)):
            found = await read_changes(pages, after, limit)
            assert await read_reach(pages, after, limit) == found.reach
        assert (await read_changes(pages, 6, 10)).reach == Reach(0, None)


async def test_whose_change_leaves_a_page_changes_how_far_it_goes(database: Database) -> None:
    database.write_now(add_entities, "offer", 5)
    async with open_pages(database) as pages:
        seen = [await read_reach(pages, 0, 3)]
        for number in (1, 3, 2):
            database.write_now(touch, "offer", number)
            seen.append(await read_reach(pages, 0, 3))
    assert len(set(seen)) == len(seen)
