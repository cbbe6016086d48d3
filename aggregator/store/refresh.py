"""Render anew what was rendered from other inputs: a new public URL, another licence, a newer
renderer. Only documents whose bytes change get a change number."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from aggregator.merge import EDITOR
from aggregator.store.changes import advance, lock
from aggregator.store.entities import Frame, Ledger, load, settle, stored_documents
from aggregator.store.search import seal_rest
from aggregator.store.sources import identity, origins
from aggregator.store.tables import entity, record
from aggregator.store.writes import Writes, flush
from aggregator.working.clock import Clock
from schema.edition import Edition
from schema.formats.json import inputs_of

PAGE = 250


def refresh_page(connection: Connection, clock: Clock, source: str, after: int) -> int | None:
    """Render a source's next stale entities after a number → the last one; None: no more."""
    numbers = lock(connection)
    frame = frame_now(connection, clock)
    wanted = inputs_of(frame.edition, [frame.origin(source)])
    stale = _stale(connection, source, wanted, after)
    ledger = Ledger(frame, numbers, Writes())
    documents = stored_documents(connection, stale)
    for standing in load(connection, stale).values():
        standing.json = documents.get(standing.no)
        settle(standing, None, ledger)
    flush(connection, ledger.writes)
    advance(connection, numbers)
    return stale[-1] if stale else None


def seal_page(connection: Connection) -> bool:
    """Put what was rendered into the next block of the search index; whether there was enough."""
    lock(connection)
    return seal_rest(connection)


def frame_now(connection: Connection, clock: Clock) -> Frame:
    """What rendering needs at this moment."""
    public_url, instance = identity(connection)
    return Frame(
        edition=Edition(public_url=public_url, instance=instance),
        origins=origins(connection),
        now=clock.now(connection),
    )


def sources_with_records(connection: Connection) -> Sequence[str]:
    """Ids of sources that have records."""
    wanted = select(record.c.source).where(record.c.source != EDITOR).distinct()
    return connection.execute(wanted).scalars().all()


def _stale(connection: Connection, source: str, inputs: bytes, after: int) -> Sequence[int]:
    wanted = (
        select(entity.c.no)
        .join(record, record.c.entity_no == entity.c.no)
        .where(
            record.c.source == source,
            record.c.withdrawn.is_(None),
            entity.c.state == "live",
            entity.c.inputs != inputs,
            entity.c.no > after,
        )
        .distinct()
        .order_by(entity.c.no)
        .limit(PAGE)
    )
    return connection.execute(wanted).scalars().all()
