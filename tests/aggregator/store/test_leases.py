"""Leases: one owner at a time, a fence that stops whoever lost it, nothing left open."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from aggregator.errors import LeaseLost
from aggregator.plan import Plan, steps
from aggregator.runs import Outcome
from aggregator.store.apply import apply_steps
from aggregator.store.conclude import abandon, conclude
from aggregator.store.database import Database
from aggregator.store.leases import LEASE, Lease, due, release_owned, renew, take
from aggregator.store.sources import remember
from aggregator.store.tables import metadata, run, source
from tests.aggregator.making import HOUR, Bench, draft, harvest

SECOND = timedelta(seconds=1)


def _take(bench: Bench, owner: str) -> Lease | None:
    return bench.database.write_now(take, bench.source, owner, bench.clock)


def _due(bench: Bench, limit: int = 10) -> list[str]:
    return bench.database.read_now(lambda c: due(c, bench.clock.now(c), limit))


def _set(bench: Bench, **values: object) -> None:
    bench.database.write_now(lambda c: remember(c, bench.source, **values))


def test_a_source_has_one_owner(bench: Bench) -> None:
    assert _take(bench, "one") is not None
    assert _take(bench, "two") is None
    bench.later(LEASE - SECOND)
    assert _take(bench, "two") is None


def test_each_lease_has_a_higher_fence_and_a_run_of_its_own(bench: Bench) -> None:
    first = bench.lease("one")
    bench.later(LEASE + SECOND)
    second = bench.lease("two")
    assert (second.fence, second.run) == (first.fence + 1, first.run + 1)


def test_taking_over_closes_the_run_that_was_left_open(bench: Bench) -> None:
    bench.lease("one")
    bench.later(LEASE + SECOND)
    bench.lease("two")
    left, opened = bench.rows(run)
    assert (left.outcome, left.ended is not None) == ("crashed", True)
    assert (opened.outcome, opened.ended) == (None, None)


def test_a_renewed_lease_lasts_from_now(bench: Bench) -> None:
    lease = bench.lease("one")
    bench.later(LEASE - SECOND)
    assert bench.database.write_now(renew, lease, bench.clock)
    bench.later(LEASE - SECOND)
    assert _take(bench, "two") is None


def test_a_lost_lease_cannot_be_renewed(bench: Bench) -> None:
    lease = bench.lease("one")
    bench.later(LEASE + SECOND)
    bench.lease("two")
    assert not bench.database.write_now(renew, lease, bench.clock)


def test_renewing_after_the_end_of_the_run_does_not_block_the_source(bench: Bench) -> None:
    lease = bench.lease("one")
    bench.close(lease, Outcome.UNCHANGED)
    assert bench.database.write_now(renew, lease, bench.clock)
    assert _take(bench, "two") is not None


def _everything(bench: Bench) -> dict[str, object]:
    return {name: bench.rows(table) for name, table in metadata.tables.items()}


def test_a_worker_that_lost_its_lease_writes_nothing_more(bench: Bench) -> None:
    bench.sync(draft("0"))
    taken = bench.listing(draft("1"), draft("2"))
    lease = bench.lease("one")
    errand, plan = bench.errand(lease, taken), bench.plan(taken)
    bench.later(LEASE + SECOND)
    bench.lease("two")
    before = _everything(bench)
    with pytest.raises(LeaseLost):
        bench.database.write_now(apply_steps, errand, list(steps(plan)))
    with pytest.raises(LeaseLost):
        bench.database.write_now(conclude, errand, plan, bench.ending(lease, plan))
    with pytest.raises(LeaseLost):
        bench.database.write_now(abandon, errand, bench.ending(lease, plan).report, HOUR)
    assert _everything(bench) == before


def test_an_abandoned_run_is_closed_and_the_source_free_at_once(bench: Bench) -> None:
    lease = bench.lease("one")
    report = bench.ending(lease, Plan(outcome=Outcome.INTERRUPTED)).report
    bench.database.write_now(abandon, bench.errand(lease, harvest()), report, HOUR)
    assert [row.outcome for row in bench.rows(run)] == ["interrupted"]
    assert _due(bench) == [bench.source]
    assert _take(bench, "two") is not None


def test_a_run_that_was_concluded_is_not_abandoned_afterwards(bench: Bench) -> None:
    lease = bench.lease("one")
    taken = bench.listing(draft("1"))
    errand, plan = bench.errand(lease, taken), bench.plan(taken)
    bench.database.write_now(apply_steps, errand, list(steps(plan)))
    bench.database.write_now(conclude, errand, plan, bench.ending(lease, plan))
    before = _everything(bench)
    bench.database.write_now(abandon, errand, bench.ending(lease, plan).report, HOUR)
    assert _everything(bench) == before


def test_an_owner_that_ends_gives_everything_back(database: Database) -> None:
    benches = [Bench(database, source=f"quelle-{n}") for n in range(3)]
    for bench in benches[:2]:
        bench.lease("one")
    benches[2].lease("two")
    assert database.write_now(release_owned, "one") == 2
    assert [_take(bench, "three") is not None for bench in benches] == [True, True, False]


def test_new_sources_are_due_first_then_the_longest_waiting(database: Database) -> None:
    benches = [Bench(database, source=f"quelle-{n}") for n in range(3)]
    now = database.read_now(benches[0].clock.now)
    _set(benches[0], next_due=now - SECOND, enabled=True)
    _set(benches[1], next_due=now - HOUR, enabled=True)
    _set(benches[2], next_due=None, enabled=True)
    assert _due(benches[0]) == ["quelle-2", "quelle-1", "quelle-0"]
    assert _due(benches[0], limit=1) == ["quelle-2"]


@pytest.mark.parametrize("why", [{"paused": True}, {"enabled": False}])
def test_paused_and_disabled_sources_are_not_due(bench: Bench, why: dict[str, object]) -> None:
    assert _due(bench) == [bench.source]
    _set(bench, **why)
    assert _due(bench) == []


def test_a_leased_source_is_due_when_its_lease_is_over(bench: Bench) -> None:
    bench.lease("one")
    assert _due(bench) == []
    bench.later(LEASE + SECOND)
    assert _due(bench) == [bench.source]


def test_after_a_run_the_source_is_due_an_interval_later(bench: Bench) -> None:
    bench.sync(draft("1"))
    (row,) = bench.rows(source, id=bench.source)
    assert (row.lease_owner, row.lease_until) == (None, None)
    assert HOUR <= row.next_due - row.checked <= HOUR * 1.1


def test_failures_in_a_row_lengthen_the_wait_and_a_success_ends_them(bench: Bench) -> None:
    rows = []
    for outcome in (Outcome.REFUSED, Outcome.INCOMPLETE, Outcome.REFUSED, Outcome.UNCHANGED):
        bench.close(bench.lease(), outcome)
        rows += bench.rows(source, id=bench.source)
    assert [row.failures for row in rows] == [1, 2, 3, 0]
    assert [row.succeeded for row in rows] == [None, None, None, rows[-1].checked]


def test_what_is_due_is_read_from_an_index_alone(bench: Bench) -> None:
    """Rows of sources hold much, and this is asked every second."""
    said: list[tuple[str, Any]] = []

    def hear(_: object, __: object, statement: str, given: Any, *___: object) -> None:
        said.append((statement, given))

    event.listen(bench.database.engine, "before_cursor_execute", hear)
    _due(bench)
    statement, given = next((s, g) for s, g in said if "FROM source" in s)
    if bench.database.is_sqlite:
        with bench.database.engine.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
            assert "USING COVERING INDEX ix_source_due" in str(plan.all())
