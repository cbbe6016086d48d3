"""Pages of what takes place, by start: entities at their first occurrence in a window, or every
occurrence. Reads only; the occurrences' documents are made in `occurrences`.

Where there are many, both start from the table of occurrences, which is kept in that order, and
need not go far; where there are few, from the entities. A position is a start and the entity's
number, which stays when the entity changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy import tuple_ as ordered
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from aggregator.queries.entities import (
    COUNTED,
    LIVE,
    Moment,
    Page,
    Total,
    Wanted,
    cut,
    distances,
    place_columns,
    seek_of,
    total_of,
    values_for,
    whole,
)
from aggregator.queries.filters import (
    AFTER,
    BEFORE,
    Pattern,
    having_status,
    near_window,
    of_entity,
    taking_place,
)
from aggregator.queries.occurrences import COLUMNS, occurrence_of, when_of
from aggregator.store.pages import Pages, Row, Shape
from aggregator.store.tables import document, entity, occurrence

FIXED = ("change", "starts", "entity_no", "recurrence_id")
"""What every row begins with; document and occurrence follow."""


class Aside(FunctionElement[str]):
    """A text column as it is, of which SQLite looks up no index: its planner, without statistics,
    would begin with all live entities and sort, though the occurrences lie in order."""

    inherit_cache = True
    type = Text()


@compiles(Aside)
def _as_it_is(aside: Aside, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(aside.clauses, **options)


@compiles(Aside, "sqlite")
def _without_index(aside: Aside, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{_as_it_is(aside, compiler, **options)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a statement depends on. `each`: every occurrence, else one row an entity; `few`: begin
    with the entities, which are few, and sort; `seek` as `seek_of` says it."""

    each: bool
    few: bool
    since: bool
    pattern: Pattern
    seek: str = ""
    bodies: bool = False


@cache
def _page_shape(form: Form) -> Shape:
    columns = (entity.c.change, *(occurrence.c[name] for name in FIXED[1:]))
    chosen = _joined(select(*columns), form)
    if form.bodies:
        said = COLUMNS if form.each else ()
        chosen = chosen.add_columns(document.c.json, *said, *place_columns(form.pattern))
        chosen = chosen.outerjoin(document, document.c.entity_no == occurrence.c.entity_no)
    order, back = _order(form), form.seek == "back"
    if form.seek:
        there = ordered(*(bindparam(f"at_{column.name}", type_=column.type) for column in order))
        chosen = chosen.where(ordered(*order) < there if back else ordered(*order) > there)
    chosen = chosen.order_by(*(column.desc() if back else column for column in order))
    return Shape(chosen.limit(bindparam("rows", type_=BigInteger)))


@cache
def _total_shape(form: Form) -> Shape:
    chosen = _joined(select(occurrence.c.entity_no), form)
    return Shape(select(func.count()).select_from(chosen.limit(COUNTED + 1).subquery()))


def _joined(chosen: Select[Any], form: Form) -> Select[Any]:
    found = chosen.join_from(occurrence, entity, entity.c.no == occurrence.c.entity_no).where(
        *taking_place(occurrence, form.pattern), *_live(form), *of_entity(form.pattern)
    )
    if form.each:
        return found
    first = occurrence.c.recurrence_id == _first_of_entity(form.pattern)
    return found.where(first if form.few else _is_first(form.pattern))


def _live(form: Form) -> list[ColumnElement[bool]]:
    kind, state = entity.c.kind, entity.c.state
    if form.few:
        found = [kind == bindparam("kind"), state == LIVE, *near_window()]
    else:
        found = [Aside(kind) == bindparam("kind"), Aside(state) == LIVE]
    return [*found, entity.c.modified >= bindparam("since")] if form.since else found


def _is_first(pattern: Pattern) -> ColumnElement[bool]:
    """No occurrence of the same entity that is asked for comes before it."""
    other, this = occurrence.alias("other"), occurrence
    earlier = or_(other.c.starts < this.c.starts, other.c.recurrence_id < this.c.recurrence_id)
    same = (
        other.c.entity_no == this.c.entity_no,
        other.c.starts <= this.c.starts,
        earlier,
        *having_status(other, pattern),
    )
    begun_in_it = exists().where(*same, other.c.starts >= AFTER)  # soon found, so asked first
    going_on = exists().where(*same, other.c.starts < AFTER, other.c.ends > AFTER)
    return and_(~begun_in_it, ~going_on)


