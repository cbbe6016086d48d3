"""Who answers requests: the world, or what was kept of it. A contract only."""

from typing import Protocol

from aggregator.fetch.answers import Fetched, Validators
from aggregator.fetch.limits import Limits
from connectors.base import Request


class Asking(Protocol):
    """Answers one request at a time; safe for many at once."""

    async def fetch(
        self,
        request: Request,
        *,
        limits: Limits,
        validators: Validators | None = None,
        origin: str | None = None,
        robots: bool = False,
    ) -> Fetched:
        """One answer. Raises `SourceError`."""
        ...
