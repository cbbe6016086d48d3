"""What every answer hangs on, asked once for all: where the feed stands, how the sources are
doing, which hour it is. As long as the head is the same object, so is every answer.

SQLite tells by a counter whether anybody wrote, which costs less than asking again. PostgreSQL is
asked, at most once in `recheck` seconds. While the database is away, nobody waits for it: it is
tried again in the background.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from aggregator.queries import UNAVAILABLE, DatabaseUnavailable, Pages
from aggregator.queries.feed import standing
from api.flights import Flights
from api.freshness import Freshness
from api.hours import Hours

LONGEST: Final = 1.0
"""Seconds after which hour and sources are looked at again even if nobody wrote."""
AT_ONCE: Final = 0.0005
"""Seconds that count as the same moment: what comes within them is answered by one look."""
PATIENCE: Final = 3.0
"""Seconds that a request may wait for the head."""
AWAY: Final = 1.0
"""Seconds between two tries while the database is away."""

LOST: Final[tuple[type[Exception], ...]] = (TimeoutError, *UNAVAILABLE)


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Where everything stands: the feed, the sources that are not confirmed, the hour (UTC). Of
    two heads that say the same, one is kept."""

    epoch: str
    view: int
    change: int
    stale: tuple[str, ...]
    hour: datetime

    def says_as(self, other: "Head") -> bool:
        """Whether another one says the same."""
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)


HEAD: Final = web.RequestKey("head", Head)
"""The head that a request is answered under."""


class Heads:
    """The head of one database."""

    def __init__(self, pages: Pages, freshness: Freshness, hours: Hours, recheck: float) -> None:
        self._pages, self._freshness, self._hours = pages, freshness, hours
        self._recheck = recheck
        self._head: Head | None = None
        self._version: int | None = None
        self._asked = self._until = self._away_until = float("-inf")
        self._flights: Flights[Head] = Flights(UNAVAILABLE)
        self._trying: asyncio.Task[Head] | None = None

    @property
    def last(self) -> tuple[Head | None, float]:
        """The newest head that was seen, and when (the loop's time) it was found to hold."""
        return self._head, self._asked

    def known(self) -> Head | None:
        """The head, where it is known to hold without waiting. Raises `DatabaseUnavailable`."""
        now = asyncio.get_running_loop().time()
        if now >= self._until:
            return None
        if now < self._asked + AT_ONCE:
            return self._head
        version = self._pages.version()
        if version is None:
            return self._head if now < self._asked + self._recheck else None
        if version != self._version:
            return None
        self._asked = now
        return self._head

    async def current(self) -> Head:
        """The head as it is now. Raises what `UNAVAILABLE` names while the database is away."""
        if asyncio.get_running_loop().time() < self._away_until or self._trying is not None:
            raise DatabaseUnavailable
        if self._away_until > float("-inf"):
            self._trying = asyncio.create_task(self._flights.share("head", self._read))
            self._trying.add_done_callback(self._tried)
            raise DatabaseUnavailable
        known, came = self.known(), asyncio.get_running_loop().time()
        if known is not None:
            return known
        head = await self._flights.share("head", self._read)
        while self._asked < came:  # another one's look, which may have missed the newest change
            head = await self._flights.share("head", self._read)
        return head

    def _tried(self, task: "asyncio.Task[Head]") -> None:
        self._trying = None
        if not task.cancelled():
            task.exception()  # whoever asks next is told

    async def _read(self) -> Head:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(PATIENCE):
                version = self._pages.version()
                began = loop.time()
                head = await self._now()
        except LOST as error:
            self._away_until = loop.time() + AWAY
            self._until = float("-inf")
            raise DatabaseUnavailable from error
        self._version, self._asked, self._until = version, began, began + LONGEST
        self._away_until = float("-inf")
        if self._head is None or not head.says_as(self._head):
            self._head = head
        return self._head

    async def _now(self) -> Head:
        epoch, view, change = await standing(self._pages)
        stale = await self._freshness.stale()
        return Head(epoch, view, change, stale, await self._hours.begun())

    async def close(self) -> None:
        """End what still tries."""
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.wait({self._trying})
