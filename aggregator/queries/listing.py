"""Lists of live entities: what is known of one, and its pages. Never parses a body and never reads
one before it must.

A list is opened once, which finds its plan and its total, and then read: without bodies to judge a
client's copy by, with bodies to show it. How to ask stands in `filters`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import bindparam, select

from aggregator.queries.agenda import (
    Agenda,
    counted_by_start,
    counted_in_window,
    entities_in_window,
)
from aggregator.queries.candidates import Form
from aggregator.queries.facets import ALL, Kept, kept
from aggregator.queries.filters import EVERYTHING, WITHHELD, Filters, Pattern, values_of
from aggregator.queries.nearest import read_nearest
from aggregator.queries.occurrences import Walls, occurring
from aggregator.queries.ordering import order_of
from aggregator.queries.pages_by_order import counted
from aggregator.queries.planning import (
    COUNTED,
    WIDE,
    Known,
    Plan,
    by_distance,
    counting_plan_of,
    plan_of,
)
from aggregator.queries.ranking import read_ranked, whole
from aggregator.queries.wanted import LIVE, NOTHING, Page, Total, Wanted, Where, total_of
from aggregator.store.pages import Pages, Row, Shape
from aggregator.store.tables import UtcDateTime, entity, feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A list that was opened. `form`: what its statements depend on; `values`: what their
    parameters are."""

    wanted: Wanted
    plan: Plan
    form: Form
    total: Total
    values: Mapping[str, Any]

    def at(self, limit: int, position: Where | None) -> "Opened":
        """Another page of the same list."""
        wanted = self.wanted.at(limit, position)
        form = self.form
        if wanted.seek != form.seek:
            form = replace(form, seek=wanted.seek)
        return Opened(
            wanted=wanted, plan=self.plan, form=form, total=self.total, values=self.values
        )

    @property
    def lean(self) -> "Opened":
        """The same, as far as its pages need it."""
        wanted, sought = self.wanted, self.wanted.filters.sought
        if sought is None or sought.few:
            return self
        filters = replace(wanted.filters, sought=replace(sought, hits=()))
        return replace(self, wanted=replace(wanted, filters=filters))


CHANGE: Final = itemgetter(0)
"""What every row of a page begins with."""
FLOOR: Final = Shape(
    select(
        select(entity.c.change)
        .where(entity.c.kind == bindparam("kind"), entity.c.state == LIVE)
        .where(entity.c.modified >= bindparam("since", type_=UtcDateTime))
        .order_by(entity.c.modified, entity.c.change)
        .limit(1)
        .scalar_subquery(),
        feed.c.head,
    )
)
"""The first change of a live entity since an instant, and the newest change there is."""


async def open_list(pages: Pages, wanted: Wanted) -> Opened:
    """What is known of a list before it is read."""
    filters = wanted.filters
    asked = {ALL, *[facet for choice in filters.choices for facet in choice.facets]}
    if filters.confirmed is not None:
        asked.add(WITHHELD)
    found = await kept(pages, wanted.kind, asked)
    values = {"kind": wanted.kind, **values_of(filters, found.ids)}
    known = _known(filters, found)
    if wanted.since is not None:
        floor, newer = await _floor(pages, wanted)
        values["floor"], known = floor, replace(known, since=newer)
    known = await _probed(pages, wanted, known, values)
    plan = _plan(wanted, known)
    form = Form(
        pattern=filters.pattern,
        begin=plan.begin,
        choice=plan.choice,
        since=wanted.since is not None,
        seek=wanted.seek,
    )
    total = Total(0) if known.none else _kept_total(wanted, known)
    if total is None:
        ((n,),) = await pages.rows(_count_shape(wanted, form, known), values)
        total = total_of(n)
    return Opened(wanted=wanted, plan=plan, form=form, total=total, values=values)


def _known(filters: Filters, found: Kept) -> Known:
    choices = (sum(found.counts.get(f, 0) for f in each.facets) for each in filters.choices)
    sought = filters.sought
    words = len(sought.hits) if sought is not None and sought.few else None
    return Known(kind=found.counts.get(ALL, 0), choices=tuple(choices), words=words)


async def _floor(pages: Pages, wanted: Wanted) -> tuple[int, int]:
    """The first change that is new enough, and how many there are from there on, at most."""
    ((floor, head),) = await pages.rows(FLOOR, {"kind": wanted.kind, "since": wanted.since})
    return (head + 1, 0) if floor is None else (floor, head - floor + 1)


async def _probed(pages: Pages, wanted: Wanted, known: Known, values: Mapping[str, Any]) -> Known:
    """Count what nobody keeps a count of, where it may be what leaves least."""
    if known.words is not None or min((*known.choices, known.kind)) <= COUNTED:
        return known
    filters = wanted.filters
    if filters.areas:
        form = Form(pattern=Pattern(areas=filters.pattern.areas[:1]), begin="area")
        ((n,),) = await pages.rows(counted(form), values)
        known = replace(known, area=n)
    if filters.window:
        known = await _looked_into(pages, wanted, known, values)
    return known


