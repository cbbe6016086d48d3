"""Everything a face or a worker needs, opened once and closed in order. No logic of its own."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aggregator.fetch.client import Fetcher
from aggregator.fetch.snapshots import Snapshots
from aggregator.sandbox.parent import Sandbox
from aggregator.settings import Settings, SourceSettings
from aggregator.store.database import Database
from aggregator.store.migrate import migrate
from aggregator.store.sources import Registered, register
from aggregator.working.clock import Clock, DatabaseClock


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The opened rooms."""

    settings: Settings
    database: Database
    clock: Clock
    fetcher: Fetcher
    snapshots: Snapshots
    sandbox: Sandbox

    def source(self, source_id: str) -> SourceSettings:
        """A configured source. Raises `KeyError` for an id that is not configured."""
        for source in self.settings.sources:
            if source.id == source_id:
                return source
        raise KeyError(source_id)

    @property
    def zone(self) -> ZoneInfo:
        """The instance's zone: days are counted in it."""
        return ZoneInfo(self.settings.service.zone)


@asynccontextmanager
async def open_house(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[House]:
    """Open database, snapshots, fetcher and sandbox; migrate; make the source rows agree with
    the configuration. Closes them again in reverse order."""
    clock = clock or DatabaseClock()
    async with AsyncExitStack() as stack:
        database = Database(settings.service.database)
        stack.callback(database.close)
        await database.write(settle_in, settings, clock)
        snapshots = Snapshots(Path(settings.service.data) / "snapshots")
        stack.callback(snapshots.close)
        snapshots.sweep()
        fetcher = await stack.enter_async_context(
            Fetcher(settings.fetch, snapshots, public_url=settings.service.public_url)
        )
        sandbox = await stack.enter_async_context(Sandbox())
        yield House(
            settings=settings,
            database=database,
            clock=clock,
            fetcher=fetcher,
            snapshots=snapshots,
            sandbox=sandbox,
        )


def settle_in(connection: Connection, settings: Settings, clock: Clock) -> None:
    """Migrate, and register the configured sources."""
    migrate(connection, settings.service.public_url)
    sources = [
        Registered(origin=s.origin(), connector=s.connector, enabled=s.enabled)
        for s in settings.sources
    ]
    register(connection, sources, clock.now(connection))
