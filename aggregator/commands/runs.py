"""What a person may do about runs: approve or reject what one held back, take one back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from aggregator.commands.sync import hold
from aggregator.decisions import Decision
from aggregator.gathering import Say, rollback_of
from aggregator.house import House
from aggregator.merge import EDITOR
from aggregator.pipeline import preview
from aggregator.runs import Report
from aggregator.store import withheld
from aggregator.store.database import Database
from aggregator.store.tables import run
from aggregator.working.clock import Clock
from aggregator.working.housekeeping import VERSIONS

__all__ = ["Decision", "NotPossible", "decide", "roll_back"]


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


async def roll_back(house: House, run_id: int, *, say: Say, dry_run: bool = False) -> Report:
    """Take back every record that a run, or a later one of its source, touched. The source rests
    afterwards. Raises `NotPossible`, and `Busy` when a worker is at the source."""
    source = await house.database.read(_revocable, run_id, house.clock)
    try:
        house.source(source)
    except KeyError:
        raise NotPossible("source.unknown", f"{source} is not configured any more") from None
    way = rollback_of(run_id)
    if dry_run:
        return await preview(house, source, say=say, way=way)
    return await hold(house, source, say, way)


def _revocable(connection: Connection, run_id: int, clock: Clock) -> str:
    """The source of a run that history still tells enough of."""
    row = connection.execute(
        select(run.c.source, run.c.started, run.c.cause).where(run.c.id == run_id)
    ).one_or_none()
    if row is None:
        raise NotPossible("run.unknown", f"there is no run {run_id}")
    if row.source == EDITOR:
        raise NotPossible("run.not_revocable", "edits are taken back by editing")
    if row.cause is None:
        said = f"run {run_id} is older than what is noted for taking runs back"
        raise NotPossible("run.not_revocable", said)
    if _is_forgotten(row.started, clock.now(connection)):
        said = f"what was before run {run_id} is not kept any more"
        raise NotPossible("run.not_revocable", said)
    source: str = row.source
    return source


def _is_forgotten(started: datetime, now: datetime, kept: timedelta = VERSIONS) -> bool:
    return now - started > kept
