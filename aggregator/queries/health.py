"""Whether this instance is ready to answer. Says nothing about how good its sources are."""

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from aggregator.queries.filled import UNKNOWN, Filled, filled
from aggregator.store.migrate import is_current
from aggregator.store.tables import source


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Ready means: the schema is current, what lists and search read is there, and no enabled
    source waits for its first run. One bad source does not hang a restart, so its run may have had
    any outcome."""

    schema_current: bool
    filled: Filled = UNKNOWN
    waiting: tuple[str, ...] = ()
    """Enabled sources without an ended run since they were added."""
    never_succeeded: tuple[str, ...] = ()
    """Enabled sources that never brought anything."""

    @property
    def ready(self) -> bool:
        """Whether requests should be sent here."""
        return self.schema_current and self.filled.whole and not self.waiting


def readiness(connection: Connection, known: Filled = UNKNOWN) -> Readiness:
    """How ready the database is to be served; `known`: what was filled when it was asked last."""
    if not is_current(connection):
        return Readiness(schema_current=False)
    return Readiness(
        schema_current=True,
        filled=filled(connection, known),
        waiting=_sources_waiting(connection),
        never_succeeded=sources_never_succeeded(connection),
    )


def sources_never_succeeded(connection: Connection) -> tuple[str, ...]:
    """Ids of enabled sources without a successful run, sorted."""
    rows = connection.execute(
        select(source.c.id)
        .where(source.c.enabled, source.c.succeeded.is_(None))
        .order_by(source.c.id)
    )
    return tuple(rows.scalars())


def _sources_waiting(connection: Connection) -> tuple[str, ...]:
    unchecked = or_(source.c.checked.is_(None), source.c.checked < source.c.added)
    rows = connection.execute(
        select(source.c.id)
        .where(source.c.enabled, ~source.c.paused, unchecked)
        .order_by(source.c.id)
    )
    return tuple(rows.scalars())
