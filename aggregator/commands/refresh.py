"""Render anew what a change of configuration or version made stale."""

from aggregator.house import House
from aggregator.store.refresh import refresh_page, seal_page, sources_with_records


async def refresh(house: House) -> None:
    """Refresh every source's documents, chunk by chunk."""
    for source in await house.database.read(sources_with_records):
        after: int | None = 0
        while after is not None:
            after = await house.database.write(refresh_page, house.clock, source, after)
    while await house.database.write(seal_page):
        pass
