"""How often one client may ask: a token bucket each, in a table that cannot grow without end.

The headers are those of draft-ietf-httpapi-ratelimit-headers-10.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

from aiohttp import web

RATE: Final[web.RequestKey[Mapping[str, str]]] = web.RequestKey("rate")
"""The headers about the rate that the answer to a request carries."""
MINUTE: Final = 60
CLIENTS: Final = 20_000
"""Clients that are counted at the same time; who asked longest ago is forgotten first."""
FROM_MEMORY: Final = 0.1
"""What an answer from memory costs, in requests."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_minute` requests in the long run, and up to `burst` at once."""

    per_minute: int
    burst: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a client stands: requests that are left, seconds until all are there again, and
    seconds until the next one, where it is to wait for it."""

    left: int
    full: int
    wait: int | None


class Buckets:
    """The buckets of all clients. Times are the loop's, in seconds."""

    def __init__(self, rate: Rate, most: int = CLIENTS) -> None:
        self._rate = rate
        self._most = most
        self._refill = rate.per_minute / MINUTE
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """Client → what it had, and when."""
        self.policy = f'"client";q={rate.per_minute};w={MINUTE}'

    def take(self, client: str, now: float, cost: float = 1.0) -> Standing:
        """Count a request of a client."""
        had, since = self._buckets.pop(client, (float(self._rate.burst), now))
        left = min(self._rate.burst, had + (now - since) * self._refill)
        enough = left >= cost
        if enough:
            left -= cost
        self._buckets[client] = (left, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        full = ceil((self._rate.burst - left) / self._refill)
        wait = None if enough else max(1, ceil((cost - left) / self._refill))
        return Standing(floor(left), full, wait)

    def said(self, standing: Standing) -> Mapping[str, str]:
        """The headers about a client's standing."""
        soon = standing.full if standing.wait is None else standing.wait
        rate = f'"client";r={standing.left};t={soon}'
        return {"RateLimit-Policy": self.policy, "RateLimit": rate}

    def __len__(self) -> int:
        return len(self._buckets)
