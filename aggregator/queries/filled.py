"""Whether what lists, facets and search read is made for every live entity. After an update tables
may be new and empty, until a worker or `allmende rebuild` has filled them."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, or_, select

from aggregator.store.tables import document, entity, facet_entry, feed, search_entry

MADE: Final = (document, facet_entry, search_entry)
"""Derived tables in which every live entity has a row."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Up to the entity number `upto` of `last` every live entity has its derived rows. Numbers are
    those of one counting (`epoch`)."""

    epoch: str = ""
    last: int = 0
    upto: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return self.upto >= self.last


UNKNOWN: Final = Filled()


def filled(connection: Connection, known: Filled = UNKNOWN) -> Filled:
    """How far derived rows are made. What is `known` is not looked at again: an entity that has its
    rows keeps them while it is live, and one that becomes live gets them with it."""
    lacking = or_(
        *[
            ~select(table.c.entity_no).where(table.c.entity_no == entity.c.no).exists()
            for table in MADE
        ]
    )
    epoch, last = connection.execute(select(feed.c.epoch, feed.c.last_entity)).one()
    after = known.upto if known.epoch == epoch else 0
    first = select(entity.c.no).where(entity.c.state == "live", entity.c.no > after, lacking)
    missing: int | None = connection.execute(first.order_by(entity.c.no).limit(1)).scalar()
    return Filled(epoch, last, last if missing is None else missing - 1)
