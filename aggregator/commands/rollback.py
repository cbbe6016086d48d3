"""Take back what a run did, and what later runs of its source made of it."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from aggregator.commands.runs import NotPossible
from aggregator.commands.sync import hold
from aggregator.gathering import Say, rollback_of
from aggregator.house import House
from aggregator.merge import EDITOR
from aggregator.pipeline import preview
from aggregator.runs import Report
from aggregator.store.tables import run
from aggregator.working.clock import Clock
from aggregator.working.housekeeping import VERSIONS


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
