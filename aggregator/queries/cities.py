"""Which cities are called so? Reads kept facets."""

from collections import defaultdict
from typing import Final

from sqlalchemy import bindparam, select

from aggregator.store.pages import Pages, Shape
from aggregator.store.tables import facet
from schema.entities import KINDS
from schema.index import named_city

CODES: Final = Shape(
    select(facet.c.value).where(
        facet.c.kind.in_(sorted(KINDS)), facet.c.name == bindparam("name"), facet.c.n > 0
    )
)


async def ambiguous(pages: Pages, folded: str) -> tuple[str, ...]:
    """The codes of the cities with this folded name, where there are several; else none. What has
    no code is taken to be the one city that is known by the name."""
    rows = await pages.rows(CODES, {"name": named_city(folded)})
    codes = sorted({row[0] for row in rows})
    schemes: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        schemes[code.partition(":")[0]].append(code)
    several = [code for code in codes if len(schemes[code.partition(":")[0]]) > 1]
    return tuple(several)
