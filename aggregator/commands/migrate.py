"""Bring a database to this version."""

from aggregator.settings import Settings
from aggregator.store import migrate as migrations
from aggregator.store.database import Database


async def migrate(settings: Settings) -> bool:
    """Migrate the configured database; True when there was something to do."""
    database = Database(settings.service.database)
    try:
        done = not await database.read(migrations.is_current)
        await database.write(migrations.migrate, settings.service.public_url)
        return done
    finally:
        database.close()
