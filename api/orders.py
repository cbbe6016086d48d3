"""In which order a list goes, and what reads it so: by change, by start, or every occurrence."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol

from aggregator.queries import Pages
from aggregator.queries.agenda import count_occurrences, read_events, read_occurrences
from aggregator.queries.entities import (
    Moment,
    Page,
    Position,
    Total,
    Wanted,
    count_up,
    read_page,
)
from api.params import Query


class ReadPage(Protocol):
    """Reads a page, its bodies only where they are wanted."""

    def __call__(self, pages: Pages, wanted: Wanted, *, bodies: bool) -> Awaitable[Page]:
        """See `read_page`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How lists of one order are read and counted, and which positions are theirs. `strange` says
    why the cursor of another list is refused."""

    read: ReadPage
    count: Callable[[Pages, Wanted], Awaitable[Total]]
    strange: str
    holds: Callable[[Position | Moment], bool]


BY_CHANGE: Final = Order(
    read=read_page,
    count=count_up,
    strange="it belongs to a list of another order.",
    holds=lambda at: isinstance(at, Position),
)
SINCE: Final = Order(
    read=read_page,
    count=count_up,
    strange="it belongs to a list without `modified_since`.",
    holds=lambda at: isinstance(at, Position) and at.modified is not None,
)
BY_START: Final = Order(
    read=read_events,
    count=count_up,
    strange="it belongs to a list without `from` and `to`, or to one of occurrences.",
    holds=lambda at: isinstance(at, Moment) and at.recurrence_id is None,
)
OCCURRENCES: Final = Order(
    read=read_occurrences,
    count=count_occurrences,
    strange="it belongs to a list without `expand`.",
    holds=lambda at: isinstance(at, Moment) and at.recurrence_id is not None,
)


def order_of(query: Query) -> Order:
    """A checked query → the order of the list it asks for."""
    asked = query.values
    if "expand" in asked:
        return OCCURRENCES
    if "from" in asked or "to" in asked:
        return BY_START
    return SINCE if "modified_since" in asked else BY_CHANGE
