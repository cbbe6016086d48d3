"""Migrations: forward, back, forward, and equal to the tables the code names."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select

from aggregator.store.database import Database
from aggregator.store.migrate import MIGRATIONS, NEWEST, downgrade, is_current, migrate
from aggregator.store.tables import feed, metadata


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
