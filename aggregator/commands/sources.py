"""Let a source rest, or go on."""

from aggregator.foundation import Foundation
from aggregator.store import sources


async def pause(ground: Foundation, source_id: str) -> None:
    """Visit the source no more until `resume`. Raises `KeyError` for an unknown source."""
    await ground.database.write(sources.pause, source_id)


async def resume(ground: Foundation, source_id: str) -> None:
    """Visit the source again, at once. Raises `KeyError` for an unknown source."""
    await ground.database.write(sources.resume, source_id, ground.clock)
