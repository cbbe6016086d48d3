"""The guard: a listing that shrinks beyond what is plausible takes nothing away."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.compare import Known
from aggregator.guard import Plausible
from aggregator.plan import Head, Plan
from aggregator.runs import Outcome
from aggregator.store.tables import record, source
from tests.aggregator.making import DAY, HOUR, Bench, draft, harvest
from tests.aggregator.planning import NOW, head, known, plan_of


def _allowed(published: int) -> int:
    return max(3, published * 20 // 100)


@pytest.mark.parametrize(
    ("published", "absent", "plausible"),
    [(3, 3, True), (4, 4, False), (15, 3, True), (20, 4, True), (20, 5, False), (429, 85, True),
     (429, 86, False), (429, 426, False), (0, 0, True)],
)  # fmt: skip
def test_more_than_three_and_more_than_a_fifth_is_implausible(
    published: int, absent: int, plausible: bool
) -> None:
    assert (absent <= Plausible().removals_of(published)) is plausible


def test_no_size_and_no_loss_removes_more_than_is_allowed() -> None:
    for size in [*range(1, 60), 100, 333, 429, 1000]:
        heads = [head(str(n), missing_since=NOW - 2 * DAY) for n in range(size)]
        for share in range(0, 101, 5):
            kept = [("offer", str(n)) for n in range(size - size * share // 100)]
            plan = _plan(known(*heads), kept)
            assert len(plan.removals) <= _allowed(size), (size, share)
            assert len(plan.removals) in (0, size - len(kept))


def _plan(state: Known, same: list[tuple[str, str]]) -> Plan:
    return plan_of(harvest(same=tuple(same)), state)


def test_a_held_run_keeps_all_and_marks_nothing(bench: Bench) -> None:
    listed = [draft(str(n)) for n in range(10)]
    bench.sync(*listed)
    bench.sync(*listed[:2])
    bench.later(DAY)
    plan = bench.sync(*listed[:2])
    assert (plan.outcome, len(plan.withheld)) == (Outcome.HELD, 8)
    assert plan.problem is not None
    assert "8 would vanish, 3 at most" in plan.problem.message
    assert len(bench.entities("offer")) == 10
    assert not [row for row in bench.rows(record, kind="offer") if row.missing_since]


def test_a_held_run_still_brings_what_is_new_and_changed(bench: Bench) -> None:
    bench.sync(*(draft(str(n)) for n in range(10)))
    plan = bench.sync(draft("0", title="Geändert"), draft("neu", title="Neu"))
    assert (plan.counts.new, plan.counts.changed) == (1, 1)
    assert {"Geändert", "Neu"} <= set(bench.titles())


def test_a_held_run_is_over_when_the_records_return(bench: Bench) -> None:
    listed = [draft(str(n)) for n in range(10)]
    bench.sync(*listed)
    before = bench.public()
    bench.sync(*listed[:2])
    plan = bench.sync(*listed)
    assert (plan.outcome, plan.withheld, bench.public()) == (Outcome.APPLIED, (), before)


def test_a_held_run_does_not_count_as_a_failure(bench: Bench) -> None:
    bench.sync(*(draft(str(n)) for n in range(10)))
    bench.sync(draft("0"))
    (row,) = bench.rows(source, id="freinet")
    assert (row.outcome, row.failures) == ("held", 0)


def test_a_slow_drain_is_noticed_within_a_day(bench: Bench) -> None:
    listed = [draft(str(n)) for n in range(30)]
    bench.sync(*listed)
    outcomes = []
    for hour in range(1, 12):
        bench.later(HOUR)
        outcomes.append(bench.sync(*listed[hour:]).outcome)
    assert outcomes == [Outcome.APPLIED] * 6 + [Outcome.HELD] * 5
    bench.later(DAY)
    bench.sync(*listed[12:])
    assert len(bench.entities("offer")) == 30


@given(st.lists(st.sets(st.integers(0, 19)), min_size=1, max_size=12), st.integers(1, 40))
def test_no_history_removes_more_at_once_than_is_allowed(
    listings: list[set[int]], hours: int
) -> None:
    heads = {n: head(str(n)) for n in range(20)}
    now = NOW
    for listed in listings:
        now += timedelta(hours=hours)
        taken = harvest(same=tuple(("offer", str(n)) for n in sorted(listed & heads.keys())))
        state = known(*heads.values())
        plan = plan_of(taken, state, now)
        assert len(plan.removals) <= _allowed(len(heads))
        heads = _after(heads, plan, now)


def _after(heads: dict[int, Head], plan: Plan, now: object) -> dict[int, Head]:
    left = dict(heads)
    for removal in plan.removals:
        del left[int(removal.head.native_id)]
    for absent in plan.missing:
        left[int(absent.native_id)] = head(absent.native_id, missing_since=now)
    for back in plan.returned:
        left[int(back.native_id)] = head(back.native_id)
    return left
