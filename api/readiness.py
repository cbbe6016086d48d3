"""What is known of a database's readiness from one probe to the next. Decides nothing itself."""

from aggregator.queries import Database
from aggregator.queries.filled import UNKNOWN
from aggregator.queries.health import Readiness, readiness


class Ready:
    """Asks a database how ready it is, and never twice about the same entries."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known = UNKNOWN

    async def asked(self) -> Readiness:
        """How ready it is now. Raises what `UNAVAILABLE` names where it does not answer."""
        found = await self._database.read(readiness, self._known)
        self._known = found.filled
        return found
