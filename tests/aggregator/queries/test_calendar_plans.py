"""Calendars go by the index of changes: no read of them scans a table, and none is sorted."""

from sqlalchemy import Connection

from aggregator.queries import Database
from aggregator.queries.calendar import _entries_shape, _one_shape, _outline_shape
from aggregator.store.pages import Shape
from tests.aggregator.queries.test_agenda_plans import ALONE
from tests.aggregator.queries.test_plans import DEAR, SORT, VALUES, plan, scanned
from tests.api.programme import evening, put_all
from tests.conftest import database_setting

__all__ = ["database_setting"]

PATTERNS = [(), ("window",), *((name,) for name in ALONE), ("window", *ALONE)]
OUTLINES = {f"outline {pattern}": _outline_shape(pattern) for pattern in PATTERNS}
ENTRIES = {f"entries {pattern}": _entries_shape(pattern) for pattern in PATTERNS}
VALUES |= {"first": 1, "language": "de"}


def plans(connection: Connection, shapes: dict[str, Shape]) -> dict[str, str]:
    return {name: plan(connection, shape, (*DEAR, "sort")) for name, shape in shapes.items()}


def test_no_read_of_a_calendar_scans_a_table(database: Database) -> None:
    database.write_now(put_all, [evening(n) for n in range(60)])
    found = database.read_now(plans, {**OUTLINES, **ENTRIES, "one": _one_shape()})
    assert {name: said for name, said in found.items() if scanned(said)} == {}


def test_no_outline_is_sorted(database: Database) -> None:
    database.write_now(put_all, [evening(n) for n in range(60)])
    found = database.read_now(plans, OUTLINES)
    assert {name: said for name, said in found.items() if SORT.search(said)} == {}
