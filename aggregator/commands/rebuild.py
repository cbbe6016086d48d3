"""Make everything derived anew from what is primary."""

from collections.abc import Callable

from aggregator.commands.horizon import extend_horizon
from aggregator.commands.refresh import refresh
from aggregator.house import House
from aggregator.store.rebuild import Rebuilt, finish, rebuild_page, rebuild_search
from aggregator.store.refresh import frame_now

__all__ = ["Rebuilt", "rebuild"]


async def rebuild(house: House, progress: Callable[[int], None]) -> Rebuilt:
    """Rebuild page by page; `progress` hears how many documents are done. What the configuration
    made stale is refreshed first: that is a change readers must hear of, rebuilding is none."""
    await refresh(house)
    await extend_horizon(house)
    frame = await house.database.read(frame_now, house.clock)
    after: int | None = 0
    done = differing = 0
    while after is not None:
        after, page = await house.database.write(rebuild_page, after, frame)
        done += page.documents
        differing += page.differing
        progress(done)
    block: int | None = -1
    while block is not None:
        block = await house.database.write(rebuild_search, block)
    await house.database.write(finish)
    return Rebuilt(done, differing)
