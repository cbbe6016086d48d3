"""Who may work on a source. One row decides: owner, until, fence; the database's time counts.

The fence counts up with every lease. Every write of a run carries it, so a worker that was
paused beyond its lease cannot overwrite what its successor wrote.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from aggregator.runs import Cause
from aggregator.store.tables import run, source
from aggregator.working.clock import Clock

LEASE = timedelta(seconds=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to work on a source under a fence, and the run opened with it."""

    source: str
    fence: int
    run: int
    started: datetime


def take(
    connection: Connection, source_id: str, owner: str, clock: Clock, cause: Cause = Cause.SCHEDULE
) -> Lease | None:
    """Take the source if nobody holds it and open a run. Runs left open become `crashed`; what
    they wrote is not known, so equal answers are read again."""
    now = clock.now(connection)
    free = or_(source.c.lease_until.is_(None), source.c.lease_until < now)
    fence = connection.execute(
        update(source)
        .where(source.c.id == source_id, free)
        .values(fence=source.c.fence + 1, lease_owner=owner, lease_until=now + LEASE)
        .returning(source.c.fence)
    ).scalar()
    if fence is None:
        return None
    left_open = connection.execute(
        update(run)
        .where(run.c.source == source_id, run.c.ended.is_(None))
        .values(ended=now, outcome="crashed", problem='{"code":"run.crashed"}')
    )
    if left_open.rowcount:
        connection.execute(
            update(source).where(source.c.id == source_id).values(settings_hash=None)
        )
    opened = connection.execute(
        run.insert().values(source=source_id, started=now, cause=cause.value).returning(run.c.id)
    ).scalar_one()
    return Lease(source=source_id, fence=fence, run=opened, started=now)


def renew(connection: Connection, lease: Lease, clock: Clock) -> bool:
    """Move the lease's end; False when it is no longer ours. A run that ended meanwhile gave the
    source back: then nothing is moved."""
    now = clock.now(connection)
    ours = (source.c.id == lease.source, source.c.fence == lease.fence)
    connection.execute(
        update(source)
        .where(*ours, source.c.lease_until.is_not(None))
        .values(lease_until=now + LEASE)
    )
    return connection.execute(select(source.c.id).where(*ours)).scalar() is not None


def release_owned(connection: Connection, owner: str) -> int:
    """Give back every lease of an owner that ends; returns how many."""
    return connection.execute(
        update(source)
        .where(source.c.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
    ).rowcount


def due(connection: Connection, now: datetime, limit: int) -> list[str]:
    """Sources to be asked now that nobody holds, the longest waiting first."""
    rows = connection.execute(
        select(source.c.id)
        .where(
            source.c.enabled.is_(True),
            source.c.paused.is_(False),
            or_(source.c.next_due.is_(None), source.c.next_due <= now),
            or_(source.c.lease_until.is_(None), source.c.lease_until < now),
        )
        .order_by(source.c.next_due.is_not(None), source.c.next_due)
        .limit(limit)
    )
    return [row.id for row in rows]