def _first_of_entity(pattern: Pattern) -> ColumnElement[str]:
    """The first occurrence of an entity that is asked for: one that goes on, else the next."""
    row = occurrence.alias("row")
    own = (
        select(row.c.recurrence_id)
        .where(row.c.entity_no == entity.c.no, *having_status(row, pattern))
        .order_by(row.c.starts, row.c.recurrence_id)
        .limit(1)
        .correlate(entity)
    )
    going_on = own.where(row.c.starts < BEFORE, row.c.starts < AFTER, row.c.ends > AFTER)
    coming_up = own.where(row.c.starts < BEFORE, row.c.starts >= AFTER)
    return func.coalesce(going_on.scalar_subquery(), coming_up.scalar_subquery())


def _order(form: Form) -> list[ColumnElement[Any]]:
    names = FIXED[1:] if form.each else FIXED[1:3]
    return [occurrence.c[name] for name in names]


async def read_events(pages: Pages, wanted: Wanted, *, bodies: bool) -> Page:
    """A page of entities by their first occurrence in the window, which must be there."""
    return await _read(pages, wanted, bodies=bodies, each=False)


async def read_occurrences(pages: Pages, wanted: Wanted, *, bodies: bool) -> Page:
    """A page of occurrences in the window, which must be there. Parses documents: slow."""
    return await _read(pages, wanted, bodies=bodies, each=True)


async def count_occurrences(pages: Pages, wanted: Wanted) -> Total:
    """How many occurrences the window has, counted no further than `COUNTED`."""
    form = Form(each=True, few=True, since=wanted.since is not None, pattern=wanted.filters.pattern)
    ((n,),) = await pages.rows(_total_shape(form), values_for(wanted))
    return total_of(n)


async def _read(pages: Pages, wanted: Wanted, *, bodies: bool, each: bool) -> Page:
    shape = _page_shape(
        Form(
            each=each,
            few=wanted.few,
            since=wanted.since is not None,
            pattern=wanted.filters.pattern,
            seek=seek_of(wanted),
            bodies=bodies,
        )
    )
    values = {**values_for(wanted), **_values_at(wanted), "rows": wanted.limit + 1}
    rows = await pages.rows(shape, values)
    more = cut(rows, wanted)
    changes = tuple([row[0] for row in rows])
    if not bodies:
        return Page(changes=changes, more=more)
    documents = whole([row[len(FIXED)] for row in rows])
    return Page(
        changes=changes,
        more=more,
        bodies=_shown(pages, shape, rows) if each else documents,
        first=_moment(pages, shape, rows[:1], each=each),
        last=_moment(pages, shape, rows[-1:], each=each),
        distances=distances(rows, wanted.filters),
    )


def coming(connection: Connection, wanted: Wanted) -> tuple[Mapping[str, Any], ...]:
    """The first occurrences in the window, their documents parsed; for pages."""
    pattern = wanted.filters.pattern
    shape = _page_shape(Form(each=True, few=False, since=False, pattern=pattern, bodies=True))
    rows = connection.execute(shape.select, {**values_for(wanted), "rows": wanted.limit})
    after = len(FIXED) - 1
    return tuple(orjson.loads(_occurrence(*row[after : after + 2 + len(COLUMNS)])) for row in rows)


def _values_at(wanted: Wanted) -> dict[str, Any]:
    at = wanted.position
    if not isinstance(at, Moment):
        return {}
    return {"at_starts": at.starts, "at_entity_no": at.no, "at_recurrence_id": at.recurrence_id}


def _shown(pages: Pages, shape: Shape, rows: list[Row]) -> tuple[bytes, ...]:
    start, end = len(FIXED) - 1, len(FIXED) + 1 + len(COLUMNS)
    typed = [pages.typed(shape, row)[start:end] for row in rows]
    return tuple([_occurrence(*row) for row in typed])


def _occurrence(recurrence_id: str, body: bytes, *columns: Any) -> bytes:
    start, end, zone, all_day = columns
    return occurrence_of(body, recurrence_id, when_of(start, end, zone, all_day=all_day))


def _moment(pages: Pages, shape: Shape, rows: list[Row], *, each: bool) -> Moment | None:
    for row in rows:
        _change, starts, no, recurrence_id, *_ = pages.typed(shape, row)
        return Moment(starts=starts, no=no, recurrence_id=recurrence_id if each else None)
    return None
