"""Which occurrences of an event are kept as rows? Pure; told the time, reads no clock.

An event that takes place once keeps its one row wherever it lies. A recurring one keeps those
around now: from 31 days back to two years ahead, by whole days in UTC, so that rows change once
a day at most.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from schema import Override, Recurrence
from schema.recurring import expand
from schema.when import Days, Start, Timed

BACK: Final = timedelta(days=31)
AHEAD: Final = timedelta(days=731)
"""Two years, with a leap day."""


SPANS: Final = tuple(timedelta(hours=6 * 4**each) for each in range(7))
"""Six hours, a day, four days … 1,024 days. What is of one class and goes on at a time began no
longer ago than the class is long, so little else is met when looking for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The instants from `after` up to but without `before`, both aware."""

    after: datetime
    before: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurring:
    """Rows by the names of their columns, without the entity's number; `truncated`: the window
    holds more than is kept."""

    rows: tuple[Mapping[str, Any], ...]
    truncated: bool


def day_of(now: datetime) -> date:
    """The day an instant counts as here: UTC's."""
    return now.astimezone(UTC).date()


def window(day: date) -> Window:
    """What is kept on a day."""
    midnight = datetime.combine(day, time.min, UTC)
    return Window(after=midnight - BACK, before=midnight + AHEAD)


def occurring(when: Timed | Days, recurrence: Recurrence | None, now: datetime) -> Occurring:
    """When an event takes place, and how it repeats → what is kept of it now."""
    if recurrence is None:
        return Occurring(rows=(_row(when.start, when, when.span, None),), truncated=False)
    kept = window(day_of(now))
    expansion = expand(when, recurrence, kept.after, kept.before)
    # An original start names one occurrence: a row of another one would be the same row.
    rows = {
        row["recurrence_id"]: row
        for row in (
            _row(each.recurrence_id, each.when, each.span, each.override)
            for each in reversed(expansion.occurrences)
        )
    }
    return Occurring(rows=tuple(reversed(rows.values())), truncated=expansion.truncated)


def _row(
    named: Start,
    when: Timed | Days,
    span: tuple[datetime, datetime],
    override: Override | None,
) -> dict[str, Any]:
    return {
        "recurrence_id": named.isoformat(),
        "starts": span[0],
        "ends": span[1],
        "wall_start": when.start.isoformat(),
        "wall_end": when.end.isoformat() if when.end else None,
        "zone": when.zone,
        "all_day": when.all_day,
        "status": override.status if override else None,
        "span": span_of(span[1] - span[0]),
    }


def span_of(length: timedelta) -> int:
    """A length → its class: 0 for none, else the place of the first of `SPANS` that it does not
    go beyond; what is longer than all is of a last class."""
    return bisect_left(SPANS, length) + 1 if length else 0
