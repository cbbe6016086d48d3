"""What takes place is found by its start: no read begins with the events, scans or sorts."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import Connection, text

from aggregator.queries import Database
from aggregator.queries.agenda import Form, _page_shape, _total_shape
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


def by_start(*, few: bool) -> dict[str, Shape]:
    """Every page by start."""
    forms = [
        Form(each=each, few=few, since=False, pattern=pattern, seek=seek, bodies=bodies)
        for pattern, each, seek, bodies in product(PATTERNS, TRUTH, SEEKS, TRUTH)
    ]
    return {str(form): _page_shape(form) for form in forms}


MANY = by_start(few=False)
FEW = by_start(few=True)
TOTALS = {
    str(pattern): _total_shape(Form(each=True, few=True, since=False, pattern=pattern))
    for pattern in PATTERNS
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
    assert calendar.read_now(unplanned, MANY | TOTALS) == {}
    assert calendar.read_now(unplanned, BY_CHANGE) == {}


def test_few_events_are_sorted_but_no_table_is_scanned(calendar: Database) -> None:
    def all_scanned(connection: Connection) -> set[str]:
        return {name for shape in FEW.values() for name in scanned(plan(connection, shape))}

    assert calendar.read_now(all_scanned) == set()


def test_without_its_index_a_window_is_seen_to_scan_or_sort(calendar: Database) -> None:
    def unplanned_without(connection: Connection) -> dict[str, str]:
        with connection.begin_nested() as dropped:
            connection.execute(text("DROP INDEX ix_occurrence_starts_entity_no_ends"))
            found = unplanned(connection, MANY)
            dropped.rollback()
        return found

    assert calendar.write_now(unplanned_without)
