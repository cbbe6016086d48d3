"""How a run ends, row by row of the table in docs/architecture.md, decided without a database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.compare import repeat_listing
from aggregator.harvest import Harvest
from aggregator.plan import Plan
from aggregator.runs import Counts, Outcome, summarise
from schema import Level, Problem
from tests.aggregator.making import draft, harvest, refusal
from tests.aggregator.planning import NOW, head, known, plan_of, stored

TEN = known(*(head(str(n)) for n in range(10)))
CUT = Problem("document.cut", "", "it ends early")
ALL = tuple(("offer", str(n)) for n in range(10))


def _plan(same: int = 10, **more: Any) -> Plan:
    """Ten records are published; this many of them are listed unchanged."""
    return plan_of(harvest(**{"same": ALL[:same], **more}), TEN)


def test_a_whole_listing_is_applied() -> None:
    plan = _plan(9, drafts=[draft("9", title="Neu"), draft("10")])
    assert (plan.outcome, plan.problem) == (Outcome.APPLIED, None)
    assert (plan.counts.new, plan.counts.changed, plan.counts.same) == (1, 1, 9)
    assert len(plan.puts) == 2


def test_a_whole_listing_marks_what_is_missing() -> None:
    plan = _plan(9)
    assert (plan.outcome, [h.native_id for h in plan.missing]) == (Outcome.APPLIED, ["9"])


def test_an_implausible_listing_is_held() -> None:
    plan = _plan(2, drafts=[draft("neu")])
    assert (plan.outcome, len(plan.withheld), plan.missing, plan.removals) == (
        Outcome.HELD,
        8,
        (),
        (),
    )
    assert plan.problem is not None
    assert (plan.problem.code, len(plan.puts)) == ("run.held", 1)


def test_a_listing_with_unreadable_records_is_degraded_and_marks_what_is_missing() -> None:
    plan = _plan(8, refusals=(refusal("8"),))
    assert (plan.outcome, plan.counts.quarantined) == (Outcome.DEGRADED, 1)
    assert [h.native_id for h in plan.missing] == ["9"]


def test_a_listing_whose_details_failed_is_degraded() -> None:
    taken = harvest(same=ALL)
    taken.details_failed = 1
    assert plan_of(taken, TEN).outcome is Outcome.DEGRADED


@pytest.mark.parametrize(
    ("broken", "code"),
    [({"findings": (CUT,)}, "document.cut"), ({"refusals": (refusal(None),)}, "record.no_title")],
    ids=["cut", "a raw without a key"],
)
def test_a_broken_listing_is_incomplete_and_brings_what_it_has(
    broken: dict[str, Any], code: str
) -> None:
    plan = _plan(5, drafts=[draft("neu"), draft("5", title="Geändert")], **broken)
    assert plan.problem is not None
    assert (plan.outcome, plan.problem.code) == (Outcome.INCOMPLETE, code)
    assert (len(plan.puts), plan.missing, plan.removals) == (2, (), ())


def test_a_broken_listing_is_never_held() -> None:
    assert _plan(1, findings=(CUT,)).withheld == ()


def test_a_listing_complete_for_nothing_is_applied_and_removes_nothing() -> None:
    plan = _plan(1, complete=None)
    assert (plan.outcome, plan.missing, plan.withheld) == (Outcome.APPLIED, (), ())


def test_a_repeated_listing_changes_nothing() -> None:
    taken = Harvest()
    repeat_listing(taken, TEN)
    plan = plan_of(taken, TEN)
    assert plan.is_empty
    assert (plan.outcome, plan.counts.found, plan.counts.same) == (Outcome.APPLIED, 10, 10)


def test_a_warning_does_not_break_a_listing() -> None:
    plan = _plan(findings=(Problem("text.cut", "title", "255", Level.WARNING),))
    assert (plan.outcome, [f.code for f in plan.findings]) == (Outcome.APPLIED, ["text.cut"])


def test_an_unchanged_body_under_a_new_fingerprint_is_stored_silently() -> None:
    (before,) = harvest([draft("1")]).drafts
    state = known(stored(replace(before, fingerprint=b"older")))
    plan = plan_of(harvest([draft("1", stamp="2")]), state)
    assert (plan.counts.same, plan.counts.changed, plan.puts) == (1, 0, ())
    assert [(touch.stamp, touch.head.native_id) for touch in plan.touches] == [("2", "1")]


def test_a_known_record_whose_details_failed_keeps_its_last_body() -> None:
    plan = plan_of(harvest([draft("1", title="Nur die Liste", partial=True)]), TEN)
    assert (plan.puts, plan.touches, plan.counts.same) == ((), (), 1)


def test_a_new_record_whose_details_failed_is_published_and_asked_for_again() -> None:
    (put,) = plan_of(harvest([draft("neu", partial=True, stamp="7")]), TEN).puts
    assert put.stamp is None


def test_a_withdrawn_record_whose_details_failed_is_published_again() -> None:
    state = known(head("1", withdrawn=NOW - timedelta(days=3)))
    (put,) = plan_of(harvest([draft("1", partial=True)]), state).puts
    assert put.head is not None


def test_raws_are_counted_once_however_many_records_they_gave() -> None:
    plan = plan_of(harvest([draft("a", raw="r"), draft("b", raw="r"), draft("c")]), known())
    assert (len(plan.puts), plan.counts.new, plan.counts.found) == (3, 2, 2)


def test_counts_that_do_not_add_up_are_noticed() -> None:
    assert Counts(found=3, new=1, same=1, quarantined=1).add_up()
    assert not Counts(found=3, new=1).add_up()


def test_findings_are_counted_with_a_few_examples() -> None:
    found = summarise(Problem("text.cut", f"title.{n}", "255") for n in range(9))
    assert (found["text.cut"]["count"], len(found["text.cut"]["examples"])) == (9, 3)
