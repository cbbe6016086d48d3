"""Migrations: forward, back, forward, and equal to the tables the code names."""

from datetime import UTC, datetime

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, column, select, table, text

from aggregator.store.database import Database
from aggregator.store.migrate import (
    MIGRATIONS,
    NEWEST,
    _config,
    downgrade,
    is_current,
    migrate,
)
from aggregator.store.tables import feed, metadata, run, source


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_migrated_tables_are_the_tables_of_the_code(database: Database) -> None:
    assert database.read_now(_differences) == []


def test_a_database_can_go_back_and_forward_again(database: Database) -> None:
    database.write_now(downgrade)
    assert not database.read_now(is_current)
    database.write_now(migrate, "https://stadt.example/")
    assert database.read_now(is_current)


def test_migrating_again_keeps_epoch_and_instance(database: Database) -> None:
    before = database.read_now(lambda c: c.execute(select(feed)).one())
    database.write_now(migrate, "https://anders.example/")
    after = database.read_now(lambda c: c.execute(select(feed)).one())
    assert (after.epoch, after.instance) == (before.epoch, before.instance)
    assert (after.public_url, after.view) == ("https://anders.example/", before.view + 1)


def test_the_newest_revision_is_the_only_head() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [NEWEST]


def test_what_runs_held_back_is_carried_over_both_ways(database: Database) -> None:
    database.write_now(_down_to_the_spine)
    database.write_now(_hold)
    database.write_now(migrate, "https://stadt.example/")
    assert _held(database) == '[["offer","a/b","removal"]]'
    assert database.read_now(_differences) == []
    database.write_now(_down_to_the_spine)
    assert _held(database) == '["offer/a/b"]'
    database.write_now(lambda c: c.execute(text("DELETE FROM run")))
    database.write_now(lambda c: c.execute(text("DELETE FROM source WHERE id = 'alt'")))
    database.write_now(migrate, "https://stadt.example/")


OLD = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _hold(connection: Connection) -> None:
    """A source and a held run, as the former version wrote them."""
    values = {
        "id": "alt", "facts": "{}", "connector": "freinet", "enabled": True, "added": OLD,
        "fence": 0, "failures": 0, "paused": False,
    }  # fmt: skip
    columns = (column(name, source.c[name].type) for name in values)
    connection.execute(table("source", *columns).insert().values(**values))
    held = {"source": "alt", "started": OLD, "held": '["offer/a/b"]'}
    columns = (column(name, run.c[name].type) for name in held)
    connection.execute(table("run", *columns).insert().values(**held))


def _held(database: Database) -> str:
    return str(database.read_now(lambda c: c.execute(text("SELECT held FROM run")).scalar_one()))


def _down_to_the_spine(connection: Connection) -> None:
    command.downgrade(_config(connection), "0001")
