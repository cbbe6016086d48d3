"""What takes place is found by its start: no read begins with the events, scans or sorts."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import Connection, text

from aggregator.queries import Database
from aggregator.queries.agenda import _page_shape, _total_shape
from aggregator.queries.entities import _page_shape as _by_change
from aggregator.store.pages import Shape
from tests.aggregator.queries.test_plans import DEAR, SORT, plan, scanned
from tests.api.seeding import NOW, add_event, add_record
from tests.conftest import database_setting

__all__ = ["database_setting"]
"""A database of its own, as for the other plans."""

TRUTH = (False, True)
ALONE = ("status", "near", "box", "box_across", "category", "unmapped", "source", "word_0")
PATTERNS = [("window",), *(("window", name) for name in ALONE), ("window", *ALONE)]
SEEKS = ("", "on", "back")
BY_START = {
    f"{pattern} {each=} {seek=} {bodies=}": _page_shape(
        each=each, since=False, seek=seek, bodies=bodies, pattern=pattern
    )
    for pattern, each, seek, bodies in product(PATTERNS, TRUTH, SEEKS, TRUTH)
} | {
    f"{pattern} {each=} total": _total_shape(each=each, since=False, pattern=pattern)
    for pattern, each in product(PATTERNS, TRUTH)
}
BY_CHANGE = {
    f"{name} {seek=}": _by_change(since=False, seek=seek, bodies=True, pattern=(name,))
    for name, seek in product(("window", *ALONE), SEEKS)
}


@pytest.fixture
def calendar(database: Database) -> Database:
    """Sixty events, most of them recurring."""
    day = timedelta(days=1)
    for number in range(1, 61):
        spans = [(NOW + n * day, NOW + n * day) for n in range(-5, number % 7)]
        database.write_now(add_event, number, *spans, terms=("topics:energy",))
        database.write_now(add_record, number, kind="event")
    return database


def unplanned(connection: Connection, shapes: dict[str, Shape]) -> dict[str, str]:
    """Shapes whose plan scans or sorts a table → the plan."""
    plans = {name: plan(connection, shape, (*DEAR, "sort")) for name, shape in shapes.items()}
    return {name: said for name, said in plans.items() if scanned(said) or SORT.search(said)}


def test_no_window_and_no_filter_scans_or_sorts_a_table(calendar: Database) -> None:
    assert calendar.read_now(unplanned, BY_START) == {}
    assert calendar.read_now(unplanned, BY_CHANGE) == {}


def test_without_its_index_a_window_is_seen_to_scan_or_sort(calendar: Database) -> None:
    def unplanned_without(connection: Connection) -> dict[str, str]:
        with connection.begin_nested() as dropped:
            connection.execute(text("DROP INDEX ix_occurrence_starts_entity_no"))
            found = unplanned(connection, BY_START)
            dropped.rollback()
        return found

    assert calendar.write_now(unplanned_without)
