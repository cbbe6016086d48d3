"""How many entries of a list have each value of a facet? From kept counts where they say it, else
counted, where the list is not too long for that.

A facet is counted without what the list asks of that same facet: the numbers tell what choosing
another value would lead to.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from sqlalchemy import BigInteger, bindparam, func, literal_column, select

from aggregator.queries.candidates import Form, candidates
from aggregator.queries.filters import EVERYTHING
from aggregator.queries.listing import Opened, open_list
from aggregator.queries.pages_by_order import KEPT_SHAPES
from aggregator.queries.planning import COUNTED
from aggregator.store.pages import Pages, Shape
from aggregator.store.tables import facet, facet_entry

MOST: Final = 100
"""Values of one facet that are told, those that most have."""
APART: Final = "\x1f"
Population = Literal["list", "all"]
"""list: the entries of the list. all: every live entry of the kind, whatever is asked for."""


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The values of one facet with the number of entries that have each, most first. `more`:
    there are further values."""

    of: Population
    values: tuple[tuple[str, int], ...]
    more: bool = False


KEPT: Final = Shape(
    select(facet.c.value, facet.c.n)
    .where(facet.c.kind == bindparam("kind"), facet.c.name == bindparam("name"), facet.c.n > 0)
    .order_by(facet.c.n.desc(), facet.c.value)
    .limit(MOST + 1)
)


async def facet_counts(
    pages: Pages, opened: Opened, names: Sequence[str]
) -> Mapping[str, FacetCounts]:
    """The counts of some facets, by the names that `schema.index` gives them."""
    return {name: await _counts(pages, opened, name) for name in names}


async def _counts(pages: Pages, opened: Opened, name: str) -> FacetCounts:
    wanted = opened.wanted
    filters = wanted.filters.without(name)
    if filters == EVERYTHING and wanted.since is None:
        return _told("list", await _kept(pages, wanted.kind, name))
    if filters != wanted.filters or wanted.each or wanted.position is not None:
        whole = replace(wanted, filters=filters, position=None, each=False)
        opened = await open_list(pages, whole)
    if opened.total.at_least or opened.total.n > COUNTED:
        return _told("all", await _kept(pages, wanted.kind, name))
    return _told("list", await _counted(pages, opened, name))


def _told(of: Population, values: Sequence[tuple[str, int]]) -> FacetCounts:
    return FacetCounts(of, tuple(values[:MOST]), more=len(values) > MOST)


async def _kept(pages: Pages, kind: str, name: str) -> list[tuple[str, int]]:
    rows = await pages.rows(KEPT, {"kind": kind, "name": name})
    return [(value, n) for value, n in rows]


async def _counted(pages: Pages, opened: Opened, name: str) -> list[tuple[str, int]]:
    form = replace(opened.form, seek="")
    if form.begin == "walk" and form.pattern.window:
        form = replace(form, begin="window")
    if not opened.total.n:
        return []
    rows = await pages.rows(_values_shape(form), {**opened.values, "name": name})
    counts = Counter(value for (said,) in rows if said for value in said.split(APART))
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: MOST + 1]


@lru_cache(maxsize=KEPT_SHAPES)
def _values_shape(form: Form) -> Shape:
    """For each entity of a list that is not long, the values it has of a facet."""
    found = candidates(form).subquery("found")
    few = select(found.c.no).limit(literal_column(str(COUNTED + 1), BigInteger)).subquery("few")
    entry, of = facet_entry.alias("entry"), facet.alias("of")
    values = (
        select(func.aggregate_strings(of.c.value, APART))
        .where(entry.c.entity_no == few.c.no, of.c.id == entry.c.facet)
        .where(of.c.name == bindparam("name"))
        .correlate(few)
        .scalar_subquery()
    )
    return Shape(select(values))
