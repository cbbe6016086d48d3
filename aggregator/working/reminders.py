"""Remind of what is held back and nobody decided about: once a day for each source.

The journal tells at once that something is held back; this goes on telling. Decides nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, or_, update

from aggregator.queries.withheld import Waiting, waiting
from aggregator.store.tables import source

DAY: Final = timedelta(days=1)


def remind(connection: Connection, now: datetime) -> Mapping[str, Waiting]:
    """Source → what has waited for a person for a day or more; each is named once a day. A source
    that waits no more is forgotten, so that what it holds back later is reminded of anew."""
    held = {one: what for one, what in waiting(connection).items() if what.run is not None}
    old = [one for one, what in held.items() if what.since and what.since <= now - DAY]
    _forget(connection, list(held))
    return {one: held[one] for one in _note(connection, old, now)}


def _note(connection: Connection, sources: list[str], now: datetime) -> list[str]:
    """Note a reminder of those sources that are visited at all and were not reminded of today;
    of several workers, one does."""
    rested = or_(source.c.reminded.is_(None), source.c.reminded <= now - DAY)
    noted = connection.execute(
        update(source)
        .where(source.c.id.in_(sources), source.c.enabled, rested)
        .values(reminded=now)
        .returning(source.c.id)
    )
    return sorted(noted.scalars())


def _forget(connection: Connection, holding: list[str]) -> None:
    connection.execute(
        update(source)
        .where(source.c.reminded.is_not(None), source.c.id.not_in(holding))
        .values(reminded=None)
    )
