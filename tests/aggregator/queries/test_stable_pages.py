"""Pages do not shift while entries come, change and go, in whatever order a list goes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.occurrences import Window
from aggregator.queries import Database, open_pages
from aggregator.queries.filters import Choice, Circle, Filters
from aggregator.queries.wanted import Sort, Wanted
from tests.aggregator.queries.listed import leafed, read
from tests.api.programme import evening, put
from tests.api.seeding import NOW, identity, remove

HALLE = Circle(lat=51.48, lon=11.97, radius=50)
WINDOW = Window(after=NOW, before=NOW + timedelta(days=90))
CATEGORY = (Choice("category", ("unmapped",)),)
SEVERAL = (Choice("tag", ("gerade", "alle")),)
ASKED: tuple[tuple[Sort, Filters], ...] = (
    ("newest", Filters()),
    ("newest", Filters(facets=CATEGORY)),
    ("newest", Filters(facets=SEVERAL)),
    ("newest", Filters(near=HALLE)),
    ("newest", Filters(window=WINDOW)),
    ("title", Filters()),
    ("title", Filters(facets=SEVERAL)),
    ("start", Filters(window=WINDOW)),
    ("start", Filters(window=WINDOW, facets=CATEGORY)),
    ("distance", Filters(near=HALLE)),
    ("distance", Filters(near=HALLE, facets=SEVERAL)),
)


def place(database: Database, number: int) -> None:
    """An event whose title, start and distance go by its number."""
    where = {"locality": "Halle", "lat": 51.48 + number / 1_000, "lon": 11.97}
    tags = ["alle", *(["gerade"] if number % 2 == 0 else [])]
    event = evening(number % 60 + 1, f"Abend {number:03}", place=where, tags=tags)
    database.write_now(put, number, event)


@pytest.mark.parametrize(("sort", "filters"), ASKED, ids=str)
async def test_nothing_that_stays_is_shown_twice_or_left_out(
    database: Database, sort: Sort, filters: Filters
) -> None:
    for number in range(1, 41):
        place(database, number)
    wanted = Wanted(kind="event", limit=6, sort=sort, filters=filters)
    async with open_pages(database) as pages:
        page = await read(pages, wanted)
        shown = [*page.bodies]
        for step, number in enumerate((3, 20, 38, 7, 25), 100):
            place(database, number)
            place(database, step)
            database.write_now(remove, "event", 40 - (step - 100) * 7, "withdrawn")
            page = await read(pages, replace(wanted, position=page.last))
            shown += page.bodies
        while page.more:
            page = await read(pages, replace(wanted, position=page.last))
            shown += page.bodies
    touched = {3, 20, 38, 7, 25, 40, 33, 26, 19, 12}
    for number in set(range(1, 41)) - touched:
        id_ = str(identity("event", number)).encode()
        assert sum(id_ in body for body in shown) == 1, number


@pytest.mark.parametrize(("sort", "filters"), ASKED, ids=str)
async def test_the_way_back_shows_the_same_pages(
    database: Database, sort: Sort, filters: Filters
) -> None:
    for number in range(1, 24):
        place(database, number)
    async with open_pages(database) as pages:
        found = await leafed(pages, Wanted(kind="event", limit=5, sort=sort, filters=filters))
    there = [page.changes for page in found]
    assert [len(changes) for changes in there[:5]] == [5, 5, 5, 5, 3]
    assert there[5:9] == there[3::-1]
    assert there[9:] == [()]
