"""The hot reads as ordinary Core selects on a Connection: the measure of the raw executors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection

from aggregator.queries import Database, Pages
from aggregator.store.pages import Row, Shape, Values


class CorePages:
    """Runs shapes through `Database.read`, and remembers which ones."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.seen: dict[Shape, Values] = {}

    async def rows(self, shape: Shape, values: Values) -> list[Row]:
        self.seen[shape] = values
        return await self._database.read(_rows, shape, values)

    def version(self) -> int | None:
        return None

    def typed(self, shape: Shape, row: Row) -> Row:
        return row


def _rows(connection: Connection, shape: Shape, values: Values) -> list[Row]:
    return [tuple(row) for row in connection.execute(shape.select, values)]


@asynccontextmanager
async def core_pages(database: Database) -> AsyncIterator[Pages]:
    """What opens them."""
    yield CorePages(database)
