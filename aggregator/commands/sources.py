"""Let a source rest, or go on."""

from aggregator.house import House
from aggregator.store import sources


async def pause(house: House, source_id: str) -> None:
    """Visit the source no more until `resume`. Raises `KeyError` for an unknown source."""
    await house.database.write(sources.pause, source_id)


async def resume(house: House, source_id: str) -> None:
    """Visit the source again, at once. Raises `KeyError` for an unknown source."""
    await house.database.write(sources.resume, source_id, house.clock)
