"""While the database is away, what was good a moment ago is given with its age. Real faults."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from itertools import repeat
from pathlib import Path

import pytest

from aggregator.queries import Database
from aggregator.store.migrate import migrate
from tests.api.asking import ask
from tests.api.conftest import Client, Serve
from tests.api.seeding import PUBLIC_URL, add_entities, add_source, touch
from tests.torture.restarts import Server

KEPT = ("/v1/offers?limit=5", "/", "/v1/sources", "/v1/categories", "/v1/stats")
COLD = "/v1/offers?limit=6"


async def answered_from_memory(client: Client) -> None:
    """What was asked before is given as old, what was not is to be asked for later."""
    for path in KEPT:
        answer = await ask(client, path)
        assert answer.status == 200, path
        assert int(answer.headers["Age"]) >= 0
        assert answer.headers["Cache-Control"] == "public, max-age=0, stale-if-error=86400"
        again = await ask(client, path, If_None_Match=answer.headers["ETag"])
        assert (again.status, again.headers["ETag"]) == (304, answer.headers["ETag"])
        assert "Age" in again.headers
    cold = await ask(client, COLD)
    assert (cold.status, cold.headers["Content-Type"]) == (503, "application/problem+json")
    assert int(cold.headers["Retry-After"]) > 0
    assert (await ask(client, "/healthz")).status == 200
    assert (await ask(client, "/problems/run.held")).status == 200
    assert (await ask(client, "/readyz")).status == 503


async def soon(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(30):
        for pause in repeat(0.05):
            if await holds():
                return
            await asyncio.sleep(pause)


async def fresh_again(client: Client) -> None:
    """Soon everything is as it was."""

    async def back() -> bool:
        return (await ask(client, COLD)).status == 200

    await soon(back)
    for path in KEPT:
        answer = await ask(client, path)
        assert (answer.status, answer.headers.get("Age")) == (200, None)


def fill(database: Database) -> None:
    database.write_now(add_source)
    database.write_now(add_entities, "offer", 20)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A PostgreSQL of this test's own."""
    running = Server(tmp_path / "postgres")
    yield running
    running.close()


@pytest.fixture
async def restarted(server: Server, serve: Serve) -> AsyncIterator[Client]:
    database = Database(server.url)
    database.write_now(migrate, PUBLIC_URL)
    fill(database)
    yield await serve(database)
    database.close()


async def test_postgresql_that_died_is_stood_in_for_until_it_is_back(
    server: Server, restarted: Client
) -> None:
    for path in KEPT:
        assert "Age" not in (await ask(restarted, path)).headers
    server.die()
    await answered_from_memory(restarted)
    server.come_back()
    await fresh_again(restarted)


def move(file: Path, to: Path) -> None:
    file.replace(to)


def is_there(file: Path) -> bool:
    return file.exists()


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path) -> Path:
    """A SQLite file that may be moved."""
    path = tmp_path / "allmende.db"
    path.write_bytes(sqlite_template.read_bytes())
    return path


@pytest.fixture
def on_file(file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}")
    fill(database)
    yield database
    database.close()


async def test_a_sqlite_file_that_is_moved_away_is_stood_in_for(
    file: Path, on_file: Database, serve: Serve
) -> None:
    client = await serve(on_file)
    for path in KEPT:
        await ask(client, path)
    moved = file.with_suffix(".moved")
    move(file, moved)

    async def noticed() -> bool:
        return "Age" in (await ask(client, KEPT[0])).headers

    await soon(noticed)
    await answered_from_memory(client)
    assert not is_there(file), "nobody makes an empty one in its place"
    move(moved, file)
    await fresh_again(client)


async def test_a_file_that_is_no_database_yet_is_stood_in_for(
    file: Path, on_file: Database, serve: Serve
) -> None:
    client = await serve(on_file)
    await ask(client, KEPT[0])
    moved = file.with_suffix(".moved")
    move(file, moved)
    overwrite(file)

    async def noticed() -> bool:
        answer = await ask(client, KEPT[0])
        assert answer.status == 200
        return "Age" in answer.headers

    await soon(noticed)
    ready = await ask(client, "/readyz")
    assert (ready.status, (await ready.json())["database"]) == (503, "unavailable")
    for path in ("/v1/categories", "/v1/stats", "/admin"):
        answer = await ask(client, path)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2"), path
    move(moved, file)
    await fresh_again(client)


def overwrite(file: Path) -> None:
    file.write_bytes(b"half of a backup" * 512)


async def test_a_sqlite_file_that_is_put_in_the_place_is_read_from_then_on(
    file: Path, on_file: Database, serve: Serve, tmp_path: Path
) -> None:
    client = await serve(on_file)
    before = (await ask(client, KEPT[0])).headers["ETag"]
    backup = tmp_path / "backup.db"
    copy_with_an_event(file, backup)
    restore(backup, file)

    async def followed() -> bool:
        return bool((await (await ask(client, "/v1/events")).json())["data"])

    await soon(followed)
    assert (await ask(client, KEPT[0])).headers["ETag"] != before


def restore(backup: Path, file: Path) -> None:
    """As an operator puts a backup back: what lies beside the old file goes with it."""
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    backup.replace(file)


def copy_with_an_event(file: Path, to: Path) -> None:
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
    restored = Database(f"sqlite:///{to}")
    restored.write_now(add_entities, "event", 1)
    restored.write_now(touch, "offer", 20)
    restored.close()


async def test_a_writer_that_holds_the_file_keeps_nobody_from_reading(
    file: Path, on_file: Database, serve: Serve
) -> None:
    client = await serve(on_file)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    for path in (*KEPT, COLD):
        answer = await ask(client, path)
        assert (answer.status, "Age" in answer.headers) == (200, False)
    holder.close()
