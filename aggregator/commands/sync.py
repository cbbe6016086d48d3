"""Run sources now, as the worker would, or see what a run would do."""

import asyncio
import os
import socket
from secrets import token_hex

from aggregator.commands.horizon import extend_horizon
from aggregator.gathering import REQUESTED, Say, Way
from aggregator.house import House
from aggregator.pipeline import Busy, preview, sync
from aggregator.runs import Report
from aggregator.store.leases import release_owned

__all__ = ["Busy", "hold", "owner_name", "sync_source"]


def owner_name() -> str:
    """A name for whoever takes leases in this process: host, process, and chance."""
    return f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"


async def sync_source(
    house: House, source_id: str, *, dry_run: bool = False, progress: Say
) -> Report:
    """One run of a configured source. Raises `KeyError` for an id that is not configured,
    `Busy` when a worker is at it."""
    house.source(source_id)
    if dry_run:
        return await preview(house, source_id, say=progress)
    # Where no worker runs, nobody else does. First, as what is written from now on is up to date.
    await extend_horizon(house)
    return await hold(house, source_id, progress, REQUESTED)


async def hold(house: House, source_id: str, say: Say, way: Way) -> Report:
    """One run in this process's own name. Interrupted, it gives back what it took, even the
    lease that was still being taken."""
    owner = owner_name()
    try:
        return await sync(house, source_id, owner=owner, say=say, way=way)
    except asyncio.CancelledError:
        await asyncio.shield(house.database.write(release_owned, owner))
        raise
