"""Keep a lease alive while its run works, and stop the run when it is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aggregator.errors import LeaseLost
from aggregator.store.database import Database
from aggregator.store.leases import LEASE, Lease, renew
from aggregator.working.clock import Clock

BEAT = LEASE.total_seconds() / 4


@asynccontextmanager
async def keeping(database: Database, lease: Lease, clock: Clock) -> AsyncIterator[None]:
    """Renew the lease while the block runs. Raises `LeaseLost` in the block's place when another
    worker took the source over."""
    block = asyncio.current_task()
    assert block is not None
    lost = asyncio.Event()

    async def beat() -> None:
        while True:
            await asyncio.sleep(BEAT)
            if not await database.write(renew, lease, clock):
                lost.set()
                block.cancel()
                return

    heart = asyncio.create_task(beat())
    try:
        yield
    except asyncio.CancelledError:
        if lost.is_set():
            block.uncancel()
            raise LeaseLost(lease.source) from None
        raise
    finally:
        heart.cancel()
        with suppress(asyncio.CancelledError):
            await heart
