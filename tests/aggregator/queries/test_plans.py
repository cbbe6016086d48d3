"""Every hot read goes by an index: the database's own plan says so."""

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from aggregator.queries import Database
from aggregator.queries.changes import COUNTING, PREVIOUS, _shape
from aggregator.queries.entities import ONE, _page_shape, _total_shape
from aggregator.queries.feed import FEED
from aggregator.store.pages import Shape, Statement
from tests.api.seeding import NOW, add_entities, identity
from tests.conftest import database_setting

__all__ = ["database_setting"]
"""A database of its own: plans follow the statistics that other tests leave behind."""

TRUTH = (False, True)
SHAPES = {
    **{
        f"page {seek} {since=} {bodies=}": _page_shape(since=since, seek=seek, bodies=bodies)
        for since, seek, bodies in product(TRUTH, ("", "on", "back"), TRUTH)
    },
    **{f"total {since=}": _total_shape(since=since) for since in TRUTH},
    **{f"changes {bodies=}": _shape(bodies=bodies) for bodies in TRUTH},
    "one": ONE,
    "feed": FEED,
    "counting": COUNTING,
    "previous ids": PREVIOUS,
}
SIDES = ("west", "south", "east", "north")
VALUES: dict[str, Any] = {
    "kind": "offer",
    "since": NOW,
    "change": 9,
    "modified": NOW,
    "rows": 51,
    "after": 9,
    "last": 99,
    "id": identity("offer", 1),
    "window_after": NOW,
    "window_before": NOW,
    "at_starts": NOW,
    "at_entity_no": 9,
    "at_recurrence_id": "2026-11-21",
    "word_0": "%",
    **dict.fromkeys(("status", "category", "source"), "x"),
    **{f"near_{name}": 1.0 for name in ("lat", "lon", "shrink", "square")},
    **{f"{name}_{side}": 1.0 for name, side in product(("near", "box"), SIDES)},
}
ONE_ROW = "feed"
DEAR = ("seqscan", "bitmapscan")
SCAN = re.compile(r"SCAN (?!CONSTANT|anon_|\(sub)(\w+)|Seq Scan on (\w+)")
SORT = re.compile(r"TEMP B-TREE FOR (?:ORDER|GROUP|DISTINCT)|^\s*->\s+Sort\b", re.MULTILINE)


def plan(connection: Connection, shape: Shape, avoided: tuple[str, ...] = DEAR) -> str:
    """What the database would do, one step a line. PostgreSQL would rather scan and sort tables
    as small as these, so it is told not to: what it scans then, no index serves."""
    statement = Statement(shape.select, connection.dialect)
    bound = statement.bound(VALUES)
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        values = [bound[name] for name in statement.order]
        cursor.execute(f"EXPLAIN QUERY PLAN {statement.text}", values)
    else:
        for way in avoided:
            connection.execute(text(f"SET LOCAL enable_{way} = off"))
        cursor.execute(f"EXPLAIN {statement.text}", bound)
    return "\n".join(str(row[-1]) for row in cursor.fetchall())


def scanned(said: str) -> set[str]:
    """A plan → the tables it reads from end to end."""
    return {name for hit in SCAN.finditer(said) for name in hit.groups() if name}


def test_no_hot_read_scans_or_sorts_a_table(database: Database) -> None:
    database.write_now(add_entities, "offer", 200)
    for name, shape in SHAPES.items():
        said = database.read_now(plan, shape)
        assert scanned(said) <= {ONE_ROW}, f"{name}:\n{said}"
        assert not SORT.search(said), f"{name}:\n{said}"


def test_a_page_without_bodies_reads_the_index_alone(database: Database) -> None:
    for seek in ("", "on", "back"):
        said = database.read_now(plan, SHAPES[f"page {seek} since=False bodies=False"])
        assert re.search("COVERING INDEX|Index Only Scan", said), said


def test_counting_up_reads_the_index_alone(database: Database) -> None:
    for since in TRUTH:
        said = database.read_now(plan, SHAPES[f"total {since=}"])
        assert re.search("COVERING INDEX|Index Only Scan", said), said


def test_a_page_with_bodies_reads_index_and_documents_alone(sqlite_template: Path) -> None:
    database = Database(f"sqlite:///{sqlite_template}")
    said = database.read_now(plan, SHAPES["page on since=False bodies=True"])
    assert "SEARCH entity USING COVERING INDEX" in said
    database.close()


@pytest.mark.parametrize("index", ["ix_entity_kind_state_change", "ix_entity_kind_state_modified"])
def test_without_its_index_a_list_is_seen_to_scan_or_sort(database: Database, index: str) -> None:
    def plans_without(connection: Connection) -> list[str]:
        with connection.begin_nested() as dropped:
            connection.execute(text(f"DROP INDEX {index}"))
            plans = [plan(connection, shape) for shape in SHAPES.values()]
            dropped.rollback()  # the database serves other tests too
        return plans

    plans = database.write_now(plans_without)
    assert any(scanned(said) - {ONE_ROW} or SORT.search(said) for said in plans)
