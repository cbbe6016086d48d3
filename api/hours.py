"""The hour that began last, remembered for a few seconds. Answers say `now` by it, so that they
stay the same for an hour."""

import asyncio
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection

from aggregator.queries import Database
from aggregator.working.clock import Clock

SECONDS: Final = 5.0
"""The clock is the database's; it is not asked again earlier."""


class Hours:
    """The hours of a database's clock."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._hour = datetime.min.replace(tzinfo=UTC)
        self._until = float("-inf")

    async def begun(self) -> datetime:
        """When the hour that goes on now began, in UTC."""
        clock = asyncio.get_running_loop().time
        if clock() >= self._until:
            self._hour = await self._database.read(self._ask)
            self._until = clock() + SECONDS
        return self._hour

    def _ask(self, connection: Connection) -> datetime:
        return (
            self._clock.now(connection).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        )
