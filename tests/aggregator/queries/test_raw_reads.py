"""Raw reads: values go in and come out as through a Connection, and failure has one name."""

import gc
import sqlite3
import weakref
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy
from uuid import UUID

import pytest
from sqlalchemy import Connection, bindparam, func, select, text

from aggregator.queries import Database, DatabaseUnavailable, open_pages
from aggregator.store import pages as store_pages
from aggregator.store.pages import Shape, SqlitePages, _Compiled
from aggregator.store.tables import entity, source
from tests.api.seeding import NOW, add_entities, add_source, identity
from tests.postgres import Databases

BY_ID = Shape(select(entity.c.id, entity.c.modified).where(entity.c.id == bindparam("id")))
CHECKED = Shape(
    select(source.c.id, source.c.checked, source.c.enabled, source.c.next_due)
    .where(source.c.checked <= bindparam("until"), source.c.outcome.in_(("applied", "held")))
    .order_by(source.c.id)
)


async def test_times_and_ids_come_out_as_a_connection_gives_them(database: Database) -> None:
    database.write_now(add_entities, "offer", 2)
    async with open_pages(database) as pages:
        (row,) = await pages.rows(BY_ID, {"id": identity("offer", 1)})
        id_, modified = pages.typed(BY_ID, row)
    assert isinstance(id_, UUID)
    assert modified == datetime(2026, 11, 20, 12, 0, 1, tzinfo=UTC)
    assert modified.tzinfo is UTC


async def test_values_kept_in_the_select_and_values_brought_along_both_count(
    database: Database,
) -> None:
    database.write_now(add_source, "a", next_due=None)
    database.write_now(add_source, "b", outcome="refused")
    async with open_pages(database) as pages:
        rows = await pages.rows(CHECKED, {"until": NOW})
        assert [pages.typed(CHECKED, row)[0] for row in rows] == ["a"]
        assert pages.typed(CHECKED, rows[0])[3] is None


async def test_a_missing_value_is_noticed(database: Database) -> None:
    async with open_pages(database) as pages:
        with pytest.raises(KeyError):
            await pages.rows(BY_ID, {})


async def test_a_naive_time_is_refused(database: Database) -> None:
    async with open_pages(database) as pages:
        with pytest.raises(ValueError, match="zone"):
            await pages.rows(CHECKED, {"until": NOW.replace(tzinfo=None)})


async def test_nothing_can_be_written_on_the_reading_connection(sqlite_template: Path) -> None:
    database = Database(f"sqlite:///{sqlite_template}")
    async with open_pages(database) as pages:
        assert isinstance(pages, SqlitePages)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            pages._connection.execute("DELETE FROM source")
    database.close()


async def test_a_read_that_cannot_be_done_has_one_name(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    async with open_pages(database) as pages:
        with pytest.raises(DatabaseUnavailable):
            await pages.rows(BY_ID, {"id": identity("offer", 1)})
    database.close()


async def test_a_file_that_is_put_back_after_one_nobody_can_open_is_read_again(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_pages, "LOOK_SECONDS", 0.0)
    file, aside = tmp_path / "allmende.db", tmp_path / "aside.db"
    copy(sqlite_template, file)
    database = Database(f"sqlite:///{file}")
    async with open_pages(database) as pages:
        before = pages.version()
        move(file, aside)
        make_folder(file)
        with pytest.raises(DatabaseUnavailable):
            pages.version()
        remove_folder(file)
        move(aside, file)
        assert pages.version() == before
        assert await pages.rows(BY_ID, {"id": identity("offer", 1)}) == []
    database.close()


def move(file: Path, to: Path) -> None:
    file.replace(to)


def make_folder(path: Path) -> None:
    path.mkdir()


def remove_folder(path: Path) -> None:
    path.rmdir()


async def test_a_server_that_is_away_has_the_same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_pages, "POOL_SECONDS", 0.2)
    database = Database("postgresql://nobody@127.0.0.1:9/nothing")
    async with open_pages(database) as pages:
        with pytest.raises(DatabaseUnavailable):
            await pages.rows(BY_ID, {"id": identity("offer", 1)})
    database.close()


async def test_connections_that_died_are_replaced_unnoticed(postgres: Databases) -> None:
    with postgres.fresh() as url:
        database = Database(url)
        async with open_pages(database) as pages:
            for _ in range(3):
                assert await pages.rows(BY_ID, {"id": identity("offer", 1)}) == []
                database.read_now(cut_off_others)
        database.close()


async def test_postgresql_makes_no_machine_code_of_short_statements(postgres: Databases) -> None:
    asked = select(func.current_setting("jit"))
    with postgres.fresh() as url:
        database = Database(url)
        assert database.read_now(lambda connection: connection.execute(asked).scalar_one()) == "off"
        assert (
            database.write_now(lambda connection: connection.execute(asked).scalar_one()) == "off"
        )
        async with open_pages(database) as pages:
            assert await pages.rows(Shape(asked), {}) == [("off",)]
        database.close()


def cut_off_others(connection: Connection) -> None:
    connection.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )


async def test_a_statement_goes_when_nobody_holds_its_shape(database: Database) -> None:
    async with open_pages(database) as pages:
        assert isinstance(pages, _Compiled)
        shape = Shape(select(entity.c.no))
        await pages.rows(shape, {})
        statement = weakref.ref(pages._statement(shape))
        assert statement() is not None
        del shape
        gc.collect()
        assert statement() is None
