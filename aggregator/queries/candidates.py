"""The live entities that pass filters, as rows of change number and number, from where a plan
begins with them. Builds statements, reads nothing.

What leads to the rows is one table's index; everything else is asked of each row (`narrowing`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    Text,
    bindparam,
    literal_column,
    select,
    union,
)

from aggregator.queries.filters import Pattern
from aggregator.queries.narrowing import conditions, gathered, inside, since
from aggregator.queries.planning import Begin
from aggregator.queries.wanted import LIVE
from aggregator.queries.windows import in_window
from aggregator.store.kinds import OfKind
from aggregator.store.numbers import AnyOf
from aggregator.store.tables import entity, facet_entry, search_entry

Chosen = Select[Any] | CompoundSelect[Any]
Order = Sequence[ColumnElement[Any]]
Cut = Callable[[Select[Any], Order], Select[Any]]
"""What brings rows into the order of change, and cuts them; the order's last column is the change,
those before it are the same for all rows."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a statement depends on. `seek`: "", "on" or "back", as in `Wanted`."""

    pattern: Pattern
    begin: Begin = "walk"
    choice: int | None = None
    since: bool = False
    seek: str = ""


def as_it_is(rows: Select[Any], _order: Order) -> Select[Any]:
    """No order."""
    return rows


def candidates(form: Form, cut: Cut = as_it_is) -> Chosen:
    """Rows of `change` and `no`."""
    if form.begin == "facet" and form.choice is not None:
        return _with_facet(form, form.choice, cut)
    if form.begin == "area":
        return _in_area(form)
    if form.begin == "window":
        return _in_window(form)
    if form.begin == "words":
        return _with_words(form)
    return cut(_walked(form), (entity.c.kind, entity.c.change))


def of_kind(form: Form) -> list[ColumnElement[bool]]:
    """Conditions on `entity`: live ones of the kind, changed since then. Who sorts by change, sorts
    by kind first."""
    kind = OfKind(entity.c.kind, bindparam("kind", type_=Text))
    return [kind, entity.c.state == LIVE, *_since(form, entity.c.change)]


def of_kind_by_title(form: Form) -> list[ColumnElement[bool]]:
    """The same, in a form that leads no database away from the order of titles."""
    live = [entity.c.kind == bindparam("kind"), entity.c.state == LIVE]
    return [*live, *_since(form, entity.c.change + literal_column("0", BigInteger))]


def _since(form: Form, change: ColumnElement[int]) -> list[ColumnElement[bool]]:
    return [since(change)] if form.since else []


def _walked(form: Form) -> Select[Any]:
    passing = conditions(form.pattern, entity.c.no, entity.c.change)
    return select(entity.c.change, entity.c.no).where(*of_kind(form), *passing)


def _with_facet(form: Form, choice: int, cut: Cut) -> Chosen:
    count = form.pattern.choices[choice]
    branches = [_with_value(form, choice, at, cut) for at in range(count)]
    if count == 1:
        return branches[0]
    parts = [branch.subquery(f"of_{at}") for at, branch in enumerate(branches)]
    return union(*[select(part.c.change, part.c.no) for part in parts])


def _with_value(form: Form, choice: int, at: int, cut: Cut) -> Select[Any]:
    row = facet_entry.alias(f"led_{at}")
    number = bindparam(f"facet_{choice}_{at}", type_=BigInteger)
    passing = conditions(form.pattern, row.c.entity_no, row.c.change, known=choice)
    rows = select(row.c.change, row.c.entity_no.label("no")).where(row.c.facet == number, *passing)
    return cut(rows.where(*_since(form, row.c.change)), (row.c.change,))


def _in_area(form: Form) -> Select[Any]:
    """Those in the first area. What is asked further is asked of few."""
    alone = form.pattern == Pattern(areas=form.pattern.areas[:1])
    passing = [] if alone else conditions(form.pattern, entity.c.no, entity.c.change)
    here = inside(0, form.pattern.areas[0], entity)
    return select(entity.c.change, entity.c.no).where(*of_kind(form), here, *passing)


def _in_window(form: Form) -> Select[Any]:
    """Those with an occurrence in the window, each once; where a choice is named, only those that
    have any of its facets, which are gathered before."""
    rows = in_window(form.pattern, lambda row: select(row.c.entity_no.label("no")))
    there = rows.subquery("rows")
    once = select(there.c.no).distinct()
    if form.choice is not None:
        once = once.where(there.c.no.in_(gathered(form.choice, form.pattern)))
    return _passing(once.subquery("there"), form.pattern.of_any_time, form, known=form.choice)


def _with_words(form: Form) -> Select[Any]:
    """Those few that have the words, as far as they are still live."""
    no = search_entry.c.entity_no
    led = select(no.label("no")).where(AnyOf(no, "hits")).subquery("led")
    return _passing(led, replace(form.pattern, hits=False), form)


def _passing(rows: FromClause, left: Pattern, form: Form, known: int | None = None) -> Select[Any]:
    """Rows of `no` that pass what is left to ask; `known` as `conditions` has it."""
    change = select(entity.c.change).where(entity.c.no == rows.c.no).correlate(rows)
    found = select(change.scalar_subquery().label("change"), rows.c.no).subquery("found")
    passing = conditions(left, found.c.no, found.c.change, known=known)
    chosen = select(found.c.change, found.c.no).where(*passing)
    return chosen.where(*_since(form, found.c.change))
