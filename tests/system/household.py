"""What a house is asked and told in these tests, in one line each."""

from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import Row, Table, func, select

from aggregator.commands.sync import sync_source
from aggregator.house import House
from aggregator.runs import Progress, Report
from aggregator.store.tables import document, entity, metadata
from aggregator.working.clock import ShiftedClock
from tests.aggregator.soundness import faults

SOURCE = "city"
KEY = "ALLMENDE_TEST_KEY"
DAY = timedelta(days=1)


def said(progress: Progress) -> None:
    """How far a run is, heard by nobody."""
    del progress


async def sync(house: House) -> Report:
    """One run of the city."""
    return await sync_source(house, SOURCE, progress=lambda _: None)


def later(house: House, step: timedelta) -> None:
    """Let time pass."""
    assert isinstance(house.clock, ShiftedClock)
    house.clock.push(step)


def rows(house: House, table: Table) -> list[Row[Any]]:
    """A table's rows in the order of its key."""
    wanted = select(table).order_by(*table.primary_key)
    return list(house.database.read_now(lambda c: c.execute(wanted).all()))


def but(house: House, *left_out: str) -> dict[str, list[Row[Any]]]:
    """Every row of every table but these."""
    tables = {name: table for name, table in metadata.tables.items() if name not in left_out}
    return {name: rows(house, table) for name, table in tables.items()}


def documents(house: House) -> dict[int, bytes]:
    """Entity number → public document."""
    return {row.entity_no: row.json for row in rows(house, document)}


def shown(house: House) -> list[dict[str, Any]]:
    """Every public document, parsed."""
    return [orjson.loads(json) for json in documents(house).values()]


def live(house: House) -> dict[str, int]:
    """Kind → how many are public."""
    counted = select(entity.c.kind, func.count()).where(entity.c.state == "live")
    found = house.database.read_now(lambda c: c.execute(counted.group_by(entity.c.kind)).all())
    return {row[0]: row[1] for row in found}


def sound(house: House) -> bool:
    """Whether every rule of the store holds."""
    found = house.database.read_now(faults)
    assert found == []
    return True
