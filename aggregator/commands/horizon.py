"""Bring the occurrences of recurring events up to today, once a day."""

from aggregator.house import House
from aggregator.store.horizon import due_day, extend_page, reached


async def extend_horizon(house: House) -> None:
    """Extend every recurring event, page by page, unless that was done today. What dies on the
    way is begun again by the next call."""
    day = await house.database.read(due_day, house.clock)
    if day is None:
        return
    after: int | None = 0
    while after is not None:
        after = await house.database.write(extend_page, house.clock, after)
    await house.database.write(reached, day)
