"""Keep a lease alive while its run works, and stop the run when it is lost."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError

from aggregator.errors import LeaseLost
from aggregator.store.database import Database
from aggregator.store.leases import LEASE, Lease, renew
from aggregator.working.clock import Clock

log = logging.getLogger(__name__)

BEAT = LEASE.total_seconds() / 4


@asynccontextmanager
async def keeping(database: Database, lease: Lease, clock: Clock) -> AsyncIterator[None]:
    """Renew the lease while the block runs. Raises `LeaseLost` in the block's place when another
    worker took the source over."""
    block = asyncio.current_task()
    assert block is not None
    lost = asyncio.Event()
    heart = asyncio.create_task(_beat(database, lease, clock, lost))
    heart.add_done_callback(lambda _: block.cancel() if lost.is_set() else None)
    try:
        try:
            yield
        finally:
            heart.cancel()
            await asyncio.wait([heart])
    except asyncio.CancelledError:
        if lost.is_set() and block.uncancel() == 0:
            raise LeaseLost(lease.source) from None
        raise


async def _beat(database: Database, lease: Lease, clock: Clock, lost: asyncio.Event) -> None:
    """Renew until the lease is lost. A database that does not answer is asked again: whether the
    lease is still ours, the fence will tell."""
    while not lost.is_set():
        await asyncio.sleep(BEAT)
        try:
            if not await database.write(renew, lease, clock):
                lost.set()
        except DBAPIError:
            log.warning("the lease of %s could not be renewed", lease.source, exc_info=True)
