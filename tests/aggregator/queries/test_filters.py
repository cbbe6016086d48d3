"""Filters: what they let through, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from aggregator.occurrences import Window
from aggregator.queries import Database
from aggregator.queries.filters import Box, Circle, Filters, conditions, values_of
from aggregator.store.tables import entity
from tests.api.seeding import NOW, add_event, add_record

DAY = timedelta(days=1)
HALLE = Circle(lat=51.4825, lon=11.97, radius=10)


def found(database: Database, filters: Filters) -> list[int]:
    """The numbers of the events that filters let through."""
    chosen = select(entity.c.no).where(*conditions(filters.pattern)).order_by(entity.c.no)
    return list(database.read_now(lambda c: c.execute(chosen, values_of(filters)).scalars().all()))


def window(start: float, end: float) -> Filters:
    """The window between two numbers of days from now on."""
    return Filters(window=Window(after=NOW + start * DAY, before=NOW + end * DAY))


def test_an_event_is_in_a_window_when_an_occurrence_overlaps_it(database: Database) -> None:
    database.write_now(add_event, 1, (NOW - DAY, NOW + DAY))
    database.write_now(add_event, 2, (NOW + DAY, NOW + 2 * DAY), (NOW + 8 * DAY, NOW + 9 * DAY))
    assert found(database, window(0, 0.5)) == [1]
    assert found(database, window(0, 1)) == [1]
    assert found(database, window(1, 2)) == [2]
    assert found(database, window(2, 8)) == []
    assert found(database, window(8.5, 99)) == [2]
    assert found(database, window(-2, 99)) == [1, 2]


def test_one_without_length_counts_where_it_starts(database: Database) -> None:
    database.write_now(add_event, 1, (NOW, NOW))
    assert found(database, window(0, 1)) == [1]
    assert found(database, window(-1, 0)) == []


def test_in_a_window_the_status_is_that_of_an_occurrence(database: Database) -> None:
    database.write_now(
        add_event, 1, (NOW, NOW + DAY), (NOW + 7 * DAY, NOW + 8 * DAY), statuses={1: "cancelled"}
    )
    days = [window(0, 1), window(7, 8)]
    for status, where in (("scheduled", [[1], []]), ("cancelled", [[], [1]])):
        asked = [Filters(window=each.window, status=status) for each in days]
        assert [found(database, each) for each in asked] == where
    assert found(database, Filters(status="scheduled")) == [1]
    assert found(database, Filters(status="cancelled")) == []


def test_near_is_within_the_radius_of_a_point(database: Database) -> None:
    north, east = (51.4825 + 9.9 / 111.195, 11.97), (51.4825, 11.97 + 9.9 / 69.245)
    corner = (51.4825 + 8 / 111.195, 11.97 + 8 / 69.245)
    for number, place in enumerate((north, east, corner, (None, None)), 1):
        database.write_now(add_event, number, lat=place[0], lon=place[1])
    assert found(database, Filters(near=HALLE)) == [1, 2]
    assert HALLE.distance(*north) == pytest.approx(9.9, rel=1e-3)
    assert HALLE.distance(*east) == pytest.approx(9.9, rel=1e-3)


def test_a_box_may_lie_across_the_date_line(database: Database) -> None:
    for number, lon in enumerate((179.5, -179.5, 0.0), 1):
        database.write_now(add_event, number, lat=0.0, lon=lon)
    around = {"south": -1.0, "north": 1.0}
    assert found(database, Filters(box=Box(west=179.0, east=-179.0, **around))) == [1, 2]
    assert found(database, Filters(box=Box(west=-1.0, east=1.0, **around))) == [3]
    assert found(database, Filters(box=Box(west=-1.0, east=1.0, south=1.0, north=2.0))) == []


def test_every_word_must_occur_and_no_word_is_a_pattern(database: Database) -> None:
    database.write_now(add_event, 1, words="reparaturcafe im burgerhaus")
    database.write_now(add_event, 2, words="naehcafe")
    assert found(database, Filters(words=("cafe",))) == [1, 2]
    assert found(database, Filters(words=("burger", "cafe"))) == [1]
    for pattern in ("%", "_", "\\", "c_fe", "re%cafe"):
        assert found(database, Filters(words=(pattern,))) == []


def test_a_category_is_a_term_or_having_none(database: Database) -> None:
    database.write_now(add_event, 1, terms=("topics:energy", "topics:mobility"))
    database.write_now(add_event, 2)
    assert found(database, Filters(category="topics:energy")) == [1]
    assert found(database, Filters(category="topics:health")) == []
    assert found(database, Filters(category="unmapped")) == [2]


def test_a_source_stands_behind_an_event_as_long_as_its_record_lives(database: Database) -> None:
    database.write_now(add_event, 1)
    database.write_now(add_event, 2)
    database.write_now(add_record, 1, kind="event")
    database.write_now(add_record, 2, kind="event", withdrawn=datetime(2026, 1, 1, tzinfo=UTC))
    assert found(database, Filters(source="agentur")) == [1]
    assert found(database, Filters(source="andere")) == []


def test_all_that_is_asked_for_must_hold(database: Database) -> None:
    event: dict[str, Any] = {
        "words": "rad",
        "lat": 51.48,
        "lon": 11.97,
        "terms": ("topics:mobility",),
    }
    database.write_now(add_event, 1, (NOW, NOW + DAY), **event)
    database.write_now(add_event, 2, (NOW + DAY, NOW + 2 * DAY), **event)
    both = Filters(near=HALLE, words=("rad",), category="topics:mobility", status="scheduled")
    assert found(database, both) == [1, 2]
    later = Filters(window=window(1, 2).window, near=HALLE, words=("rad",))
    assert found(database, later) == [2]


def test_the_pattern_names_what_is_asked_for_and_nothing_else() -> None:
    filters = Filters(words=("a", "b"), category="unmapped", near=HALLE)
    assert filters.pattern == ("near", "unmapped", "word_0", "word_1")
    assert Filters().pattern == ()
    assert conditions(()) == []
