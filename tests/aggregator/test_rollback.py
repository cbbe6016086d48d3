"""Taking a run back: a new run that makes the records what they were before."""

from typing import Any

from aggregator.runs import Outcome
from aggregator.store.tables import entity, record, run
from tests.aggregator.making import DAY, HOUR, Bench, draft, mention
from tests.aggregator.soundness import faults


def _newest(bench: Bench) -> int:
    return int(bench.rows(run)[-1].id)


def _sync(bench: Bench, *listed: Any, **more: Any) -> int:
    bench.sync(*listed, **more)
    bench.later(HOUR)
    return _newest(bench)


ONE = (draft("a", title="Eins"), draft("b", title="Zwei"), draft("c", title="Drei"))


def test_changes_new_records_and_deletions_are_taken_back(bench: Bench) -> None:
    _sync(bench, *ONE)
    before = bench.public()
    bad = _sync(
        bench, draft("a", title="404"), ONE[1], draft("x", title="Müll"), gone=(("offer", "c"),)
    )
    assert bench.titles() == ["404", "Müll", "Zwei"]
    plan = bench.roll_back(bad)
    assert (plan.outcome, bench.public()) == (Outcome.APPLIED, before)
    assert plan.counts.add_up()
    assert bench.database.read_now(faults) == []


def test_later_runs_are_taken_back_with_it(bench: Bench) -> None:
    _sync(bench, *ONE)
    before = bench.public()
    bad = _sync(bench, draft("a", title="Falsch"), *ONE[1:])
    _sync(bench, draft("a", title="Noch falscher"), draft("b", title="Auch"), ONE[2])
    _sync(bench, draft("a", title="Noch falscher"), draft("b", title="Auch"), draft("y"))
    bench.roll_back(bad)
    assert bench.public() == before


def test_what_the_run_did_not_touch_keeps_its_change_number(bench: Bench) -> None:
    _sync(bench, *ONE)
    bad = _sync(bench, draft("a", title="Falsch"), *ONE[1:])
    untouched = {r.no: r.change for r in bench.rows(entity)}
    head = bench.head()
    bench.roll_back(bad)
    moved = [r.no for r in bench.rows(entity) if r.change != untouched[r.no]]
    assert len(moved) == 1
    assert bench.head() == head + 1


def test_a_rollback_can_be_rolled_back(bench: Bench) -> None:
    _sync(bench, *ONE)
    good = _sync(bench, draft("a", title="Richtig"), draft("d", title="Vier"), *ONE[1:])
    after = bench.public()
    bench.roll_back(good)
    undone = _newest(bench)
    bench.later(HOUR)
    bench.roll_back(undone)
    assert bench.public() == after


def test_organisations_follow_the_offers_back(bench: Bench) -> None:
    _sync(
        bench,
        draft("a", by=mention("Grünhof e.V.", "7")),
        draft("b", by=mention("Grünhof e.V.", "7")),
    )
    before = bench.public()
    bad = _sync(
        bench,
        draft("a", by=mention("Falsch GmbH", "8")),
        draft("b", by=mention("Falsch GmbH", "8")),
    )
    assert bench.titles("organisation") == ["Falsch GmbH"]
    bench.roll_back(bad)
    assert bench.public() == before
    assert bench.database.read_now(faults) == []


def test_missing_marks_are_taken_back(bench: Bench) -> None:
    _sync(bench, *ONE)
    bad = _sync(bench, *ONE[:2])
    assert [r.native_id for r in bench.rows(record, kind="offer") if r.missing_since] == ["c"]
    bench.roll_back(bad)
    assert not [r for r in bench.rows(record) if r.missing_since]


def test_a_withdrawal_is_taken_back_and_a_return_too(bench: Bench) -> None:
    _sync(bench, *ONE)
    before = bench.public()
    gone = _sync(bench, *ONE[:2], gone=(("offer", "c"),))
    without = bench.public()
    back = _sync(bench, *ONE[:2], draft("c", title="Drei anders"))
    bench.roll_back(back)
    assert bench.public() == without
    bench.later(HOUR)
    bench.roll_back(gone)
    assert bench.public() == before
    assert bench.database.read_now(faults) == []


def test_a_first_run_is_taken_back_to_nothing(bench: Bench) -> None:
    first = _sync(bench, *ONE)
    bench.roll_back(first)
    assert bench.public() == []
    assert bench.database.read_now(faults) == []


def test_the_next_visit_maps_what_was_rolled_back_anew(bench: Bench) -> None:
    _sync(bench, *ONE)
    bad = _sync(bench, draft("a", title="Neuer Stand"), *ONE[1:])
    bench.roll_back(bad)
    bench.later(DAY)
    plan = bench.sync(draft("a", title="Neuer Stand"), *ONE[1:])
    assert plan.counts.changed == 1
    assert "Neuer Stand" in bench.titles()
