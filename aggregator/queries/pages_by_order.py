"""Statements of pages that go by change, title or distance. Builds statements, reads nothing.

A page is cut from its candidates before anything else of it is looked up. Rows may come in any
order within a page: who reads them sorts.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Float,
    FromClause,
    Select,
    Text,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy import tuple_ as ordered

from aggregator.queries.candidates import (
    Chosen,
    Cut,
    Form,
    Order,
    candidates,
    of_kind_by_title,
)
from aggregator.queries.narrowing import conditions, squared
from aggregator.queries.planning import COUNTED
from aggregator.store.pages import Shape
from aggregator.store.tables import document, entity

KEPT_SHAPES: Final = 512
"""Statements that are kept of each sort; whoever asks for ever new ones pays for making them."""
ROWS: Final = bindparam("rows", type_=BigInteger)
CHANGE: Final = bindparam("at_change", type_=BigInteger)
NO: Final = bindparam("at_no", type_=BigInteger)
DISTANCE: Final = 0
"""The area that distances are measured in."""


@lru_cache(maxsize=KEPT_SHAPES)
def by_change(form: Form, *, bodies: bool) -> Shape:
    """Rows of `change`, and with bodies `json` and the place."""

    def cut(rows: Select[Any], order: Order) -> Select[Any]:
        return sought(rows, form, order, (CHANGE,), newest=True)

    return _page(in_order(form, cut).subquery("page"), form, ("change",), bodies=bodies)


def in_order(form: Form, cut: Cut) -> Chosen:
    """Candidates, cut by their change: in order where they lie in it, else all of them sorted."""
    found = candidates(form, cut)
    lies = form.begin == "walk" or (form.begin == "facet" and not _several(form))
    if lies:
        return found
    rows = found.subquery("found")
    return cut(select(rows.c.change, rows.c.no), (dull(rows.c.change),))


@lru_cache(maxsize=KEPT_SHAPES)
def by_title(form: Form, *, bodies: bool) -> Shape:
    """Rows of `change`, and with bodies `json`, the place, `title` and `no`."""
    at = (bindparam("at_title", type_=Text), NO)
    if form.begin == "walk":
        passing = conditions(form.pattern, entity.c.no, entity.c.change)
        columns = (entity.c.change, entity.c.no, entity.c.sort_title.label("title"))
        rows = select(*columns).where(*of_kind_by_title(form), *passing)
        found = sought(rows, form, (entity.c.sort_title, entity.c.no), at)
    else:
        found = _sorted(form, entity.c.sort_title.label("title"), at)
    return _page(found.subquery("page"), form, ("change", "title", "no"), bodies=bodies)


@lru_cache(maxsize=KEPT_SHAPES)
def by_distance(form: Form, *, bodies: bool) -> Shape:
    """Rows of `change`, and with bodies `json`, the place, `square` and `no`."""
    at = (bindparam("at_square", type_=Float), NO)
    found = _sorted(form, squared(DISTANCE, entity).label("square"), at)
    return _page(found.subquery("page"), form, ("change", "square", "no"), bodies=bodies)


@lru_cache(maxsize=KEPT_SHAPES)
def counted(form: Form) -> Shape:
    """How many candidates there are, at most one more than `COUNTED`."""
    few = candidates(form).subquery("found")
    one: ColumnElement[int] = literal_column("1", BigInteger)
    rows = select(one.label("one")).select_from(few).limit(COUNTED + 1)
    return Shape(select(func.count()).select_from(rows.subquery("counted")))


def _several(form: Form) -> bool:
    return form.choice is not None and form.pattern.choices[form.choice] > 1


def _sorted(form: Form, column: ColumnElement[Any], at: Sequence[Any]) -> Select[Any]:
    """All candidates by a value of their entity."""
    rows = candidates(form).subquery("found")
    value = select(column).where(entity.c.no == rows.c.no).correlate(rows).scalar_subquery()
    valued = select(rows.c.change, rows.c.no, value.label(column.key)).subquery("valued")
    order = (valued.c[str(column.key)], valued.c.no)
    return sought(select(*valued.c), form, order, at)


def sought(
    rows: Select[Any],
    form: Form,
    order: Order,
    at: Sequence[ColumnElement[Any]],
    *,
    newest: bool = False,
) -> Select[Any]:
    """Rows in an order, beyond the position `at` of its last columns, as many as a page has.
    `newest`: the order is the other way round."""
    falling = newest != (form.seek == "back")
    if form.seek:
        sorted_by = order[-len(at) :]
        here, there = sorted_by[0], at[0]
        if len(at) > 1:
            here, there = ordered(*sorted_by), ordered(*at)
        rows = rows.where(here < there if falling else here > there)
    return rows.order_by(*[each.desc() if falling else each for each in order]).limit(ROWS)


def dull(column: ColumnElement[int]) -> ColumnElement[int]:
    """A number as it is, of which no index is looked up: what few rows are sorted by."""
    return column + literal_column("0", BigInteger)


def _page(rows: FromClause, form: Form, columns: Sequence[str], *, bodies: bool) -> Shape:
    found = looked_up(rows, form) if bodies else []
    return Shape(select(*[rows.c[name] for name in columns], *found))


def looked_up(rows: FromClause, form: Form) -> list[ColumnElement[Any]]:
    """What is looked up for each row that has a `no`: `json`, and the place where one is asked
    for."""
    found = [_of(rows, document.c.json, document.c.entity_no)]
    if form.pattern.areas:
        found += [_of(rows, column, entity.c.no) for column in (entity.c.lat, entity.c.lon)]
    return found


def _of(rows: FromClause, column: Column[Any], key: Column[int]) -> ColumnElement[Any]:
    found = select(column).where(key == rows.c.no).correlate(rows)
    return found.scalar_subquery().label(column.name)
