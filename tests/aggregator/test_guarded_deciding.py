"""One guard at a time: here nothing else would hold back what is taken away or rewritten."""

import pytest

from aggregator.decisions import Decision
from aggregator.guard import Plausible
from aggregator.harvest import Harvest
from aggregator.plan import Plan
from aggregator.store.planning import plan_of
from aggregator.store.tables import record, withheld
from schema import Problem
from tests.aggregator.making import DAY, Bench, draft, harvest, refusal
from tests.aggregator.planning import NOW, head, known
from tests.aggregator.planning import plan_of as plan_of_values

BROKEN = {
    "nothing is said to be whole": {"complete": None},
    "cut": {"findings": (Problem("document.cut"),)},
    "a raw without a key": {"refusals": (refusal(None),)},
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_an_incomplete_listing_removes_not_even_the_few_that_may_vanish(
    bench: Bench, broken: dict[str, object]
) -> None:
    bench.sync(draft("1"), draft("2"))
    bench.run(harvest([draft("1")], **broken))
    bench.later(2 * DAY)
    plan = bench.run(harvest([draft("1")], **broken))
    assert (plan.counts.missing, plan.counts.withdrawn) == (0, 0)
    assert len(bench.entities("offer")) == 2
    assert not [row for row in bench.rows(record) if row.missing_since]


def test_a_record_that_is_refused_for_the_first_time_is_present() -> None:
    state = known(head("1"), head("2", missing_since=NOW - 2 * DAY))
    plan = plan_of_values(harvest(same=(("offer", "1"),), refusals=(refusal("2"),)), state)
    assert (plan.removals, plan.missing) == ((), ())
    assert [one.native_id for one in plan.returned] == ["2"]


def test_what_is_withheld_stays_so_over_runs_that_cannot_tell(bench: Bench) -> None:
    listed = [draft(str(n)) for n in range(10)]
    bench.sync(*listed)
    bench.sync(*listed[:2])
    before = bench.rows(withheld)
    bench.sync(draft("0", title="Neu"), complete=None)
    assert len(before) == 8
    assert bench.rows(withheld) == before


def _repeat(bench: Bench) -> Plan:
    """The same answer once more: nothing was read, everything is decided."""
    with bench.database.engine.connect() as connection:
        now = bench.clock.now(connection)
        taken = Harvest(repeats=True)
        return plan_of(connection, bench.source, taken, now, plausible=Plausible())


def test_a_repeated_answer_does_not_list_what_stays_only_by_a_persons_word(bench: Bench) -> None:
    listed = [draft(str(n)) for n in range(10)]
    bench.sync(*listed)
    bench.sync(*listed[:2])
    assert bench.decide(Decision.REJECTED) == 8
    bench.sync(*listed[:2])
    plan = _repeat(bench)
    assert (plan.counts.found, plan.settled) == (2, ())
