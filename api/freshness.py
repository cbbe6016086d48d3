"""Which sources are not confirmed now, remembered for a few seconds. Decides nothing itself."""

import asyncio
from typing import Final

from sqlalchemy import Connection

from aggregator.queries import UNAVAILABLE, Database
from aggregator.queries.sources import stale_sources
from aggregator.working.clock import Clock
from api.flights import Flights

SECONDS: Final = 5.0
"""Lists do not ask again earlier: freshness is a matter of minutes, a list one of microseconds."""


class Freshness:
    """The stale sources of a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._stale: tuple[str, ...] = ()
        self._until = float("-inf")
        self._flights: Flights[tuple[str, ...]] = Flights(UNAVAILABLE)

    async def stale(self) -> tuple[str, ...]:
        """Ids of the sources whose entries are not confirmed, sorted."""
        if asyncio.get_running_loop().time() >= self._until:
            await self._flights.share("", self._read)
        return self._stale

    async def _read(self) -> tuple[str, ...]:
        self._stale = await self._database.read(self._ask)
        self._until = asyncio.get_running_loop().time() + SECONDS
        return self._stale

    def _ask(self, connection: Connection) -> tuple[str, ...]:
        return stale_sources(connection, self._clock.now(connection))
