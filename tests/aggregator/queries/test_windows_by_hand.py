"""Many events in a window, by start: whatever else is asked for, all pages are those that sorting
by hand gives, each event once, at its first occurrence there."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, insert, select, update

from aggregator.occurrences import Window, span_of
from aggregator.queries import Database, open_pages
from aggregator.queries.filters import Choice, Circle, Filters
from aggregator.queries.listing import open_list
from aggregator.queries.search import seek
from aggregator.queries.wanted import Wanted
from aggregator.store.tables import entity, occurrence, search_entry
from schema.normal.words import terms_in
from tests.aggregator.queries.listed import leafed
from tests.api.alike import ENTITIES, add_alike
from tests.api.seeding import NOW

MANY = 1_200
EVENT = next(thing for thing in ENTITIES if thing.kind == "event")
HALLE = Circle(lat=51.4825, lon=11.97, radius=10)
CATEGORY = (Choice("category", ("topics:mobility",)),)
WINDOW = Window(after=NOW, before=NOW + timedelta(days=20))
HOURS = timedelta(hours=2)
Spans = dict[int, list[tuple[datetime, datetime]]]


def programme() -> Spans:
    """Number → when it takes place: any time of 30 days, every third several times, some for
    days on end."""
    luck, found = Random(11), Spans()
    for number in range(1, MANY + 1):
        starts = sorted(
            NOW + timedelta(minutes=30 * luck.randrange(-240, 1_200))
            for _ in range(3 if number % 3 == 0 else 1)
        )
        long = timedelta(days=2) if number % 11 == 0 else HOURS
        found[number] = [(start, start + long) for start in starts]
    return found


def _times(start: datetime, end: datetime) -> dict[str, Any]:
    return {"starts": start, "ends": end, "span": span_of(end - start)}


def put(connection: Connection) -> None:
    """The programme; every seventh speaks of something else, every fifth is far away."""
    add_alike(connection, EVENT, MANY)
    (first, *more) = (
        [
            {"key": no, **_times(*spans[place])}
            for no, spans in programme().items()
            if len(spans) > place
        ]
        for place in range(3)
    )
    own = occurrence.c.entity_no == bindparam("key")
    connection.execute(update(occurrence).where(own), first)
    like = dict(connection.execute(select(occurrence).limit(1)).mappings().one())
    for at, rows in enumerate(more):
        named = [{**row, "entity_no": row["key"], "recurrence_id": f"again {at}"} for row in rows]
        values = [{**like, **{n: v for n, v in row.items() if n != "key"}} for row in named]
        connection.execute(insert(occurrence), values)
    mine = update(search_entry).where(search_entry.c.entity_no % 7 == 0)
    connection.execute(mine.values(words=" lesen \n \n "))
    connection.execute(update(entity).where(entity.c.no % 5 == 0).values(lat=48.0))


def by_hand(*, words: bool, near: bool) -> list[int]:
    """Numbers by the start of their first occurrence in the window."""
    firsts = {
        no: min(start for start, end in spans if start < WINDOW.before and end > WINDOW.after)
        for no, spans in programme().items()
        if any(start < WINDOW.before and end > WINDOW.after for start, end in spans)
    }
    passing = [no for no in firsts if (no % 7 or not words) and (no % 5 or not near)]
    return sorted(passing, key=lambda no: (firsts[no], no))


@pytest.mark.parametrize("near", [False, True], ids=["anywhere", "near"])
@pytest.mark.parametrize("words", [False, True], ids=["", "words"])
@pytest.mark.parametrize("facets", [(), CATEGORY], ids=["", "category"])
async def test_pages_by_start_are_those_sorted_by_hand(
    database: Database, facets: tuple[Choice, ...], *, words: bool, near: bool
) -> None:
    database.write_now(put)
    expected = by_hand(words=words, near=near)
    async with open_pages(database) as pages:
        sought = await seek(pages, terms_in("Fahrrad")) if words else None
        asked = Filters(window=WINDOW, facets=facets, sought=sought, near=HALLE if near else None)
        wanted = Wanted(kind="event", limit=100, sort="start", filters=asked)
        opened = await open_list(pages, wanted)
        found = await leafed(pages, wanted)
    assert sought is None or not sought.few
    assert opened.total.n == min(len(expected), 1_000)
    there = -(-len(expected) // wanted.limit)
    assert [no for page in found[:there] for no in page.changes] == expected
