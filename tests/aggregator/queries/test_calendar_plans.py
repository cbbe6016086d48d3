"""Calendars go by the index of changes: no read of them scans a table, and none is sorted."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from aggregator.occurrences import Window
from aggregator.queries import Database, open_pages
from aggregator.queries.calendar import Wanted, _one_shape, read_entries, read_outline
from aggregator.queries.filters import Choice, Circle, Filters
from aggregator.queries.search import Sought
from aggregator.store.pages import Shape, Values
from schema.normal.words import terms_in
from tests.aggregator.queries.explaining import plan, scanned, sorts
from tests.aggregator.queries.listed import Recorder
from tests.api.programme import evening, put_all
from tests.api.seeding import NOW, identity
from tests.conftest import database_setting

__all__ = ["database_setting"]

WINDOW = Window(after=NOW, before=NOW + timedelta(days=90))
HALLE = Circle(lat=51.4825, lon=11.97, radius=10)
FACETS = (Choice("category", ("unmapped",)),)
TREES = Sought(terms=terms_in("Bäume"), hits=(), few=False, among=b"1" * 100)
ASKED: list[dict[str, Any]] = [
    {},
    {"window": WINDOW},
    {"window": WINDOW, "status": ("scheduled",)},
    {"facets": FACETS},
    {"window": WINDOW, "facets": FACETS, "near": HALLE, "sought": TREES},
]


def plans(connection: Connection, run: list[tuple[Shape, Values]]) -> list[str]:
    return [plan(connection, shape, values) for shape, values in run]


@pytest.mark.parametrize("filters", ASKED, ids=str)
async def test_no_read_of_a_calendar_scans_a_table(
    database: Database, filters: dict[str, Any]
) -> None:
    place = {"locality": "Halle", "lat": HALLE.lat, "lon": HALLE.lon}
    database.write_now(put_all, [evening(n, place=place) for n in range(60)])
    async with open_pages(database) as pages:
        recorder = Recorder(pages)
        wanted = Wanted(filters=Filters(**filters))
        outline = await read_outline(recorder, wanted)
        shown = [entries async for entries in read_entries(recorder, wanted, outline)]
    assert b"".join(each.ics for each in shown).count(b"BEGIN:VEVENT") == 60
    found = database.read_now(plans, recorder.run)
    assert [said for said in found if scanned(said) or sorts(said)] == []


def test_one_event_is_looked_up(database: Database) -> None:
    values = {"id": identity("event", 1), "language": "de"}
    (said,) = database.read_now(plans, [(_one_shape(), values)])
    assert not scanned(said)
