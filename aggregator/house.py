"""Everything a worker or a command needs, opened once and closed in order. No logic of its own."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from aggregator.fetch.client import Fetcher
from aggregator.fetch.snapshots import Snapshots
from aggregator.foundation import Foundation, open_foundation
from aggregator.sandbox.parent import Sandbox
from aggregator.settings import Settings, SourceSettings
from aggregator.working.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class House(Foundation):
    """The opened rooms."""

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
    """Open the foundation and what stands upon it. Closes them again in reverse order."""
    async with open_foundation(settings, clock=clock) as ground, open_rooms(ground) as house:
        yield house


@asynccontextmanager
async def open_rooms(ground: Foundation) -> AsyncIterator[House]:
    """Open snapshots, fetcher and sandbox over an open foundation, which stays open."""
    settings = ground.settings
    async with AsyncExitStack() as stack:
        snapshots = Snapshots(Path(settings.service.data) / "snapshots")
        stack.callback(snapshots.close)
        snapshots.sweep()
        fetcher = await stack.enter_async_context(
            Fetcher(settings.fetch, snapshots, public_url=settings.service.public_url)
        )
        sandbox = await stack.enter_async_context(Sandbox())
        yield House(
            settings=settings,
            database=ground.database,
            clock=ground.clock,
            fetcher=fetcher,
            snapshots=snapshots,
            sandbox=sandbox,
        )
