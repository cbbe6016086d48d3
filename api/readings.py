"""Queries that were read, remembered by how they were spelled: what is asked again need not be read
again, also where its answer has to be made anew.
"""

from typing import Final

from yarl import URL

from api.keeping import Kept
from api.params import Parameter, Query, read_query

MOST: Final = 512
"""How many are remembered of a route."""
LONGEST: Final = 500
"""Characters of one; a longer one is read each time."""


class Readings:
    """The queries of one route; see `read_query`."""

    def __init__(self, parameters: tuple[Parameter, ...], *, strict: bool) -> None:
        self._parameters, self._strict = parameters, strict
        self._kept: Kept[Query] = Kept(MOST, lambda _: 1)

    def read(self, url: URL) -> Query:
        """The checked query of an address. Raises a 400 `HttpProblem` that names every mistake."""
        spelled = url.raw_query_string
        query = self._kept.get(spelled)
        if query is None:
            query = read_query(url.query, self._parameters, strict=self._strict)
            if len(spelled) <= LONGEST:
                self._kept.put(spelled, query)
        return query
