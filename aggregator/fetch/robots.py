"""What a site's robots.txt allows us (RFC 9309), and how slowly. Fetches nothing itself.

Only for pages made for people: who publishes a feed wants it fetched.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from protego import Protego
from yarl import URL

from aggregator.errors import SourceError, Unfetchable
from schema import Problem

PRODUCT: Final = "Allmende"
"""Our product token: the group of robots.txt that is meant for us."""
MOST_BYTES: Final = 500 * 1024
"""RFC 9309 §2.5: what follows is not read."""
LONGEST_DELAY: Final = 30.0
"""Seconds: a longer Crawl-delay is not honoured in full."""
KEPT_SECONDS: Final = 24 * 3600.0
Ask = Callable[[URL], Awaitable[bytes]]
"""Address of a robots.txt → its first bytes, none where there is no such file (4xx). Raises
`SourceError` when that could not be found out."""


@dataclass(slots=True)
class Rules:
    """One origin's rules until they are asked for again, and when it may be asked next."""

    parsed: Protego
    until: float
    next: float = 0.0


class Robots:
    """The rules of every origin that was asked in this process, for a day."""

    def __init__(self, ask: Ask, clock: Callable[[], float] = monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._rules: dict[URL, Rules] = {}
        self._asking: dict[URL, asyncio.Lock] = {}

    async def admit(self, url: URL) -> None:
        """Wait until the address may be asked. Raises `Unfetchable` (source.robots) when it may
        not, or when nobody can tell."""
        origin = url.origin()
        async with self._asking.setdefault(origin, asyncio.Lock()):
            rules = await self._of(origin)
        if not rules.parsed.can_fetch(str(url), PRODUCT):
            raise _refused("the site's robots.txt does not let us in")
        await self._wait(rules)

    async def _of(self, origin: URL) -> Rules:
        rules = self._rules.get(origin)
        if rules is None or rules.until <= self._clock():
            text = await self._text(origin.with_path("/robots.txt"))
            # In a thread: half a megabyte of rules would hold up the loop.
            parsed = await asyncio.to_thread(Protego.parse, text)
            rules = Rules(parsed, self._clock() + KEPT_SECONDS)
            self._rules[origin] = rules
        return rules

    async def _text(self, url: URL) -> str:
        try:
            return (await self._ask(url))[:MOST_BYTES].decode("utf-8-sig", "replace")
        except SourceError as error:
            if error.problem.code == "source.forbidden_address":
                raise
            said = f"the site's robots.txt could not be read: {error.problem.message}"
            raise _refused(said, error.retry_after) from None

    async def _wait(self, rules: Rules) -> None:
        delay = min(rules.parsed.crawl_delay(PRODUCT) or 0.0, LONGEST_DELAY)
        now = self._clock()
        turn = max(now, rules.next)
        rules.next = turn + max(delay, 0.0)
        await asyncio.sleep(turn - now)


def _refused(message: str, retry_after: float | None = None) -> Unfetchable:
    return Unfetchable(Problem("source.robots", message=message), retry_after=retry_after)
