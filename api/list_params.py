"""Which query parameters the lists of each kind take. Data, and reading what is about lists."""

from collections.abc import Mapping
from typing import Final

from aggregator.queries.search import FEW
from api.facet_params import FACETS, one_of
from api.filter_params import ANYWHERE, EXPAND, FROM, TO
from api.params import CURSOR, LIMIT, MODIFIED_SINCE, Parameter
from schema.entities import KINDS

TIMED: Final = frozenset({"event"})
"""Kinds that take place at a time."""
SORTS: Final[Mapping[str, str]] = {
    "newest": "the newest change first",
    "relevance": f"what fits `q` best first where at most {FEW} have its words, else the newest "
    "change; it needs `q`",
    "title": "by title",
    "start": "by start; it needs `from` or `to`",
    "distance": "the nearest first; it needs `near`",
}


def _filters(kind: str) -> tuple[Parameter, ...]:
    window = (FROM, TO) if kind in TIMED else ()
    return (*window, *FACETS[kind], *ANYWHERE)


def _sort(kind: str) -> Parameter:
    sorts = {name: said for name, said in SORTS.items() if name != "start" or kind in TIMED}
    told = "; ".join(f"{name}: {said}" for name, said in sorts.items())
    return Parameter(
        name="sort",
        form=f"one of {', '.join(sorts)}. {told}.",
        parse=one_of(sorts),
        schema={"enum": list(sorts)},
        example="title",
    )


FILTERS: Final[Mapping[str, tuple[Parameter, ...]]] = {kind: _filters(kind) for kind in KINDS}
"""Kind → what narrows it down, in lists and calendars alike."""


def _parameters(kind: str) -> tuple[Parameter, ...]:
    each = (EXPAND,) if kind in TIMED else ()
    return (LIMIT, CURSOR, MODIFIED_SINCE, *FILTERS[kind], _sort(kind), *each)


LISTED: Final[Mapping[str, tuple[Parameter, ...]]] = {kind: _parameters(kind) for kind in KINDS}
"""Kind → every parameter of its list."""
