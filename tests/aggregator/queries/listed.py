"""Reading lists in tests: every page of one, and the statements that were run."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from aggregator.queries import Database, Pages, open_pages
from aggregator.queries.filters import Filters
from aggregator.queries.listing import open_list, read_page
from aggregator.queries.wanted import Page, Wanted
from aggregator.store.pages import Row, Shape, Values
from aggregator.store.tables import entity


class Recorder:
    """Runs shapes as another does, and remembers each with its values."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self.run: list[tuple[Shape, Values]] = []

    async def rows(self, shape: Shape, values: Values) -> list[Row]:
        """See `Pages`."""
        self.run.append((shape, values))
        return await self._pages.rows(shape, values)

    def version(self) -> int | None:
        return self._pages.version()

    def typed(self, shape: Shape, row: Row) -> Row:
        """See `Pages`."""
        return self._pages.typed(shape, row)


async def read(pages: Pages, wanted: Wanted) -> Page:
    """One page with its bodies."""
    return await read_page(pages, await open_list(pages, wanted), bodies=True)


async def leafed(pages: Pages, wanted: Wanted) -> list[Page]:
    """Every page of a list, and back again from the last."""
    found = [await read(pages, wanted)]
    while found[-1].more:
        found.append(await read(pages, replace(wanted, position=found[-1].last)))
    here = found[-1]
    while here.first is not None:
        here = await read(pages, replace(wanted, position=replace(here.first, back=True)))
        found.append(here)
    return found


async def numbers(database: Database, wanted: Wanted) -> list[int]:
    """The numbers of the entities in a list, in its order; its total must be right."""
    async with open_pages(database) as pages:
        opened = await open_list(pages, wanted)
        page = await read_page(pages, opened, bodies=True)
    assert opened.total.n == len(page.changes)
    return database.read_now(_numbers, page.changes)


def _numbers(connection: Any, changes: Sequence[int]) -> list[int]:
    rows = connection.execute(select(entity.c.change, entity.c.no))
    known = {row.change: row.no for row in rows}
    return [known[change] for change in changes]


def asked(kind: str, /, limit: int = 500, **filters: Any) -> Wanted:
    """A list of a kind with these filters, newest change first."""
    return Wanted(kind=kind, limit=limit, filters=Filters(**filters))
