"""Hot reads that fail, to see what the faces make of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aggregator.queries import Database, Pages
from aggregator.store.pages import Row, Shape, Values
from api.app import OpenPages


class Failing:
    """Raises the same error at every read."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def rows(self, shape: Shape, values: Values) -> list[Row]:
        raise self._error

    def version(self) -> int | None:
        return None

    def typed(self, shape: Shape, row: Row) -> Row:
        raise self._error


def failing_pages(error: Exception) -> OpenPages:
    """What opens pages that fail."""

    @asynccontextmanager
    async def open_failing(_database: Database) -> AsyncIterator[Pages]:
        yield Failing(error)

    return open_failing
