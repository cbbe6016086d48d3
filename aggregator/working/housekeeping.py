"""Once an hour: let go of what is past its period, remind of what waits for a person."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from aggregator.house import House
from aggregator.queries.withheld import Waiting
from aggregator.store.snapshots import forget_superseded
from aggregator.store.tables import record_version
from aggregator.working.journal import tell_again
from aggregator.working.reminders import remind

DOCUMENTS = timedelta(days=14)
VERSIONS = timedelta(days=90)
ALWAYS_KEPT = 2
"""Versions of a record that stay however old they are."""


async def keep_house(house: House) -> None:
    """One round: rows first, then the files no row needs; then reminders."""
    for sha256 in await house.database.write(_forget, house):
        house.snapshots.delete(sha256)
    tell_again(await house.database.write(_remind, house))


def _remind(connection: Connection, house: House) -> Mapping[str, Waiting]:
    return remind(connection, house.clock.now(connection))


def _forget(connection: Connection, house: House) -> list[str]:
    now = house.clock.now(connection)
    forget_versions(connection, now - VERSIONS)
    return forget_superseded(connection, now - DOCUMENTS)


def forget_versions(connection: Connection, before: datetime) -> int:
    """Delete versions superseded before an instant, but the newest two of each record."""
    ranked = select(
        record_version.c.record_no,
        record_version.c.run,
        record_version.c.superseded,
        func.row_number()
        .over(partition_by=record_version.c.record_no, order_by=record_version.c.run.desc())
        .label("rank"),
    ).subquery()
    old = connection.execute(
        select(ranked.c.record_no, ranked.c.run).where(
            ranked.c.superseded < before, ranked.c.rank > ALWAYS_KEPT
        )
    ).all()
    for row in old:
        connection.execute(
            delete(record_version).where(
                record_version.c.record_no == row.record_no, record_version.c.run == row.run
            )
        )
    return len(old)
