"""How many live entries there are in each category. Reads only what is kept."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, select

from aggregator.store.tables import facet

CATEGORY: Final = "category"


def category_counts(connection: Connection) -> Mapping[str, Mapping[str, int]]:
    """Category (`scheme:term`, or `unmapped`) → kind → number of live entries."""
    rows = connection.execute(
        select(facet.c.kind, facet.c.value, facet.c.n).where(facet.c.name == CATEGORY)
    )
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        counts[row.value][row.kind] = row.n
    return counts
