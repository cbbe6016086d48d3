"""What overlaps a window is found by how long it is: all of it, and little else is looked at."""

from datetime import timedelta

import pytest

from aggregator.occurrences import SPANS, Window
from aggregator.queries import Database
from aggregator.queries.filters import Filters
from aggregator.queries.wanted import Sort, Wanted
from tests.aggregator.queries.listed import numbers
from tests.api.seeding import NOW, add_event

HOUR = timedelta(hours=1)
LENGTHS = (timedelta(0), HOUR, *SPANS, *(each + HOUR for each in SPANS), 4 * SPANS[-1])


@pytest.fixture
def lengths(database: Database) -> Database:
    """An event of each length that ends right now, one that ends an hour later, one that began
    an hour ago, and one that begins now."""
    number = 0
    for length in LENGTHS:
        for start in (NOW - length, NOW - length + HOUR, NOW - HOUR, NOW):
            number += 1
            database.write_now(add_event, number, (start, start + length))
    return database


@pytest.mark.parametrize("sort", ["start", "newest", "title"])
@pytest.mark.parametrize("days", [0.01, 1, 4_000])
async def test_everything_that_overlaps_a_window_is_found(
    lengths: Database, sort: Sort, days: float
) -> None:
    window = Window(after=NOW, before=NOW + timedelta(days=days))
    expected = set()
    number = 0
    for length in LENGTHS:
        for start in (NOW - length, NOW - length + HOUR, NOW - HOUR, NOW):
            number += 1
            over = start + length > window.after or start >= window.after
            if start < window.before and over:
                expected.add(number)
    wanted = Wanted(kind="event", limit=500, sort=sort, filters=Filters(window=window))
    found = await numbers(lengths, wanted)
    assert set(found) == expected
    assert len(found) == len(expected)
