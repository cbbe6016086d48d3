"""The window in which recurring events have rows moves on, a page of events at a time.

Rows that come into it are written, those that fall out behind go; no change numbers, for nothing
about the events changed. Each page is a transaction that leaves its events as they would be written
now: a job that dies is begun again and finds the first pages done.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from aggregator.occurrences import day_of, window
from aggregator.store.changes import advance, lock
from aggregator.store.derived import kept_of, rows_of
from aggregator.store.entities import Frame, compose, load, publication
from aggregator.store.refresh import frame_now
from aggregator.store.tables import entity, feed, occurrence
from aggregator.working.clock import Clock
from schema import Event

PAGE: Final = 100
SLACK: Final = timedelta(days=2)
"""Around the window: what lies near its edges is looked at once more than needed."""
Row = dict[str, Any]


def due_day(connection: Connection, clock: Clock) -> date | None:
    """The day to which rows are to be brought up; None: they were, today."""
    today, done = day_of(clock.now(connection)), _done(connection)
    return today if done is None or done < today else None


def extend_page(connection: Connection, clock: Clock, after: int) -> int | None:
    """The next events after a number whose rows may differ from today's, brought up to today →
    the last number looked at; None: no more."""
    numbers = lock(connection)
    frame = frame_now(connection, clock)
    nos = _next(connection, frame, after)
    if not nos:
        return None
    numbers.moved = _extend(connection, nos, frame)
    advance(connection, numbers)
    return nos[-1]


def reached(connection: Connection, day: date) -> None:
    """Note that every event was brought up to this day."""
    earlier = or_(feed.c.horizon.is_(None), feed.c.horizon < day)
    connection.execute(update(feed).where(earlier).values(horizon=day))


def _done(connection: Connection) -> date | None:
    done: date | None = connection.execute(select(feed.c.horizon)).scalar_one()
    return done


def _next(connection: Connection, frame: Frame, after: int) -> Sequence[int]:
    """Events that reach into the window as it is or as it was last."""
    wanted = select(entity.c.no).where(
        entity.c.kind == Event.kind,
        entity.c.state == "live",
        entity.c.starts < window(day_of(frame.now)).before + SLACK,
        entity.c.no > after,
    )
    done = _done(connection)
    if done is not None:
        behind = window(done).after - SLACK
        wanted = wanted.where(or_(entity.c.ends.is_(None), entity.c.ends >= behind))
    return connection.execute(wanted.order_by(entity.c.no).limit(PAGE)).scalars().all()


def _extend(connection: Connection, nos: Sequence[int], frame: Frame) -> bool:
    """Make the rows of recurring events what they are today; says whether any differed."""
    recurring = {}
    for no, standing in load(connection, nos).items():
        composed = compose(standing, frame)
        assert composed is not None, no
        assert standing.modified is not None, no
        if "recurrence" in orjson.loads(composed.body):
            recurring[no] = publication(standing, composed, standing.modified)
    stored = _stored(connection, list(recurring))
    stale, fresh, cut = [], [], []
    for no, published in recurring.items():
        found = kept_of(published, frame.now)
        wanted = {row["recurrence_id"]: row for row in rows_of(no, found.rows)}
        if stored[no] != wanted:
            stale += [row for key, row in stored[no].items() if row != wanted.get(key)]
            fresh += [row for key, row in wanted.items() if row != stored[no].get(key)]
            cut.append({"key": no, "is_cut": found.truncated})
    _write(connection, stale, fresh, cut)
    return bool(cut)


def _stored(connection: Connection, nos: Sequence[int]) -> dict[int, dict[str, Row]]:
    """Numbers of events → their rows by the original start."""
    found: dict[int, dict[str, Row]] = defaultdict(dict)
    wanted = select(occurrence).where(occurrence.c.entity_no.in_(nos))
    for row in connection.execute(wanted).mappings():
        found[row["entity_no"]][row["recurrence_id"]] = dict(row)
    return found


def _write(
    connection: Connection, stale: Sequence[Row], fresh: Sequence[Row], cut: Sequence[Row]
) -> None:
    if stale:
        one = occurrence.c.entity_no == bindparam("key")
        at = occurrence.c.recurrence_id == bindparam("at")
        keys = [{"key": row["entity_no"], "at": row["recurrence_id"]} for row in stale]
        connection.execute(delete(occurrence).where(one, at), keys)
    if fresh:
        connection.execute(insert(occurrence), fresh)
    if cut:
        one = entity.c.no == bindparam("key")
        connection.execute(update(entity).where(one).values(truncated=bindparam("is_cut")), cut)
