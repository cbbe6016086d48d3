"""Bring a database to the schema of this version, and say whether it is there.

PostgreSQL: under an advisory lock, so that two starting processes do not migrate at once. SQLite:
one writing transaction does the same.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from sqlalchemy import Connection, inspect, select, text

from aggregator.store.tables import feed
from schema.identity import instance_id

if TYPE_CHECKING:
    from alembic.config import Config

ADVISORY_LOCK: Final = 0x616C6C6D
FEED_ROW: Final = 1
MIGRATIONS: Final = Path(__file__).parent / "migrations"
NEWEST: Final = max(path.stem for path in MIGRATIONS.glob("versions/[0-9]*.py")).partition("_")[0]
"""The newest revision: their files are numbered."""


def migrate(connection: Connection, public_url: str) -> None:
    """Upgrade to the newest revision and see to the `feed` row. `public_url` names the instance
    on the very first run only; later ones update where links point."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    if not is_current(connection):
        from alembic import command

        command.upgrade(_config(connection), NEWEST)
    _see_to_feed(connection, public_url)


def is_current(connection: Connection) -> bool:
    """Whether the database stands at the newest revision. Asked at every start and by every
    readiness probe, so without alembic, whose import alone takes longer than the rest."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == NEWEST


def downgrade(connection: Connection) -> None:
    """Back to an empty database. For tests of the migrations."""
    from alembic import command

    command.downgrade(_config(connection), "base")


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
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
