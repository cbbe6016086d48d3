"""Pages by distance are those of the whole circle sorted, wherever it lies and whatever else is
asked for, though only rings of it are read."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import Connection, bindparam, update

from aggregator.queries import Database, open_pages
from aggregator.queries.filters import Box, Choice, Circle, Filters
from aggregator.queries.listing import open_list, read_page
from aggregator.queries.planning import Known, Plan, by_distance
from aggregator.queries.wanted import Wanted
from aggregator.store.facets import write_facets
from aggregator.store.tables import entity
from tests.aggregator.queries.explaining import plan, scanned
from tests.aggregator.queries.listed import Recorder, leafed, read
from tests.api.seeding import add_entities
from tests.conftest import database_setting

__all__ = ["database_setting"]
"""A database of its own: plans follow the statistics that other tests leave behind."""

MANY = 1_600
HALLE = Circle(lat=51.48, lon=11.97, radius=60)
EDGE = Circle(lat=-17.0, lon=179.9, radius=80)
POLE = Circle(lat=89.9, lon=0.0, radius=400)
CIRCLES = {"inland": HALLE, "across the date line": EDGE, "around a pole": POLE}
MOST = (Choice("tag", ("most",)),)


def spots(near: Circle) -> dict[int, tuple[float, float]]:
    """Number → where it lies: most thin out from the middle, many share one spot, some lie in the
    middle, some nowhere."""
    luck, found = Random(7), {}
    for number in range(1, MANY + 1):
        away = 0.5 * (near.radius / 111.195) * abs(luck.gauss(0, 1))
        lat = near.lat + away * luck.uniform(-1, 1)
        lon = near.lon + away / near.cosine * luck.uniform(-1, 1)
        spot = (min(90.0, lat), (lon + 180) % 360 - 180)
        if number % 5 == 0:
            spot = (near.lat + near.radius / 111.195 / 3, near.lon)
        if number % 50 == 0:
            spot = (near.lat, near.lon)
        if number % 51:
            found[number] = spot
    return found


def spread(connection: Connection, near: Circle) -> None:
    """Many offers, three of four tagged, at their spots."""
    add_entities(connection, "offer", MANY)
    rows = [{"key": no, "lat": lat, "lon": lon} for no, (lat, lon) in spots(near).items()]
    connection.execute(update(entity).where(entity.c.no == bindparam("key")), rows)
    tagged = tagged_ones()
    key = ("offer", "tag", "most")
    write_facets(connection, {key: len(tagged)}, [(key, no, no) for no in tagged])


def tagged_ones() -> list[int]:
    return [number for number in range(1, MANY + 1) if number % 4]


def sorted_by_hand(near: Circle, numbers: Sequence[int]) -> list[int]:
    """Numbers of those in the circle, the nearest first."""
    where = spots(near)
    away = {no: near.distance(*where[no]) for no in numbers if no in where}
    inside = [no for no in away if away[no] <= near.radius]
    return sorted(inside, key=lambda no: (round(away[no], 6), no))


def asked(near: Circle, limit: int = 60, facets: tuple[Choice, ...] = ()) -> Wanted:
    return Wanted(
        kind="offer", limit=limit, sort="distance", filters=Filters(near=near, facets=facets)
    )


@pytest.mark.parametrize("where", CIRCLES)
@pytest.mark.parametrize("facets", [(), MOST], ids=["all", "most"])
async def test_all_pages_there_and_back_are_the_circle_sorted(
    database: Database, where: str, facets: tuple[Choice, ...]
) -> None:
    near = CIRCLES[where]
    database.write_now(spread, near)
    expected = sorted_by_hand(near, tagged_ones() if facets else range(1, MANY + 1))
    wanted = asked(near, 60, facets)
    async with open_pages(database) as pages:
        found = await leafed(pages, wanted)
    there = -(-len(expected) // wanted.limit)
    assert [no for page in found[:there] for no in page.changes] == expected
    back = found[there:]
    assert [no for page in reversed(back) for no in page.changes] == (
        expected[: (there - 1) * wanted.limit]
    )


async def test_a_first_page_reads_a_part_of_the_circle(database: Database) -> None:
    database.write_now(spread, HALLE)
    async with open_pages(database) as pages:
        opened = await open_list(pages, asked(HALLE, 20))
        recorder = Recorder(pages)
        page = await read_page(recorder, opened, bodies=True)
    assert opened.plan.rings
    squares = [values["area_0_square"] for _, values in recorder.run]
    assert squares == sorted(squares)
    assert squares[-1] < opened.values["area_0_square"] / 4
    assert page.distances == tuple(sorted(page.distances or ()))


async def test_where_few_pass_the_whole_circle_is_read_soon(database: Database) -> None:
    database.write_now(spread, HALLE)
    lat = HALLE.lat + HALLE.radius / 111.195 / 3
    spot = Box(west=HALLE.lon - 1e-6, south=lat - 1e-6, east=HALLE.lon + 1e-6, north=lat + 1e-6)
    wanted = replace(asked(HALLE, 400), filters=Filters(near=HALLE, within=(spot,)))
    async with open_pages(database) as pages:
        opened = await open_list(pages, wanted)
        assert opened.plan.rings
        recorder = Recorder(pages)
        page = await read_page(recorder, opened, bodies=True)
    where = spots(HALLE)
    there = [no for no in where if no % 5 == 0 and no % 50]
    assert list(page.changes) == sorted(there)
    squares = [values["area_0_square"] for _, values in recorder.run]
    assert squares.count(opened.values["area_0_square"]) == 1
    assert len(squares) <= 4


async def test_rings_are_found_by_place_and_nothing_is_scanned(database: Database) -> None:
    database.write_now(spread, HALLE)
    async with open_pages(database) as pages:
        recorder = Recorder(pages)
        for facets in ((), MOST):
            first = await read(recorder, asked(HALLE, 20, facets))
            await read(recorder, replace(asked(HALLE, 20, facets), position=first.last))
    rings = [(shape, values) for shape, values in recorder.run if "rows" in values]
    assert len(rings) >= 4
    for shape, values in rings:
        told = database.read_now(plan, shape, values)
        assert not scanned(told), told
        assert "ix_entity_kind_state_lat_lon" in told, told


def test_a_facet_that_leaves_less_than_rings_would_meet_comes_first() -> None:
    whole = 1_000_000
    few, many = (Known(kind=whole, choices=(n,), area=None) for n in (2_000, 200_000))
    assert not by_distance(Plan("facet", 2_000, 0), few, 50).rings
    assert by_distance(Plan("facet", 200_000, 0), many, 50).rings
    assert by_distance(Plan("walk", whole), Known(kind=whole), 50) == Plan(
        "area", whole, rings=True
    )
    assert not by_distance(Plan("facet", 900, 0), few, 50).rings
