"""What is asked of a list, and what comes back: values only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from aggregator.queries.filters import EVERYTHING, Filters
from aggregator.queries.planning import COUNTED

Sort = Literal["newest", "title", "start", "distance", "relevance"]
"""newest: the newest change first. relevance: what has the words that are looked for in the best
place first, where few have them, else the newest change. title: by folded title. start: by the
first occurrence in the window, which must be there. distance: the nearest to `Filters.near` first,
which must be there."""
LIVE: Final = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where in a list to go on: behind or before (`back`) the entry with this change."""

    change: int
    back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Where in a list that goes by start to go on: behind or before (`back`) the entity with this
    number. `recurrence_id` is there in lists of occurrences."""

    starts: datetime
    no: int
    recurrence_id: str | None = None
    back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Where in a list that goes by folded title to go on."""

    title: str
    no: int
    back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where in a list that goes by distance to go on; `square` as the database measures it."""

    square: float
    no: int
    back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """Where in a list that goes by relevance to go on; `score` as `search.score` gives it, 0 where
    many have the words."""

    score: int
    change: int
    back: bool = False


Where = Position | Moment | Letter | Spot | Rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A page of live entities of one kind: at most `limit`, from `position` on, which belongs to
    the order of the list; `since`: changed then or later. `each`: every occurrence in the window
    is an entry, by start."""

    kind: str
    limit: int
    sort: Sort = "newest"
    each: bool = False
    since: datetime | None = None
    filters: Filters = EVERYTHING
    position: Where | None = None

    def at(self, limit: int, position: Where | None) -> "Wanted":
        """The same list at another place."""
        return Wanted(
            kind=self.kind,
            limit=limit,
            sort=self.sort,
            each=self.each,
            since=self.since,
            filters=self.filters,
            position=position,
        )

    @property
    def back(self) -> bool:
        """Whether the page is read against the order of the list."""
        return self.position is not None and self.position.back

    @property
    def seek(self) -> str:
        """In which direction it goes on from its position: "on", "back", "" without one."""
        if self.position is None:
            return ""
        return "back" if self.back else "on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Entries in the order of the list; without bodies, nothing is known of distances."""

    changes: tuple[int, ...]
    more: bool
    """Whether there are further entries in the direction the page was read."""
    bodies: tuple[bytes, ...] = ()
    first: Where | None = None
    last: Where | None = None
    distances: tuple[float, ...] | None = None
    """Kilometres from the place asked for, where one was."""

    def showing(self, bodies: tuple[bytes, ...]) -> "Page":
        """The same page with its bodies."""
        return Page(
            changes=self.changes,
            more=self.more,
            bodies=bodies,
            first=self.first,
            last=self.last,
        )


NOTHING: Final = Page(changes=(), more=False)


@dataclass(frozen=True, slots=True)
class Total:
    """How many there are: exactly `n`, or at least `n`."""

    n: int
    at_least: bool = False


def total_of(n: int) -> Total:
    """What was counted no further than one more than `COUNTED` → the total."""
    return Total(min(n, COUNTED), at_least=n > COUNTED)
