"""Statements of pages that go by when something takes place: entities at their first occurrence in
a window, or every occurrence. Builds statements, reads nothing.

Where there are many, both begin with the occurrences, which lie in that order, and need not go
far; where a filter leaves few, with the entities. A position is a start and the entity's number,
which stays when the entity changes.
"""

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.sql.elements import KeyedColumnElement

from aggregator.queries.candidates import Form, candidates
from aggregator.queries.filters import Pattern
from aggregator.queries.narrowing import AFTER, BEFORE, Condition, having_status, of_occurrence
from aggregator.queries.occurrences import COLUMNS
from aggregator.queries.pages_by_order import KEPT_SHAPES, NO, ROWS, looked_up, sought
from aggregator.queries.planning import COUNTED
from aggregator.queries.windows import in_window
from aggregator.store.pages import Shape
from aggregator.store.tables import UtcDateTime, entity, occurrence

ONE: Final[ColumnElement[int]] = literal_column("1", BigInteger)
NAMED: Final = ("starts", "no", "recurrence_id")
SAID: Final = tuple(column.name for column in COLUMNS)
AT: Final[tuple[ColumnElement[Any], ...]] = (
    bindparam("at_starts", type_=UtcDateTime),
    NO,
    bindparam("at_recurrence_id", type_=Text),
)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a statement depends on. A form that begins with "walk" begins with the occurrences;
    `each`: every occurrence, else one row an entity."""

    form: Form
    each: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The columns it goes by."""
        return NAMED if self.each else NAMED[:2]

    def columns(self, row: Any) -> list[ColumnElement[Any]]:
        """Those columns of a row of `occurrence`, or of an alias of it."""
        return [row.c.starts, row.c.entity_no, row.c.recurrence_id][: len(self.names)]


@lru_cache(maxsize=KEPT_SHAPES)
def by_start(agenda: Agenda, *, bodies: bool) -> Shape:
    """Rows of `change`, `starts`, `no`, of occurrences also `recurrence_id`; with bodies `json`, of
    occurrences then their `COLUMNS`; and the place."""
    said = SAID if agenda.each and bodies else ()
    if agenda.form.begin == "walk":
        rows = _from_occurrences(agenda, said)
    else:
        rows = _every_one(agenda, said) if agenda.each else _firsts(agenda)
    page = rows.subquery("page")
    change = select(entity.c.change).where(entity.c.no == page.c.no).correlate(page)
    columns: list[ColumnElement[Any]] = [change.scalar_subquery().label("change")]
    columns += [page.c[name] for name in agenda.names]
    if bodies:
        json, *place = looked_up(page, agenda.form)
        columns += [json, *(page.c[name] for name in said), *place]
    return Shape(select(*columns))


@lru_cache(maxsize=KEPT_SHAPES)
def counted_by_start(agenda: Agenda) -> Shape:
    """How many rows there are, at most one more than `COUNTED`."""
    one = ONE.label("one")
    if agenda.form.begin == "walk":
        pattern = agenda.form.pattern

        def branch(row: Any) -> Select[Any]:
            return select(one).select_from(row).where(*_passing(row, agenda)).limit(COUNTED + 1)

        rows = in_window(pattern, branch).subquery("found")
    elif agenda.each:
        rows = _of_candidates(agenda, ()).subquery("found")
    else:
        rows = candidates(agenda.form).subquery("found")
    few = select(one).select_from(rows).limit(COUNTED + 1)
    return Shape(select(func.count()).select_from(few.subquery("counted")))


@cache
def entities_in_window() -> Shape:
    """The entity of each occurrence in the window, of `rows` at most."""

    def branch(row: Any) -> Select[Any]:
        return select(row.c.entity_no.label("no")).limit(ROWS)

    rows = in_window(Pattern(), branch).subquery("found")
    return Shape(select(rows.c.no).limit(ROWS))


@cache
def counted_in_window() -> Shape:
    """How many occurrences the window has, at most `rows`."""
    one = ONE.label("one")

    def branch(row: Any) -> Select[Any]:
        return select(one).select_from(row).limit(ROWS)

    rows = in_window(Pattern(), branch).subquery("found")
    few = select(one).select_from(rows).limit(ROWS)
    return Shape(select(func.count()).select_from(few.subquery("counted")))


