"""How many live entries there were, day by day: read from the counts that are kept for ever.

Rows are sparse: one stands where a count changed, and holds until the next. Days are those of the
instance's zone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Column, Connection, Table, and_, func, select

from aggregator.store.tables import day_count, day_term_count
from schema.index import UNMAPPED

By = Literal["status", "category", "source"]
Interval = Literal["day", "week", "month"]
ONE_DAY: Final = timedelta(days=1)
SUNDAY: Final = 6
_NONE: Final[Mapping[By, str]] = {"status": "none", "category": UNMAPPED, "source": ""}
"""What is called so where a row says nothing: a kind without states, an entry without category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Counts of one kind, of one source or of all, from one day to another (both in), apart by
    what `by` names; None: in all."""

    kind: str
    first: date
    last: date
    interval: Interval = "day"
    source: str | None = None
    by: By | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """How many there were at the end of a day, by value; without `by`, under ""."""

    day: date
    counts: Mapping[str, int]


def count_over_time(connection: Connection, asked: Asked) -> tuple[Point, ...]:
    """The last day of each interval, and the last of all → the counts at its end."""
    standing: dict[tuple[str, str], int] = {}
    changes = iter(_changes(connection, asked))
    points = []
    pending = next(changes, None)
    for day in days_of(asked.first, asked.last, asked.interval):
        while pending is not None and pending[0] <= day:
            standing[pending[1], pending[2]] = pending[3]
            pending = next(changes, None)
        points.append(Point(day, _summed(standing, asked.by)))
    return tuple(points)


def days_of(first: date, last: date, interval: Interval) -> Iterator[date]:
    """The days that end an interval, from `first` on, and `last`."""
    day = first
    while day < last:
        if _ends(day, interval):
            yield day
        day += ONE_DAY
    yield last


def _ends(day: date, interval: Interval) -> bool:
    if interval == "week":
        return day.weekday() == SUNDAY
    return interval == "day" or (day + ONE_DAY).day == 1


def _summed(standing: Mapping[tuple[str, str], int], by: By | None) -> dict[str, int]:
    found: dict[str, int] = {} if by else {"": 0}
    for (source, value), n in sorted(standing.items()):
        name = "" if by is None else source if by == "source" else value or _NONE[by]
        if n or name in found:
            found[name] = found.get(name, 0) + n
    return found


def _changes(connection: Connection, asked: Asked) -> Sequence[Any]:
    """(day, source, value, n), by day: how all stood before the first day, and what changed."""
    table, value = _table(asked)
    here = [table.c.kind == asked.kind]
    if asked.source is not None:
        here.append(table.c.source == asked.source)
    columns = (table.c.day, table.c.source, value, table.c.n)
    later = select(*columns).where(*here, table.c.day > asked.first, table.c.day <= asked.last)
    key = (table.c.source, value)
    newest = (
        select(*key, func.max(table.c.day).label("day"))
        .where(*here, table.c.day <= asked.first)
        .group_by(*key)
        .subquery()
    )
    same = and_(*(newest.c[c.name] == c for c in (*key, table.c.day)))
    before = select(*columns).join(newest, same).where(*here)
    return [
        *connection.execute(before).all(),
        *connection.execute(later.order_by(table.c.day)).all(),
    ]


def _table(asked: Asked) -> tuple[Table, Column[str]]:
    if asked.by == "category":
        return day_term_count, day_term_count.c.term
    return day_count, day_count.c.status
