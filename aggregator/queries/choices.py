"""What the lists of a kind can be narrowed down to: the values there are, each with its kept
count, and what those name that are no words themselves. Reads kept counts and a few documents.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import bindparam, func, select

from aggregator.store.pages import Pages, Shape
from aggregator.store.tables import document, facet, facet_entry

MOST: Final = 100
"""Values of one filter, those that most entries have."""
OFFERED: Final = (
    "attendance",
    "category",
    "city",
    "commitment",
    "form",
    "initiative_type",
    "lang",
    "open_for_cooperation",
    "organisation",
    "remote",
    "source",
    "status",
    "type",
)
"""Facets that are chosen from a list; others have too many values, or say too little."""

NAMED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "city": (("place", "locality"),),
    "organisation": (("organisation", "name"), ("organiser", "name")),
}
"""Facets whose values are codes or folded, and where entries that have them write the name."""

Named = Mapping[tuple[str, str], str]
"""(facet, value) → its name, as the newest entry that has it writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Facet → values with their counts, the most frequent first; and what values name."""

    counts: Mapping[str, tuple[tuple[str, int], ...]]
    named: Named


def _ranked() -> Any:
    rank = func.row_number().over(
        partition_by=facet.c.name, order_by=(facet.c.n.desc(), facet.c.value)
    )
    return (
        select(facet.c.id, facet.c.name, facet.c.value, facet.c.n, rank.label("rank"))
        .where(facet.c.kind == bindparam("kind"), facet.c.name.in_(OFFERED), facet.c.n > 0)
        .subquery()
    )


def _newest(row: Any) -> Any:
    """The document of the newest entry that has a facet, where its values need a name."""
    return (
        select(document.c.json)
        .join_from(facet_entry, document, document.c.entity_no == facet_entry.c.entity_no)
        .where(facet_entry.c.facet == row.c.id, row.c.name.in_(NAMED))
        .order_by(facet_entry.c.change.desc())
        .limit(1)
        .correlate(row)
        .scalar_subquery()
    )


_ROW: Final = _ranked()
VALUES: Final = Shape(
    select(_ROW.c.name, _ROW.c.value, _ROW.c.n, _newest(_ROW))
    .where(_ROW.c.rank <= MOST)
    .order_by(_ROW.c.name, _ROW.c.rank)
)


async def read_choices(pages: Pages, kind: str) -> Choices:
    """What there is to choose from. Parses up to two hundred documents: keep it while nothing
    changes."""
    counts: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    named: dict[tuple[str, str], str] = {}
    for name, value, n, body in await pages.rows(VALUES, {"kind": kind}):
        counts[name].append((value, n))
        said = _name(name, orjson.loads(body)) if body is not None else None
        if said:
            named[name, value] = said
    return Choices(counts={name: tuple(each) for name, each in counts.items()}, named=named)


def _name(name: str, said: Mapping[str, Any]) -> str | None:
    found = (said.get(field, {}).get(part) for field, part in NAMED[name])
    return next(filter(None, found), None)
