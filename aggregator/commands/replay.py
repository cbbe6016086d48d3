"""Read again what a source answered last, after a connector or its settings were mended."""

from aggregator.commands.sync import hold
from aggregator.gathering import REPLAY, Say
from aggregator.house import House
from aggregator.pipeline import preview
from aggregator.runs import Report


async def replay(house: House, source_id: str, *, say: Say, dry_run: bool = False) -> Report:
    """One run of a configured source over its kept documents; nothing is fetched. Raises
    `KeyError` for an id that is not configured, `Busy` when a worker is at it."""
    house.source(source_id)
    if dry_run:
        return await preview(house, source_id, say=say, way=REPLAY)
    return await hold(house, source_id, say, REPLAY)
