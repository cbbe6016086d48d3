"""What a house stands on: its settings, its database at this version, its clock.

All that serving needs. What asks sources stands upon it (`house.py`) and is not loaded here.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from aggregator.settings import Settings
from aggregator.store.database import Database
from aggregator.store.migrate import migrate
from aggregator.store.sources import Registered, register
from aggregator.working.clock import Clock, DatabaseClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """The ground floor, opened."""

    settings: Settings
    database: Database
    clock: Clock


@asynccontextmanager
async def open_foundation(
    settings: Settings, *, clock: Clock | None = None
) -> AsyncIterator[Foundation]:
    """Open the database, migrate it, make the source rows agree with the configuration. Closes it
    at the end."""
    clock = clock or DatabaseClock()
    database = Database(settings.service.database)
    try:
        await database.write(settle_in, settings, clock)
        yield Foundation(settings=settings, database=database, clock=clock)
    finally:
        database.close()


def settle_in(connection: Connection, settings: Settings, clock: Clock) -> None:
    """Migrate, and register the configured sources."""
    migrate(connection, settings.service.public_url)
    sources = [
        Registered(origin=s.origin(), connector=s.connector, enabled=s.enabled)
        for s in settings.sources
    ]
    register(connection, sources, clock.now(connection))
