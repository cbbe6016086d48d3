"""Change numbers: taken under the lock of the one `feed` row, so that they follow commit order.

Lock order, everywhere: the source's fence, then `feed`, then the rest. SQLite holds its one
writer lock from BEGIN IMMEDIATE on, which makes the same order safe.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, update

from aggregator.errors import LeaseLost
from aggregator.store.tables import feed, source


@dataclass(slots=True)
class Numbers:
    """The feed's counters while its row is locked; mutable inside one transaction."""

    head: int
    last_entity: int
    last_record: int
    view: int
    moved: bool = False

    def change(self) -> int:
        """The next change number."""
        self.head += 1
        return self.head

    def entity(self) -> int:
        """The next entity number."""
        self.last_entity += 1
        return self.last_entity

    def record(self) -> int:
        """The next record number."""
        self.last_record += 1
        return self.last_record


def fence(connection: Connection, source_id: str, number: int) -> None:
    """Make sure the source is still ours. Raises `LeaseLost` when another owner took it."""
    held = connection.execute(
        update(source)
        .where(source.c.id == source_id, source.c.fence == number)
        .values(fence=source.c.fence)
    )
    if held.rowcount != 1:
        raise LeaseLost(source_id)


def lock(connection: Connection) -> Numbers:
    """Lock the feed row until the end of the transaction and read its counters."""
    row = connection.execute(
        update(feed)
        .values(head=feed.c.head)
        .returning(feed.c.head, feed.c.last_entity, feed.c.last_record, feed.c.view)
    ).one()
    return Numbers(*row)


def advance(connection: Connection, numbers: Numbers) -> None:
    """Write the counters back, in the transaction that locked them."""
    connection.execute(
        update(feed).values(
            head=numbers.head,
            last_entity=numbers.last_entity,
            last_record=numbers.last_record,
            view=numbers.view + 1 if numbers.moved else numbers.view,
        )
    )
