"""Correct an entity's fields: an editor's decision over what the sources say."""

from aggregator.house import House
from aggregator.store.edits import Edit, expire, set_fields

__all__ = ["Edit", "correct", "expire_corrections"]


async def correct(house: House, edit: Edit) -> None:
    """Put an edit over an entity. Raises `KeyError` for an entity that is not live and
    `schema.Rejected` for fields the schema refuses."""
    await house.database.write(set_fields, edit, house.clock, house.zone)


async def expire_corrections(house: House) -> int:
    """End every correction whose time is over; returns how many."""
    return await house.database.write(expire, house.clock, house.zone)
