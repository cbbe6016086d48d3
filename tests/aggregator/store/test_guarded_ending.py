"""How a run ends: counted right, under its own fence, leaving only what the next may build upon."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.errors import LeaseLost
from aggregator.plan import Plan
from aggregator.runs import Counts, Outcome
from aggregator.store.conclude import MAX_STATE, conclude
from aggregator.store.leases import LEASE
from aggregator.store.sources import recall
from aggregator.store.tables import run
from tests.aggregator.making import Bench, draft, harvest

SECOND = timedelta(seconds=1)
VALIDATORS = [{"asked": "GET /", "sha256": "a", "etag": '"1"'}]


def test_a_lost_source_is_not_concluded_unchanged_either(bench: Bench) -> None:
    lease = bench.lease("one")
    errand = bench.errand(lease, harvest())
    bench.later(LEASE + SECOND)
    bench.lease("two")
    ending = bench.ending(lease, Plan(outcome=Outcome.UNCHANGED))
    with pytest.raises(LeaseLost):
        bench.database.write_now(conclude, errand, None, ending)


def test_counts_that_do_not_add_up_end_no_run(bench: Bench) -> None:
    lease = bench.lease()
    wrong = Plan(outcome=Outcome.APPLIED, counts=Counts(found=2, new=1))
    with pytest.raises(AssertionError, match="found=2"):
        bench.database.write_now(
            conclude, bench.errand(lease, harvest()), wrong, bench.ending(lease, wrong)
        )
    assert [row.ended for row in bench.rows(run)] == [None]


def _conclude(bench: Bench, outcome: Outcome, validators: Any = None, cursor: Any = None) -> None:
    """A run that changes no record and remembers these things."""
    lease = bench.lease()
    plain = bench.ending(lease, Plan(outcome=outcome))
    ending = replace(plain, validators=validators, cursor=cursor)
    bench.database.write_now(conclude, bench.errand(lease, harvest()), None, ending)


def test_a_refused_run_leaves_the_validators_alone(bench: Bench) -> None:
    bench.sync(draft("1"))
    _conclude(bench, Outcome.UNCHANGED, validators=VALIDATORS)
    _conclude(bench, Outcome.REFUSED)
    assert bench.database.read_now(recall, bench.source).validators == VALIDATORS
    _conclude(bench, Outcome.INCOMPLETE)
    assert bench.database.read_now(recall, bench.source).validators == []


def test_a_cursor_without_end_is_not_kept(bench: Bench) -> None:
    _conclude(bench, Outcome.APPLIED, cursor="x" * (MAX_STATE - 2))
    with pytest.raises(ValueError, match="are allowed"):
        _conclude(bench, Outcome.APPLIED, cursor="x" * MAX_STATE)
