"""The hour that began last, remembered for a few seconds. Answers say `now` by it, so that they
stay the same for an hour."""

import asyncio
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection

from aggregator.queries import UNAVAILABLE, Database
from aggregator.working.clock import Clock
from api.flights import Flights

SECONDS: Final = 5.0
"""The clock is the database's; it is not asked again earlier."""


class Hours:
    """The hours of a database's clock."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._hour = datetime.min.replace(tzinfo=UTC)
        self._until = float("-inf")
        self._flights: Flights[datetime] = Flights(UNAVAILABLE)

    async def begun(self) -> datetime:
        """When the hour that goes on now began, in UTC."""
        if asyncio.get_running_loop().time() >= self._until:
            await self._flights.share("", self._read)
        return self._hour

    async def _read(self) -> datetime:
        self._hour = await self._database.read(self._ask)
        self._until = asyncio.get_running_loop().time() + SECONDS
        return self._hour

    def _ask(self, connection: Connection) -> datetime:
        now = self._clock.now(connection).astimezone(UTC)
        return now.replace(minute=0, second=0, microsecond=0)
