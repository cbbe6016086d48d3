"""Empty a migrated database, so that the next test finds it as if it were new."""

from sqlalchemy import Connection, update

from aggregator.store.database import Database
from aggregator.store.migrate import migrate
from aggregator.store.tables import feed, metadata
from tests.postgres import PUBLIC_URL

ZERO = {
    "head": 0, "view": 0, "last_entity": 0, "last_record": 0, "public_url": PUBLIC_URL,
    "horizon": None,
}  # fmt: skip


def wipe(setting: str) -> None:
    """Delete every row but the feed's; that one starts over."""
    database = Database(setting)
    try:
        database.write_now(empty)
    finally:
        database.close()


def empty(connection: Connection) -> None:
    """The same, in an open transaction."""
    for table in reversed(metadata.sorted_tables):
        if table is not feed:
            connection.execute(table.delete())
    if connection.execute(update(feed).values(**ZERO)).rowcount == 0:
        migrate(connection, PUBLIC_URL)
