"""Lists that were opened, remembered as long as the head stands under which they were: their
further pages, and other lengths of a page, are found without counting again. Asks nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from aggregator.queries.facet_counts import FacetCounts
from aggregator.queries.feed import FeedState
from aggregator.queries.listing import Opened
from aggregator.queries.wanted import Page, Position
from api.heads import Head
from api.keeping import Kept
from api.orders import Order

MOST: Final = 2_048
"""How many lists and values of facets are remembered of a head; some `ROOM` bytes each."""
ROOM: Final = 4_096
LONGEST: Final = 100
"""Entries of a beginning that is remembered."""
LENGTHY: Final = 500
"""Characters of a question whose list is opened each time."""


class Beginning:
    """The changes that a list by change begins with, as far as they were read. Who wants no more
    of them, in whatever form, has them."""

    def __init__(self) -> None:
        self._page: Page | None = None

    def of(self, limit: int) -> Page | None:
        """The first page of at most so many entries, without bodies; None where more of the list
        has to be read for it."""
        page = self._page
        if page is None or (page.more and limit > len(page.changes)):
            return None
        if limit >= len(page.changes):
            return page
        changes = page.changes[:limit]
        last = Position(change=changes[-1])
        return Page(changes=changes, more=True, first=page.first, last=last)

    def keep(self, page: Page) -> None:
        """Remember a first page, unless it is a long one."""
        if len(page.changes) <= LONGEST:
            self._page = page


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenList:
    """A list that was opened at its beginning. `light`: see `is_light`;
    `meaning`: what its portal stands for."""

    opened: Opened
    light: bool
    order: Order
    feed: FeedState
    meaning: str
    stale: tuple[str, ...]
    facets: Mapping[str, FacetCounts]
    beginning: Beginning = field(default_factory=Beginning)

    @property
    def weight(self) -> int:
        """What it takes to remember it."""
        sought = self.opened.wanted.filters.sought
        words = 0 if sought is None else sought.weight // ROOM
        return 1 + words + sum(len(counts.values) for counts in self.facets.values())


class Under:
    """What was found under one head, and holds as long as it does."""

    def __init__(self) -> None:
        self.feeds: dict[str, FeedState] = {}
        self.lists: Kept[OpenList] = Kept(MOST, lambda each: each.weight)


class Lists:
    """What is remembered of the newest head."""

    def __init__(self) -> None:
        self._head: Head | None = None
        self._under = Under()

    def under(self, head: Head | None) -> Under:
        """What is remembered of a head; without one, of nothing."""
        if head is None:
            return Under()
        if head is not self._head:
            self._head, self._under = head, Under()
        return self._under
