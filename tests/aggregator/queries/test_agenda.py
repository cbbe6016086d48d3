"""Pages by start are the same, whether they begin with the occurrences or with the events."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.occurrences import Window
from aggregator.queries import Database, open_pages
from aggregator.queries.filters import Choice, Filters
from aggregator.queries.listing import open_list
from aggregator.queries.wanted import Wanted
from tests.aggregator.queries.listed import leafed, read
from tests.api.seeding import HOUR, NOW, add_event

DAY = timedelta(days=1)
WHOLE = Window(after=NOW - 99 * DAY, before=NOW + 99 * DAY)
WINDOWS = (
    WHOLE,
    Window(after=NOW, before=NOW + 99 * DAY),
    Window(after=NOW + HOUR / 2, before=NOW + 3 * DAY),
    Window(after=NOW + 50 * DAY, before=NOW + 60 * DAY),
)
STATUSES: tuple[tuple[str, ...], ...] = ((), ("scheduled",), ("cancelled", "postponed"))
ASKED = [Filters(window=each, status=status) for each in WINDOWS for status in STATUSES]


@pytest.fixture
def calendar(database: Database) -> Database:
    """Series that overlap themselves, that go on, that start together, in part called off."""
    for number in range(1, 25):
        length = (0, 1, 30, 24 * 9)[number % 4]
        start = NOW + (number % 7 - 3) * 5 * HOUR
        spans = [
            (start + n * DAY, start + n * DAY + length * HOUR) for n in range(number * 7 % 11 + 1)
        ]
        called_off = dict.fromkeys(range(0, len(spans), 3), "cancelled")
        database.write_now(add_event, number, *spans, statuses=called_off)
    return database


@pytest.mark.parametrize("each", [False, True])
async def test_few_and_many_are_read_in_the_same_order(calendar: Database, each: bool) -> None:
    known = (Choice("source", ("agentur",)),)  # which all have: it leads to few, as far as is known
    async with open_pages(calendar) as pages:
        for filters in ASKED:
            wanted = Wanted(kind="event", limit=5, sort="start", each=each, filters=filters)
            led = replace(wanted, filters=replace(filters, facets=known))
            assert (await open_list(pages, wanted)).plan.begin == "walk"
            assert (await open_list(pages, led)).plan.begin == "facet"
            assert await leafed(pages, wanted) == await leafed(pages, led)


async def test_an_event_stands_once_at_its_first_occurrence_in_the_window(
    calendar: Database,
) -> None:
    async with open_pages(calendar) as pages:
        for filters in ASKED:
            wanted = Wanted(kind="event", limit=500, sort="start", filters=filters)
            every = await read(pages, replace(wanted, each=True))
            events = await read(pages, wanted)
            assert list(events.changes) == list(dict.fromkeys(every.changes))
