"""Calendars of which an event changes while they are being read."""

from asyncio import Event, create_task, open_connection, timeout
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import ClientError

from aggregator.queries import Database, Pages, calendar, open_pages
from aggregator.store.pages import DatabaseUnavailable, Row, Shape, Values
from api.app import OpenPages
from tests.api.asking import ask
from tests.api.conftest import Serve
from tests.api.programme import evening, put, put_all
from tests.api.seeding import add_source

PATH = "/v1/events.ics"


class Meddling:
    """Before some of the reads of components, counted from 1, an event changes: `before` says
    which."""

    def __init__(self, pages: Pages, database: Database, before: dict[int, int]) -> None:
        self._pages = pages
        self._database = database
        self._before = before
        self._reads = 0

    async def rows(self, shape: Shape, values: Values) -> list[Row]:
        if "last" in values:
            self._reads += 1
            if self._reads in self._before:
                number = self._before[self._reads]
                self._database.write_now(put, number, evening(1, "Anders"))
        return await self._pages.rows(shape, values)

    def version(self) -> int | None:
        return self._pages.version()

    def typed(self, shape: Shape, row: Row) -> Row:
        return self._pages.typed(shape, row)


def meddling(before: dict[int, int]) -> OpenPages:
    @asynccontextmanager
    async def opened(database: Database) -> AsyncIterator[Pages]:
        async with open_pages(database) as pages:
            yield Meddling(pages, database, before)

    return opened


@pytest.fixture
def eight(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Eight events, of which calendars read two at a time."""
    monkeypatch.setattr(calendar, "JOINED", 2)
    database.write_now(add_source)
    database.write_now(put_all, [evening(n, f"Nr. {n}") for n in range(8)])
    return database


async def test_a_change_before_the_first_page_begins_it_anew(eight: Database, serve: Serve) -> None:
    answer = await ask(await serve(eight, pages=meddling({1: 1})), PATH)
    body = await answer.read()
    assert body.count(b"BEGIN:VEVENT") == 8
    assert answer.headers["ETag"] == (await ask(await serve(eight), PATH)).headers["ETag"]


async def test_what_changes_behind_the_reader_is_told_next_time(
    eight: Database, serve: Serve
) -> None:
    client = await serve(eight, pages=meddling({3: 1}))
    first = await ask(client, PATH)
    assert b"Anders" not in await first.read()
    again = await ask(client, PATH, If_None_Match=first.headers["ETag"])
    assert b"Anders" in await again.read()


async def test_a_change_between_pages_never_passes_for_a_whole_calendar(
    eight: Database, serve: Serve
) -> None:
    client = await serve(eight, pages=meddling({3: 8}))
    with pytest.raises(ClientError):
        await (await ask(client, PATH)).read()
    assert (await (await ask(client, PATH)).read()).endswith(b"END:VCALENDAR\r\n")


class Breaking(Meddling):
    """The database is gone from the third read of components on."""

    async def rows(self, shape: Shape, values: Values) -> list[Row]:
        rows = await super().rows(shape, values)
        if self._reads == 3:
            raise DatabaseUnavailable("gone")
        return rows


@asynccontextmanager
async def breaking(database: Database) -> AsyncIterator[Pages]:
    async with open_pages(database) as pages:
        yield Breaking(pages, database, {})


async def test_a_database_that_goes_between_pages_ends_the_connection(
    eight: Database, serve: Serve
) -> None:
    client = await serve(eight, pages=breaking)
    host, port = client.server.host, client.server.port
    reader, writer = await open_connection(host, port)
    writer.write(f"GET {PATH} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
    said = b""
    with suppress(ConnectionError):
        while piece := await reader.read(65_536):
            said += piece
    writer.close()
    assert said.count(b"HTTP/1.") == 1, "no second answer within the first"
    assert b"END:VCALENDAR" not in said


async def test_what_changes_all_the_time_is_to_be_asked_again_later(
    eight: Database, serve: Serve
) -> None:
    answer = await ask(await serve(eight, pages=meddling({1: 1, 2: 2, 3: 3})), PATH)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "2")


class Waiting(Meddling):
    """The second read of components waits until it is let go."""

    def __init__(self, pages: Pages, database: Database, reached: Event, free: Event) -> None:
        super().__init__(pages, database, {})
        self._reached, self._free = reached, free

    async def rows(self, shape: Shape, values: Values) -> list[Row]:
        found = await super().rows(shape, values)
        if "last" in values and self._reads == 2:
            self._reached.set()
            await self._free.wait()
        return found


async def test_who_asks_after_a_change_does_not_follow_what_is_still_being_read(
    eight: Database, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    reached, free = Event(), Event()

    @asynccontextmanager
    async def opened(database: Database) -> AsyncIterator[Pages]:
        async with open_pages(database) as pages:
            yield Waiting(pages, database, reached, free)

    client = await serve(eight, pages=opened)
    before = create_task(ask(client, PATH))
    await reached.wait()
    eight.write_now(put, 1, evening(1, "Anders"))
    async with timeout(20):
        assert b"Anders" in await (await ask(client, PATH)).read()
    free.set()
    with suppress(ClientError):
        assert b"Anders" not in await (await before).read()
    assert caplog.records == []
