"""The orders of lists: which statement reads a page, and how positions and rows go together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, Protocol

from aggregator.queries.agenda import Agenda, by_start
from aggregator.queries.candidates import Form
from aggregator.queries.pages_by_order import by_change, by_distance, by_title
from aggregator.queries.wanted import Letter, Moment, Position, Rank, Spot, Wanted, Where
from aggregator.store.pages import Row, Shape


class MakeShape(Protocol):
    """Makes the statement of a page, with bodies or without."""

    def __call__(self, form: Form, *, bodies: bool) -> Shape:
        """See `pages_by_order` and `agenda`."""
        ...


@dataclass(frozen=True, slots=True)
class Order:
    """One order. A row begins with its change and has its body at `width`; `key`: what of a row it
    goes by; `position`: a typed row → where it stands; `values`: a position → parameters."""

    shape: MakeShape
    width: int
    key: Callable[[Row], Any]
    position: Callable[[Row], Where]
    values: Callable[[Any], Mapping[str, Any]]
    falling: bool = False
    """Whether the highest comes first."""

    def cut(self, rows: list[Row], wanted: Wanted) -> bool:
        """Bring the rows of a page into the order of the list, without the one too many; whether
        there was one."""
        rows.sort(key=self.key, reverse=self.falling)
        more = len(rows) > wanted.limit
        if more:
            del rows[0 if wanted.back else -1]
        return more


def _events(form: Form, *, bodies: bool) -> Shape:
    return by_start(Agenda(form), bodies=bodies)


def _occurrences(form: Form, *, bodies: bool) -> Shape:
    return by_start(Agenda(form, each=True), bodies=bodies)


def _at_moment(at: Moment) -> Mapping[str, Any]:
    values: dict[str, Any] = {"at_starts": at.starts, "at_no": at.no}
    return values if at.recurrence_id is None else values | {"at_recurrence_id": at.recurrence_id}


NEWEST: Final = Order(
    shape=by_change,
    width=1,
    key=itemgetter(0),
    falling=True,
    position=lambda row: Position(change=row[0]),
    values=lambda at: {"at_change": at.change},
)
MANY: Final = Order(
    shape=by_change,
    width=1,
    key=itemgetter(0),
    falling=True,
    position=lambda row: Rank(score=0, change=row[0]),
    values=lambda at: {"at_change": at.change},
)
"""By relevance, where many have the words; see `ranking` for few."""
TITLE: Final = Order(
    shape=by_title,
    width=3,
    key=itemgetter(1, 2),
    position=lambda row: Letter(title=row[1], no=row[2]),
    values=lambda at: {"at_title": at.title, "at_no": at.no},
)
DISTANCE: Final = Order(
    shape=by_distance,
    width=3,
    key=itemgetter(1, 2),
    position=lambda row: Spot(square=row[1], no=row[2]),
    values=lambda at: {"at_square": at.square, "at_no": at.no},
)
START: Final = Order(
    shape=_events,
    width=3,
    key=itemgetter(1, 2),
    position=lambda row: Moment(starts=row[1], no=row[2]),
    values=_at_moment,
)
EACH: Final = Order(
    shape=_occurrences,
    width=4,
    key=itemgetter(1, 2, 3),
    position=lambda row: Moment(starts=row[1], no=row[2], recurrence_id=row[3]),
    values=_at_moment,
)
ORDERS: Final[Mapping[str, Order]] = {
    "newest": NEWEST,
    "title": TITLE,
    "distance": DISTANCE,
    "start": START,
    "relevance": MANY,
}


def order_of(wanted: Wanted) -> Order:
    """What a list goes by."""
    return EACH if wanted.each else ORDERS[wanted.sort]
