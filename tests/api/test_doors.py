"""How the service closes: nobody is let in any more, idle connections end, and what runs may come
to its end."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest

from aggregator.queries import Database
from tests.api.doors import HOST, connected, ended, get, heard, opened
from tests.api.programme import evening, put_all
from tests.api.seeding import add_source

EVENTS = 1100
TEXT = {"de": "Wir gießen die jungen Bäume. " * 200}


@pytest.fixture(scope="module")
def long_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Events whose calendar is read in several pieces, more than sockets hold."""
    path = tmp_path_factory.mktemp("long") / "long.db"
    database = Database(f"sqlite:///{copy(sqlite_template, path)}")
    database.write_now(add_source)
    events = [evening(n % 28 + 1, description=TEXT) for n in range(EVENTS)]
    database.write_now(put_all, events)
    database.close()
    return path


@pytest.fixture
def long(long_file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{long_file}")
    yield database
    database.close()


async def read_slowly(reader: asyncio.StreamReader) -> bytes:
    said = b""
    while piece := await reader.read(1 << 18):
        said += piece
        await asyncio.sleep(0.01)
    return said


async def test_a_calendar_that_is_being_sent_comes_to_its_end(long: Database) -> None:
    async with opened(long) as doors:
        reader, writer = await connected(doors)
        writer.write(get("/v1/events.ics"))
        began = await reader.read(1000)
        closing = asyncio.create_task(doors.close())
        said = began + await read_slowly(reader)
        assert said.count(b"BEGIN:VEVENT") == EVENTS
        assert said.endswith(b"END:VCALENDAR\r\n\r\n0\r\n\r\n")
        await closing
        writer.close()


async def test_idle_connections_end_and_nobody_is_let_in(face_database: Database) -> None:
    async with opened(face_database) as doors:
        reader, writer = await connected(doors)
        writer.write(get("/v1/offers"))
        assert (await heard(reader))[0] == 200
        silent, other = await connected(doors)
        await doors.close()
        assert await asyncio.wait_for(ended(reader), 5) == b""
        assert await asyncio.wait_for(ended(silent), 5) == b""
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(HOST, doors.port)
        writer.close()
        other.close()


async def test_many_follow_one_reading_of_a_calendar(long: Database) -> None:
    async with opened(long) as doors:
        followers = [await connected(doors) for _ in range(10)]
        for _, writer in followers:
            writer.write(get("/v1/events.ics", "Connection: close"))
        said = await asyncio.gather(*[ended(reader) for reader, _ in followers])
        bodies = {each.partition(b"\r\n\r\n")[2] for each in said}
        assert len(bodies) == 1
        assert bodies.pop().count(b"BEGIN:VEVENT") == EVENTS
        for _, writer in followers:
            writer.close()
