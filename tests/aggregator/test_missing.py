"""What is not listed any more: marked, withdrawn after a day, back as if nothing had been."""

from datetime import timedelta

import pytest

from aggregator.guard import Plausible
from aggregator.harvest import Harvest
from aggregator.plan import Plan
from aggregator.runs import Outcome
from aggregator.store.planning import plan_of
from aggregator.store.tables import record
from schema import Problem
from tests.aggregator.making import DAY, HOUR, Bench, draft, harvest, refusal
from tests.aggregator.soundness import faults

SECOND = timedelta(seconds=1)


def _missing(bench: Bench) -> list[str]:
    rows = bench.rows(record, kind="offer", withdrawn=None)
    return [row.native_id for row in rows if row.missing_since]


def test_what_is_not_listed_is_marked_and_stays_public(bench: Bench) -> None:
    bench.sync(draft("1"), draft("2"))
    head = bench.head()
    plan = bench.sync(draft("1"))
    assert (_missing(bench), plan.counts.missing) == (["2"], 1)
    assert (len(bench.entities("offer")), bench.head()) == (2, head)


def test_it_is_withdrawn_at_the_first_complete_run_a_day_later(bench: Bench) -> None:
    bench.sync(draft("1"), draft("2"))
    bench.sync(draft("1"))
    bench.later(DAY - HOUR)
    assert bench.sync(draft("1")).counts.withdrawn == 0
    bench.later(HOUR)
    assert bench.sync(draft("1")).counts.withdrawn == 1
    (gone,) = bench.entities("offer", "withdrawn")
    assert gone.change == bench.head()
    assert gone.no not in bench.documents()
    assert bench.database.read_now(faults) == []


def test_a_record_missing_for_a_while_returns_without_a_trace(bench: Bench) -> None:
    bench.sync(draft("1"), draft("2"))
    before, head = bench.documents(), bench.head()
    bench.sync(draft("1"))
    bench.later(23 * HOUR)
    plan = bench.sync(draft("1"), draft("2"))
    assert (plan.counts.returned, _missing(bench)) == (1, [])
    assert (bench.documents(), bench.head()) == (before, head)


def test_absence_counts_from_anew_after_a_return(bench: Bench) -> None:
    bench.sync(draft("1"), draft("2"))
    for _ in range(3):
        bench.sync(draft("1"))
        bench.later(23 * HOUR)
        bench.sync(draft("1"), draft("2"))
        bench.later(23 * HOUR)
    assert len(bench.entities("offer")) == 2


def test_a_withdrawn_record_that_comes_back_has_its_public_id_again(bench: Bench) -> None:
    bench.sync(draft("1"), draft("2"))
    before = {row.id for row in bench.entities("offer")}
    bench.sync(draft("1"))
    bench.later(DAY)
    bench.sync(draft("1"))
    plan = bench.sync(draft("1"), draft("2", title="Wieder da"))
    assert (plan.counts.new, plan.counts.returned) == (1, 1)
    assert {row.id for row in bench.entities("offer")} == before
    assert bench.database.read_now(faults) == []


@pytest.mark.parametrize(
    "broken",
    [
        {"complete": None},
        {"findings": (Problem("document.cut"),)},
        {"refusals": (refusal(None),)},
    ],
    ids=["nothing said to be complete", "cut", "a raw without a key"],
)
def test_an_incomplete_listing_removes_nothing(bench: Bench, broken: dict[str, object]) -> None:
    bench.sync(*(draft(str(n)) for n in range(5)))
    bench.run(harvest([draft("0")], **broken))
    bench.later(2 * DAY)
    plan = bench.run(harvest([draft("0")], **broken))
    assert (len(bench.entities("offer")), _missing(bench)) == (5, [])
    assert plan.counts.withdrawn == plan.counts.missing == 0


def test_an_incomplete_listing_does_not_withdraw_what_is_missing_long_enough(bench: Bench) -> None:
    bench.sync(draft("1"), draft("2"))
    bench.sync(draft("1"))
    bench.later(2 * DAY)
    bench.sync(draft("1"), complete=None)
    assert len(bench.entities("offer")) == 2


def test_a_known_record_that_cannot_be_read_counts_as_present(bench: Bench) -> None:
    bench.sync(draft("1"), draft("2"))
    for _ in range(3):
        bench.sync(draft("1"), refusal("2"))
        bench.later(DAY)
    assert bench.titles() == ["Bäume gießen"] * 2
    assert _missing(bench) == []


def test_a_missing_record_that_is_listed_unreadable_is_not_missing_any_more(bench: Bench) -> None:
    bench.sync(draft("1"), draft("2"))
    bench.sync(draft("1"))
    bench.later(20 * HOUR)
    bench.sync(draft("1"), refusal("2"))
    assert _missing(bench) == []
    bench.later(20 * HOUR)
    assert bench.sync(draft("1")).counts.withdrawn == 0


def test_what_the_source_calls_deleted_ends_at_once(bench: Bench) -> None:
    bench.sync(*(draft(str(n)) for n in range(9)))
    plan = bench.run(harvest(complete=None, gone=tuple(("offer", str(n)) for n in range(8))))
    assert (plan.counts.withdrawn, plan.outcome) == (8, Outcome.APPLIED)
    assert len(bench.entities("offer")) == 1


def _repeat(bench: Bench) -> Plan:
    """The same answer once more: nothing was read, everything is decided."""
    taken = Harvest(repeats=True)
    with bench.database.engine.connect() as connection:
        now = bench.clock.now(connection)
        return plan_of(connection, bench.source, taken, now, plausible=Plausible())


def test_a_repeated_listing_withdraws_what_is_due_and_nothing_else(bench: Bench) -> None:
    bench.sync(draft("1"), draft("2"), refusal("3"))
    bench.sync(draft("1"), refusal("3"))
    assert _repeat(bench).is_empty
    bench.later(DAY - SECOND)
    assert _repeat(bench).is_empty
    bench.later(2 * SECOND)
    plan = _repeat(bench)
    assert [removal.head.native_id for removal in plan.removals] == ["2"]
    assert (plan.counts.found, plan.counts.quarantined) == (2, 1)


def test_a_record_whose_raw_gives_no_entity_of_its_kind_any_more_is_missing(bench: Bench) -> None:
    bench.sync(draft("1"), draft("1b", raw="1"), draft("2"))
    bench.sync(draft("1", title="Allein"), draft("2"))
    assert _missing(bench) == ["1b"]