def _passing(row: Any, agenda: Agenda) -> list[Condition]:
    """What is asked of an occurrence in the window. Whether it is the first is asked of those
    alone that pass: a database may else begin with the question that it takes for the cheaper."""
    form = agenda.form
    asked = of_occurrence(form.pattern, row.c.entity_no, newer=form.since)
    if agenda.each:
        return asked
    first = _is_first(row, form.pattern)
    return [case((and_(*asked), first), else_=false())] if asked else [first]


def _from_occurrences(agenda: Agenda, said: tuple[str, ...]) -> Select[Any]:
    def branch(row: Any) -> Select[Any]:
        order = agenda.columns(row)
        named = [column.label(name) for column, name in zip(order, agenda.names, strict=True)]
        rows = select(*named, *(row.c[name] for name in said)).where(*_passing(row, agenda))
        return sought(rows, agenda.form, order, AT[: len(order)])

    return _sought(select(in_window(agenda.form.pattern, branch).subquery("found")), agenda)


def _sought(rows: Select[Any], agenda: Agenda) -> Select[Any]:
    (found,) = rows.get_final_froms()
    order = [found.c[name] for name in agenda.names]
    return sought(rows, agenda.form, order, AT[: len(order)])


def _of_candidates(agenda: Agenda, said: tuple[str, ...]) -> Select[Any]:
    """Every occurrence in the window of entities that are few."""
    asked = replace(agenda.form, pattern=agenda.form.pattern.of_any_time)
    found = candidates(asked).subquery("few")
    row, pattern = occurrence, agenda.form.pattern
    named = [c.label(name) for c, name in zip(agenda.columns(row), agenda.names, strict=True)]
    over = or_(row.c.ends > AFTER, row.c.starts >= AFTER)
    rows = select(*named, *(row.c[name] for name in said))
    rows = rows.join_from(found, row, row.c.entity_no == found.c.no)
    return rows.where(row.c.starts < BEFORE, over, *having_status(row, pattern))


def _every_one(agenda: Agenda, said: tuple[str, ...]) -> Select[Any]:
    return _sought(select(_of_candidates(agenda, said).subquery("found")), agenda)


def _firsts(agenda: Agenda) -> Select[Any]:
    """Entities that are few, each at its first occurrence in the window."""
    asked = replace(agenda.form, pattern=agenda.form.pattern.of_any_time)
    found = candidates(asked).subquery("few")
    starts = _first_start(found.c.no, agenda.form.pattern).label("starts")
    rows = select(select(starts, found.c.no).subquery("found"))
    (placed,) = rows.get_final_froms()
    return _sought(rows.where(placed.c.starts.is_not(None)), agenda)


def _is_first(this: Any, pattern: Pattern) -> Condition:
    """No occurrence of the same entity that is asked for comes before it."""
    return and_(*[_no_other(this, pattern, begun=begun) for begun in (True, False)])


def _no_other(this: Any, pattern: Pattern, *, begun: bool) -> Condition:
    other = occurrence.alias("earlier" if begun else "going_on_then")
    sooner = or_(other.c.starts < this.c.starts, other.c.recurrence_id < this.c.recurrence_id)
    when = (other.c.starts >= AFTER,) if begun else (other.c.starts < AFTER, other.c.ends > AFTER)
    found = select(other.c.entity_no).where(
        other.c.entity_no == this.c.entity_no,
        other.c.starts <= this.c.starts,
        sooner,
        *when,
        *having_status(other, pattern),
    )
    return found.limit(1).correlate(this).scalar_subquery().is_(None)


def _first_start(no: KeyedColumnElement[int], pattern: Pattern) -> ColumnElement[Any]:
    """When the first occurrence of an entity that is asked for starts: of one that goes on, else
    of the next."""
    row = occurrence.alias("row")
    own = select(row.c.starts).where(row.c.entity_no == no, *having_status(row, pattern))
    own = own.where(row.c.starts < BEFORE).order_by(row.c.starts).limit(1).correlate(no.table)
    going_on = own.where(row.c.starts < AFTER, row.c.ends > AFTER).scalar_subquery()
    return func.coalesce(going_on, own.where(row.c.starts >= AFTER).scalar_subquery())