async def _looked_into(
    pages: Pages, wanted: Wanted, known: Known, values: Mapping[str, Any]
) -> Known:
    """Count what a window has: occurrences as far as that tells what else to begin with, or where
    each is an entry; entities where nothing else is."""
    if known.choices or wanted.each:
        most = min((*known.choices, WIDE)) if known.choices else COUNTED
        ((n,),) = await pages.rows(counted_in_window(), {**values, "rows": most + 1})
        told = n <= most or not known.choices
        return replace(known, window=n if told else None)
    most = 2 * COUNTED
    rows = await pages.rows(entities_in_window(), {**values, "rows": most + 1})
    n, entities = len(rows), len(set(rows))
    told = n <= most or entities > COUNTED
    few = n if n <= COUNTED else None
    return replace(known, window=few, entities=entities if told else None)


def _plan(wanted: Wanted, known: Known) -> Plan:
    plan = plan_of(known)
    if wanted.sort == "distance":
        return by_distance(plan, known, wanted.limit)
    if wanted.sort == "start" and (plan.begin == "window" or not plan.few):
        return Plan("walk", known.kind)
    if wanted.sort == "title" and not plan.few:
        return Plan("walk", known.kind)
    return plan


def _of_area_alone(filters: Filters) -> bool:
    return bool(filters.areas) and filters.pattern == Pattern(areas=filters.pattern.areas[:1])


def _count_shape(wanted: Wanted, form: Form, known: Known) -> Shape:
    filters = wanted.filters
    form = replace(form, seek="")
    if wanted.each:
        return counted_by_start(Agenda(form, each=True))
    if _of_area_alone(filters):
        return counted(replace(form, begin="area"))
    if filters.window is not None and form.begin == "walk":
        plan = counting_plan_of(known)
        if plan.begin == "walk":
            return counted_by_start(Agenda(form))
        form = replace(form, begin=plan.begin, choice=plan.choice)
    return counted(form)


def _kept_total(wanted: Wanted, known: Known) -> Total | None:
    """The total where it is known: of everything, of one facet, of words, of an area or of a
    window alone."""
    filters, sought = wanted.filters, wanted.filters.sought
    if wanted.since is not None:
        return None
    if filters.window is not None or wanted.each:
        n = known.window if wanted.each else known.entities
        alone = filters == Filters(window=filters.window)
        return total_of(n) if alone and n is not None else None
    if filters == EVERYTHING:
        return Total(known.kind)
    if sought is not None and filters == Filters(sought=sought):
        return total_of(len(sought.hits)) if sought.few or len(sought.hits) > COUNTED else None
    if known.area is not None and _of_area_alone(filters):
        return total_of(known.area)
    choices = filters.choices
    alone = len(choices) == 1 and filters.pattern == Pattern(choices=(1,))
    return Total(known.choices[0]) if alone else None


async def read_page(pages: Pages, opened: Opened, *, bodies: bool) -> Page:
    """A page with or without its bodies; one statement, so what it says fits together. Raises
    `DatabaseUnavailable` where a body is not made yet."""
    wanted = opened.wanted
    if not opened.total.n:
        return NOTHING
    if wanted.sort == "relevance" and opened.plan.begin == "words":
        return await read_ranked(pages, opened.form, wanted, opened.values, bodies=bodies)
    order = order_of(wanted)
    at = {} if wanted.position is None else order.values(wanted.position)
    values = {**opened.values, **at, "rows": wanted.limit + 1}
    if opened.plan.rings:
        shape, rows = await read_nearest(pages, opened.form, wanted, values, bodies=bodies)
    else:
        shape = order.shape(opened.form, bodies=bodies)
        rows = await pages.rows(shape, values)
    more = order.cut(rows, wanted)
    typed = partial(pages.typed, shape)
    written: tuple[bytes, ...] = ()
    if bodies:
        written = whole([row[order.width] for row in rows])
        if wanted.each:
            written = _occurring(rows)
    return Page(
        changes=tuple(map(CHANGE, rows)),
        more=more,
        bodies=written,
        first=order.position(typed(rows[0])) if rows else None,
        last=order.position(typed(rows[-1])) if rows else None,
        distances=_distances(rows, wanted.filters) if bodies else None,
    )


def is_light(wanted: Wanted) -> bool:
    """Whether a page without bodies is cheap to read and lacks nothing else: no window, area or
    words are looked into, and what it shows are the documents of its entities."""
    filters = wanted.filters
    looked_into = filters.window or filters.areas or filters.sought
    return not (looked_into or wanted.each or wanted.sort == "relevance")


def _occurring(rows: Sequence[Row]) -> tuple[bytes, ...]:
    """Rows of occurrences → the document of each."""
    found = []
    for row in rows:
        _change, _starts, _no, recurrence_id, body, start, end, zone, all_day, *_ = row
        found.append(occurring(body, recurrence_id, Walls(start, end, zone, bool(all_day))))
    return tuple(found)


def _distances(rows: Sequence[Row], filters: Filters) -> tuple[float, ...] | None:
    """Rows that end with latitude and longitude → kilometres from the place asked for."""
    near = filters.near
    if near is None:
        return None
    return tuple([round(near.distance(row[-2], row[-1]), 2) for row in rows])


async def read_list(pages: Pages, wanted: Wanted) -> Page:
    """A page with its bodies, for who needs to know nothing else of the list."""
    return await read_page(pages, await open_list(pages, wanted), bodies=True)
