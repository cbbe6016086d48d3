"""Filters: what they let through, on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from aggregator.occurrences import Window
from aggregator.queries import Database, open_pages
from aggregator.queries.filters import Area, Box, Choice, Circle, Filters, Pattern, values_of
from aggregator.queries.search import Sought, seek
from aggregator.queries.wanted import Wanted
from schema import Organisation
from schema.normal.words import terms_in
from tests.aggregator.queries.listed import asked, numbers
from tests.api.programme import evening, put
from tests.api.seeding import ALWAYS, NOW, add_event

DAY = timedelta(days=1)
HALLE = Circle(lat=51.4825, lon=11.97, radius=10)


async def found(database: Database, filters: Filters) -> list[int]:
    """The numbers of the events that filters let through."""
    return sorted(await numbers(database, Wanted(kind="event", limit=500, filters=filters)))


def window(start: float, end: float) -> Filters:
    """The window between two numbers of days from now on."""
    return Filters(window=Window(after=NOW + start * DAY, before=NOW + end * DAY))


async def test_an_event_is_in_a_window_when_an_occurrence_overlaps_it(database: Database) -> None:
    database.write_now(add_event, 1, (NOW - DAY, NOW + DAY))
    database.write_now(add_event, 2, (NOW + DAY, NOW + 2 * DAY), (NOW + 8 * DAY, NOW + 9 * DAY))
    assert await found(database, window(0, 0.5)) == [1]
    assert await found(database, window(0, 1)) == [1]
    assert await found(database, window(1, 2)) == [2]
    assert await found(database, window(2, 8)) == []
    assert await found(database, window(8.5, 99)) == [2]
    assert await found(database, window(-2, 99)) == [1, 2]


async def test_one_without_length_counts_where_it_starts(database: Database) -> None:
    database.write_now(add_event, 1, (NOW, NOW))
    assert await found(database, window(0, 1)) == [1]
    assert await found(database, window(-1, 0)) == []


async def test_in_a_window_the_status_is_that_of_an_occurrence(database: Database) -> None:
    database.write_now(
        add_event, 1, (NOW, NOW + DAY), (NOW + 7 * DAY, NOW + 8 * DAY), statuses={1: "cancelled"}
    )
    days = [window(0, 1), window(7, 8)]
    for status, where in (("scheduled", [[1], []]), ("cancelled", [[], [1]])):
        given = [Filters(window=each.window, status=(status,)) for each in days]
        assert [await found(database, each) for each in given] == where
    either = Filters(window=days[1].window, status=("scheduled", "postponed", "cancelled"))
    assert await found(database, either) == [1]
    assert await found(database, Filters(status=("scheduled",))) == [1]
    assert await found(database, Filters(status=("cancelled",))) == []


async def test_near_is_within_the_radius_of_a_point(database: Database) -> None:
    north, east = (51.4825 + 9.9 / 111.195, 11.97), (51.4825, 11.97 + 9.9 / 69.245)
    corner = (51.4825 + 8 / 111.195, 11.97 + 8 / 69.245)
    for number, place in enumerate((north, east, corner, (None, None)), 1):
        database.write_now(add_event, number, lat=place[0], lon=place[1])
    assert await found(database, Filters(near=HALLE)) == [1, 2]
    assert HALLE.distance(*north) == pytest.approx(9.9, rel=1e-3)
    assert HALLE.distance(*east) == pytest.approx(9.9, rel=1e-3)


FIJI = Circle(lat=0.0, lon=179.95, radius=20)
SAMOA = Circle(lat=0.0, lon=-179.95, radius=20)
POLE = Circle(lat=89.95, lon=0.0, radius=50)


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        (FIJI, [1, 2]),
        (SAMOA, [1, 2]),
        (Box(west=179.0, south=-1.0, east=-179.0, north=1.0), [1, 2]),
        (Box(west=-1.0, south=-1.0, east=1.0, north=1.0), [3]),
        (Box(west=-1.0, south=1.0, east=1.0, north=2.0), []),
        (POLE, [4]),
    ],
)
async def test_areas_may_lie_across_the_date_line_and_the_pole(
    database: Database, area: Area, expected: list[int]
) -> None:
    for number, lon in enumerate((179.9, -179.9, 0.0), 1):
        database.write_now(add_event, number, lat=0.0, lon=lon)
    database.write_now(add_event, 4, lat=89.9, lon=120.0)
    assert await found(database, Filters(within=(area,))) == expected
    if isinstance(area, Circle):
        assert await found(database, Filters(near=area)) == expected


@pytest.mark.parametrize("lon", [180.0, -180.0])
async def test_the_date_line_is_one_place_with_two_names(database: Database, lon: float) -> None:
    """However near: the rings in which pages by distance are found shrink to nothing."""
    for number, where in enumerate((180.0, -180.0, 179.0, -179.0, 0.0), 1):
        database.write_now(add_event, number, lat=0.0, lon=where)
    for radius, expected in ((0.0, [1, 2]), (1.0, [1, 2]), (112.0, [1, 2, 3, 4])):
        near = Circle(lat=0.0, lon=lon, radius=radius)
        assert await found(database, Filters(near=near)) == expected


async def test_distances_are_measured_across_the_date_line(database: Database) -> None:
    assert FIJI.distance(0.0, -179.95) == pytest.approx(11.12, rel=1e-3)
    for number, lon in enumerate((-179.95, 179.9, -179.9, -179.85, 179.95), 1):
        database.write_now(add_event, number, lat=0.0, lon=lon)
    near = Wanted(kind="event", limit=9, sort="distance", filters=Filters(near=FIJI))
    assert await numbers(database, near) == [5, 2, 1, 3]


async def words(database: Database, text: str) -> Sought:
    async with open_pages(database) as pages:
        return await seek(pages, terms_in(text), (("event",),))


async def test_every_word_must_occur(database: Database) -> None:
    database.write_now(add_event, 1, words="reparaturcafe im burgerhaus")
    database.write_now(add_event, 2, words="nahcafe")
    for text, expected in (("cafe", [1, 2]), ("Bürger Café", [1]), ("Kuchen", [])):
        assert await found(database, Filters(sought=await words(database, text))) == expected


def having(*values: str, name: str = "category") -> Filters:
    return Filters(facets=(Choice(name, values),))


async def test_a_category_is_a_term_or_having_none(database: Database) -> None:
    database.write_now(add_event, 1, terms=("topics:energy", "topics:mobility"))
    database.write_now(add_event, 2)
    assert await found(database, having("topics:energy")) == [1]
    assert await found(database, having("topics:health")) == []
    assert await found(database, having("unmapped")) == [2]


async def test_of_several_values_any_will_do_and_none_is_shown_twice(database: Database) -> None:
    database.write_now(add_event, 1, terms=("topics:energy", "topics:mobility"))
    database.write_now(add_event, 2)
    database.write_now(add_event, 3, terms=("topics:health",))
    both = ("topics:energy", "topics:mobility")
    assert await found(database, having(*both)) == [1]
    assert await found(database, having(*both, "unmapped")) == [1, 2]
    assert await found(database, having(*both, "topics:health", "topics:art", "x")) == [1, 3]


async def test_a_facet_may_be_asked_for_twice_and_both_must_hold(database: Database) -> None:
    database.write_now(add_event, 1, terms=("topics:energy", "topics:mobility"))
    database.write_now(add_event, 2, terms=("topics:energy",))
    twice = (Choice("category", ("topics:energy",)), Choice("category", ("topics:mobility",)))
    assert await found(database, Filters(facets=twice)) == [1]


async def test_all_that_is_asked_for_must_hold(database: Database) -> None:
    event: dict[str, Any] = {
        "words": "rad",
        "lat": 51.48,
        "lon": 11.97,
        "terms": ("topics:mobility",),
    }
    database.write_now(add_event, 1, (NOW, NOW + DAY), **event)
    database.write_now(add_event, 2, (NOW + DAY, NOW + 2 * DAY), **event)
    mobile = (Choice("category", ("topics:mobility",)),)
    bike = await words(database, "Rad")
    both = Filters(near=HALLE, sought=bike, facets=mobile, status=("scheduled",))
    assert await found(database, both) == [1, 2]
    later = Filters(window=window(1, 2).window, near=HALLE, sought=bike)
    assert await found(database, later) == [2]


async def test_what_no_source_confirms_is_stale_and_what_is_held_back_is_neither(
    database: Database,
) -> None:
    behind = {1: ("gut",), 2: ("schlecht",), 3: ("gut", "schlecht"), 4: ("schlechter",)}
    for number, sources in behind.items():
        facets = [("source", source) for source in sources]
        database.write_now(put, number, evening(number), *facets)
    database.write_now(put, 5, evening(5), ("source", "gut"), ("freshness", "withheld"))
    database.write_now(put, 6, evening(6), ("source", "schlecht"), ("freshness", "withheld"))
    for stale, confirmed, lapsed in (
        (("schlecht",), [1, 3, 4], [2]),
        (("schlecht", "schlechter"), [1, 3], [2, 4]),
        ((), [1, 2, 3, 4], []),
    ):
        assert await found(database, Filters(confirmed=True, stale=stale)) == confirmed
        assert await found(database, Filters(confirmed=False, stale=stale)) == lapsed
    assert await found(database, having("withheld", name="freshness")) == [5, 6]


async def test_another_kind_is_in_no_list(database: Database) -> None:
    database.write_now(put, 1, evening(1))
    garden = Organisation(native_id="x", title={"de": "Garten"}, type="association")
    database.write_now(put, 1, garden, *ALWAYS)
    one_source = (Choice("source", ("agentur",)),)
    assert await numbers(database, asked("organisation", facets=one_source)) == [2]
    assert (
        await numbers(database, asked("organisation", facets=(Choice("type", ("company",)),))) == []
    )
    assert await numbers(database, asked("event", facets=one_source)) == [1]


def test_the_pattern_says_what_is_asked_for_but_no_value() -> None:
    filters = Filters(facets=(Choice("tag", ("x", "y", "z")),), near=HALLE)
    assert filters.pattern == Pattern(choices=(4,), areas=("circle",))
    other = Filters(facets=(Choice("city", tuple("klmn")),), near=POLE)
    assert other.pattern == Pattern(choices=(4,), areas=("circle",))
    many = Sought(terms=terms_in("Bäume oeffnen"), marks=(("event",),), hits=(), few=False)
    assert Filters(sought=many).pattern == Pattern(spellings=(1, 2), marks=(1,))
    assert Filters().pattern == Pattern()


def test_a_facet_that_nothing_has_has_no_number() -> None:
    values = values_of(having("x", "y", "z"), {("category", "y"): 7})
    assert values == {f"facet_0_{at}": id_ for at, id_ in enumerate((-1, 7, -1, -1))}
