"""The order of locks, everywhere: the source's fence, then the feed, then the rest."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, update

from aggregator.store.database import Database
from aggregator.store.edits import Edit, expire, set_fields
from aggregator.store.leases import release_owned, renew, take
from aggregator.store.rebuild import finish, rebuild_page
from aggregator.store.refresh import frame_now, refresh_page
from aggregator.store.tables import feed
from tests.aggregator.making import DAY, HOUR, ZONE, Bench, draft, mention, refusal

WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)")
Transactions = list[list[str]]


@contextmanager
def _written(database: Database) -> Iterator[Transactions]:
    """The tables written to, in order, by transaction."""
    seen: Transactions = []

    def begins(_connection: Any) -> None:
        seen.append([])

    def executes(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if found := WRITES.match(statement):
            seen[-1].append(found[2])

    event.listen(database.engine, "begin", begins)
    event.listen(database.engine, "before_cursor_execute", executes)
    try:
        yield seen
    finally:
        event.remove(database.engine, "begin", begins)
        event.remove(database.engine, "before_cursor_execute", executes)


def _is_in_order(tables: list[str]) -> bool:
    """Before the feed's lock nothing but the fence, and the row of a run that begins under it."""
    if "feed" not in tables:
        return not set(tables) - {"source", "run", "snapshot"}
    before = tables[: tables.index("feed")]
    return before == [] or (before[0] == "source" and set(before) <= {"source", "run"})


def _edit(bench: Bench) -> None:
    entity = UUID(str(bench.entities("offer")[0].id))
    until = bench.database.read_now(bench.clock.now) + timedelta(minutes=1)
    edit = Edit(entity=entity, patch={"status": "paused"}, who="k", reason="r", until=until)
    bench.database.write_now(set_fields, edit, bench.clock, ZONE)


def _expire(bench: Bench) -> None:
    _edit(bench)
    bench.later(HOUR)
    assert bench.database.write_now(expire, bench.clock, ZONE) == 1


def _sync(bench: Bench) -> None:
    other = mention("Grünhof e.V.", "5")
    bench.sync(draft("1", title="Neu", by=other), refusal("3"))
    bench.later(DAY)
    bench.sync(draft("1", title="Neu", by=other), refusal("3"))


def _refresh(bench: Bench) -> None:
    bench.register(name="Anders")
    bench.database.write_now(refresh_page, bench.clock, bench.source, 0)


def _rebuild(bench: Bench) -> None:
    frame = bench.database.read_now(frame_now, bench.clock)
    bench.database.write_now(rebuild_page, 0, frame)
    bench.database.write_now(finish)


def _lease(bench: Bench) -> None:
    lease = bench.lease()
    assert bench.database.write_now(renew, lease, bench.clock)
    assert bench.database.write_now(release_owned, "bench") == 1
    assert bench.database.write_now(take, bench.source, "other", bench.clock)


@pytest.mark.parametrize("act", [_sync, _edit, _expire, _refresh, _rebuild, _lease])
def test_every_writing_function_keeps_the_order(bench: Bench, act: Callable[[Bench], None]) -> None:
    bench.sync(draft("1"), draft("2"))
    with _written(bench.database) as transactions:
        act(bench)
    assert any(transactions)
    assert [tables for tables in transactions if not _is_in_order(tables)] == []


@pytest.mark.parametrize(
    ("tables", "right"),
    [
        (["source", "feed", "record", "feed", "source"], True),
        (["feed", "entity"], True),
        (["source", "run"], True),
        (["run", "source", "feed"], False),
        (["source", "record", "feed"], False),
        (["record"], False),
    ],
)
def test_a_wrong_order_would_be_seen(tables: list[str], right: bool) -> None:
    assert _is_in_order(tables) is right


def test_what_is_written_is_seen(bench: Bench) -> None:
    with _written(bench.database) as transactions:
        bench.database.write_now(lambda c: c.execute(update(feed).values(view=feed.c.view)))
    assert transactions == [["feed"]]
