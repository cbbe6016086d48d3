"""Bring a database to the schema of this version, and say whether it is there.

PostgreSQL: under an advisory lock, so that two starting processes do not migrate at once. SQLite:
one writing transaction does the same.
"""

from pathlib import Path
from uuid import uuid4

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select, text

from aggregator.store.tables import feed
from schema.identity import instance_id

ADVISORY_LOCK = 0x616C6C6D
FEED_ROW = 1


def migrate(connection: Connection, public_url: str) -> None:
    """Upgrade to the newest revision and see to the `feed` row. `public_url` names the instance
    on the very first run only; later ones update where links point."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    command.upgrade(_config(connection), "head")
    _see_to_feed(connection, public_url)


def is_current(connection: Connection) -> bool:
    """Whether the database stands at the newest revision of this version."""
    heads = set(ScriptDirectory.from_config(_config(connection)).get_heads())
    return set(MigrationContext.configure(connection).get_current_heads()) == heads


def downgrade(connection: Connection) -> None:
    """Back to an empty database. For tests of the migrations."""
    command.downgrade(_config(connection), "base")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _see_to_feed(connection: Connection, public_url: str) -> None:
    stored = connection.execute(select(feed.c.public_url)).scalar()
    if stored is None:
        connection.execute(
            feed.insert().values(
                id=FEED_ROW,
                head=0,
                view=0,
                last_entity=0,
                last_record=0,
                epoch=uuid4().hex,
                instance=instance_id(public_url),
                public_url=public_url,
            )
        )
    elif stored != public_url:
        connection.execute(feed.update().values(public_url=public_url, view=feed.c.view + 1))
