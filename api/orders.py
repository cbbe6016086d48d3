"""In which order a list goes, and which cursors are its own. Decides, reads nothing."""

from dataclasses import dataclass

from aggregator.queries.wanted import Sort, Where
from api.cursors import Cursor, holds
from api.params import Query
from api.problems import invalid_parameter


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list; `each`: of occurrences."""

    sort: Sort
    each: bool = False

    def position(self, query: Query, epoch: str) -> Where | None:
        """Where in the list a checked query goes on; None at its beginning. Raises a 400
        `HttpProblem` for a cursor of another order, or of another counting than `epoch`."""
        cursor: Cursor | None = query.values.get("cursor")
        if cursor is None:
            return None
        if cursor.epoch != epoch:
            said = "the data was restored since; start again at the first page."
            raise invalid_parameter("cursor", said)
        if not holds(cursor.position, sort=self.sort, each=self.each):
            raise invalid_parameter("cursor", "it belongs to a list of another order.")
        return cursor.position


def order_of(query: Query) -> Order:
    """A checked query → the order of the list it asks for. Raises a 400 `HttpProblem` where
    something that an order needs is missing."""
    asked = query.values
    timed = "from" in asked or "to" in asked
    usual: Sort = "relevance" if "q" in asked else "newest"
    sort: Sort = asked.get("sort", "start" if timed or "expand" in asked else usual)
    if sort == "relevance" and "q" not in asked:
        raise invalid_parameter("sort", "relevance needs `q`.")
    if sort == "distance" and "near" not in asked:
        raise invalid_parameter("sort", "distance needs `near`.")
    if sort == "start" and not timed and "expand" not in asked:
        raise invalid_parameter("sort", "start needs `from` or `to`, for example from=now.")
    if "expand" in asked and sort != "start":
        raise invalid_parameter("sort", "occurrences go by start.")
    return Order(sort, each="expand" in asked)
