"""Facets: which there are of a kind, and how many live entities have each. Reads kept counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import bindparam, or_, select

from aggregator.store.pages import Pages, Shape
from aggregator.store.tables import facet
from schema.index import Facet

SHAPES: Final = 16
ALL: Final = ("", "")
"""The facet that all live entities of a kind have."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The numbers of some facets of a kind, and how many live entities have each; those that
    nothing has are left out."""

    ids: Mapping[Facet, int]
    counts: Mapping[Facet, int]


NONE_KEPT: Final = Kept({}, {})


@lru_cache(maxsize=SHAPES)
def _kept_shape(count: int) -> Shape:
    each = (
        (facet.c.name == bindparam(f"name_{at}")) & (facet.c.value == bindparam(f"value_{at}"))
        for at in range(count)
    )
    columns = (facet.c.name, facet.c.value, facet.c.id, facet.c.n)
    return Shape(select(*columns).where(facet.c.kind == bindparam("kind"), or_(*each)))


async def kept(pages: Pages, kind: str, facets: Iterable[Facet]) -> Kept:
    """What is kept of some facets."""
    asked = sorted(set(facets))
    if not asked:
        return NONE_KEPT
    count = 1 << (len(asked) - 1).bit_length()
    filled = asked + asked[-1:] * (count - len(asked))
    values = {"kind": kind}
    for at, (name, value) in enumerate(filled):
        values |= {f"name_{at}": name, f"value_{at}": value}
    rows = await pages.rows(_kept_shape(count), values)
    ids = {(name, value): id_ for name, value, id_, _ in rows}
    return Kept(ids, {(name, value): n for name, value, _, n in rows})
