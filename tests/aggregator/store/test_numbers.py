"""Many numbers as one parameter: none, one, many, twice the same; and by an index."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, insert, select

from aggregator.store.database import Database
from aggregator.store.numbers import AnyOf
from aggregator.store.pages import Shape
from aggregator.store.tables import facet, search_block
from tests.aggregator.queries.explaining import plan, scanned

SOME = select(facet.c.id).where(AnyOf(facet.c.id, "some")).order_by(facet.c.id)
BITS = Shape(
    select(search_block.c.bits).where(
        AnyOf(search_block.c.block, "blocks"), AnyOf(search_block.c.gram, "grams")
    )
)


def fill(connection: Connection) -> None:
    rows = [{"id": n, "kind": "offer", "name": "tag", "value": str(n), "n": 1} for n in range(9)]
    connection.execute(insert(facet), rows)


def found(connection: Connection, some: Sequence[int]) -> list[int]:
    return list(connection.execute(SOME, {"some": some}).scalars())


@pytest.mark.parametrize("some", [(), (3,), (8, -1, 3, 3), tuple(range(3, 20_000))])
def test_rows_are_found_by_any_of_some_numbers(database: Database, some: Sequence[int]) -> None:
    database.write_now(fill)
    assert database.read_now(found, some) == [n for n in range(9) if n in some]


def test_numbers_beyond_32_bits_are_numbers(database: Database) -> None:
    database.write_now(fill)
    assert database.read_now(found, [2**62, 5]) == [5]


def test_no_table_is_read_from_end_to_end_for_them(database: Database) -> None:
    values = {"blocks": [1, 2], "grams": [3]}
    assert scanned(database.read_now(plan, BITS, values)) == set()
    entries = Shape(SOME)
    assert scanned(database.read_now(plan, entries, {"some": [1]})) == set()
