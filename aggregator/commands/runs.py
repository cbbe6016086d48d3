"""What a person may do about runs: approve or reject what one held back.

The server does it too, so nothing is loaded here that runs sources.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from aggregator.decisions import Decision
from aggregator.store import withheld
from aggregator.store.database import Database
from aggregator.store.tables import run
from aggregator.working.clock import Clock

__all__ = ["Decision", "NotPossible", "decide"]


class NotPossible(Exception):
    """A wish that cannot be met, with the code of the problem and words for a person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """About how many removals and changes of which source was decided."""

    source: str
    items: int


async def decide(
    database: Database, clock: Clock, run_id: int, decision: Decision, *, who: str
) -> Decided:
    """Approve or reject everything that a held run, and those before it, hold back; the source
    is asked again at once, and that visit carries the decision out. Raises `NotPossible`."""
    return await database.write(_decide, run_id, decision, who, clock)


def _decide(
    connection: Connection, run_id: int, decision: Decision, who: str, clock: Clock
) -> Decided:
    row = connection.execute(
        select(run.c.source, run.c.outcome, run.c.held).where(run.c.id == run_id)
    ).one_or_none()
    if row is None:
        raise NotPossible("run.unknown", f"there is no run {run_id}")
    if not row.held:
        raise NotPossible("run.not_held", f"run {run_id} held nothing back")
    newest = withheld.newest(connection, row.source)
    if newest is None:
        raise NotPossible("run.not_held", f"nothing of run {run_id} is held back any more")
    if newest > run_id:
        said = f"run {newest} holds other things back than run {run_id} did: decide about that one"
        raise NotPossible("run.not_newest", said)
    items = withheld.decide(connection, row.source, decision, who, clock.now(connection))
    if not items:  # somebody else was a moment earlier
        raise NotPossible("run.not_held", f"nothing of run {run_id} is held back any more")
    return Decided(source=row.source, items=items)
