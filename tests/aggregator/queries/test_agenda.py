"""Pages by start are the same, whether they begin with the occurrences or with the events."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from aggregator.occurrences import Window
from aggregator.queries import Database, Pages, open_pages
from aggregator.queries.agenda import read_events, read_occurrences
from aggregator.queries.entities import Page, Wanted
from aggregator.queries.filters import Filters
from api.orders import ReadPage
from tests.api.seeding import HOUR, NOW, add_event

DAY = timedelta(days=1)
WHOLE = Window(after=NOW - 99 * DAY, before=NOW + 99 * DAY)
WINDOWS = (
    WHOLE,
    Window(after=NOW, before=NOW + 99 * DAY),
    Window(after=NOW + HOUR / 2, before=NOW + 3 * DAY),
    Window(after=NOW + 50 * DAY, before=NOW + 60 * DAY),
)
STATUSES = (None, "scheduled", "cancelled")
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


async def leafed(pages: Pages, read: ReadPage, wanted: Wanted) -> list[Page]:
    """Every page of a list, and back again from the last."""
    found = [await read(pages, wanted, bodies=True)]
    for _ in count():
        if not found[-1].more:
            break
        found.append(await read(pages, replace(wanted, position=found[-1].last), bodies=True))
    while found[-1].first and (found[-1].more or not wanted.back):
        wanted = replace(wanted, position=replace(found[-1].first, back=True))
        found.append(await read(pages, wanted, bodies=True))
    return found


@pytest.mark.parametrize("read", [read_events, read_occurrences])
async def test_few_and_many_are_read_in_the_same_order(calendar: Database, read: ReadPage) -> None:
    async with open_pages(calendar) as pages:
        for filters in ASKED:
            wanted = Wanted(kind="event", limit=5, filters=filters)
            many = await leafed(pages, read, wanted)
            assert many == await leafed(pages, read, replace(wanted, few=True))


async def test_an_event_stands_once_at_its_first_occurrence_in_the_window(
    calendar: Database,
) -> None:
    async with open_pages(calendar) as pages:
        for filters in ASKED:
            wanted = Wanted(kind="event", limit=500, filters=filters)
            every = await read_occurrences(pages, wanted, bodies=False)
            events = await read_events(pages, wanted, bodies=False)
            assert list(events.changes) == list(dict.fromkeys(every.changes))
