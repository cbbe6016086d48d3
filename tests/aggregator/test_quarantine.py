"""Raws that did not become records: one row each, refreshed, released; duplicates among them."""

from typing import Any

import pytest
from sqlalchemy import Row

from aggregator.runs import Outcome
from aggregator.store.compression import decompress
from aggregator.store.tables import quarantine
from tests.aggregator.making import Bench, draft, refusal


def _rows(bench: Bench) -> dict[str, Row[Any]]:
    return {row.locator: row for row in bench.rows(quarantine)}


def test_a_refused_raw_lies_in_quarantine_while_the_rest_flows(bench: Bench) -> None:
    plan = bench.sync(draft("1"), refusal("2"), draft("3"))
    assert (plan.outcome, plan.counts.new, plan.counts.quarantined) == (Outcome.DEGRADED, 2, 1)
    row = _rows(bench)["2"]
    assert (row.raw_key, decompress(row.raw)) == ("2", b"bad")
    assert "record.no_title" in row.problems


def test_an_unchanged_bad_raw_is_counted_and_its_row_is_not_written_again(bench: Bench) -> None:
    bench.sync(draft("1"), refusal("2"))
    before = _rows(bench)
    plan = bench.sync(draft("1"), refusal("2"))
    assert (plan.counts.found, plan.counts.same, plan.counts.quarantined) == (2, 1, 1)
    assert (_rows(bench), plan.is_empty, plan.outcome) == (before, True, Outcome.DEGRADED)


def test_a_raw_that_is_bad_in_another_way_refreshes_its_row(bench: Bench) -> None:
    bench.sync(refusal("2"))
    first = _rows(bench)["2"]
    bench.sync(refusal("2", "worse"))
    row = _rows(bench)["2"]
    assert decompress(row.raw) == b"worse"
    assert (row.first_run, row.last_run) == (first.first_run, first.last_run + 1)


@pytest.mark.parametrize("stays", [True, False], ids=["mended", "listed no more"])
def test_the_row_goes_when_the_raw_is_mended_or_gone(bench: Bench, stays: bool) -> None:
    bench.sync(draft("1"), refusal("2"))
    plan = bench.sync(draft("1"), *([draft("2")] if stays else []))
    assert (_rows(bench), plan.outcome) == ({}, Outcome.APPLIED)


def test_an_incomplete_listing_releases_only_what_it_read(bench: Bench) -> None:
    bench.sync(draft("1"), refusal("2"), refusal("3"))
    bench.sync(draft("2"), complete=None)
    assert set(_rows(bench)) == {"3"}


def test_a_record_that_turns_bad_keeps_its_last_good_version_public(bench: Bench) -> None:
    bench.sync(draft("1"))
    before = bench.documents()
    bench.sync(refusal("1"))
    assert bench.documents() == before
    plan = bench.sync(draft("1"))
    assert (plan.counts.same, _rows(bench), bench.documents()) == (1, {}, before)


def test_a_raw_without_a_key_makes_the_run_incomplete_and_leaves_with_the_next_whole_one(
    bench: Bench,
) -> None:
    plan = bench.sync(draft("1"), refusal(None))
    assert (plan.outcome, plan.counts.found, plan.counts.without_key) == (Outcome.INCOMPLETE, 1, 1)
    assert _rows(bench)["at bad"].raw_key is None
    assert bench.sync(draft("1")).outcome is Outcome.APPLIED
    assert _rows(bench) == {}


def test_of_two_records_with_one_id_the_first_stays(bench: Bench) -> None:
    plan = bench.sync(draft("1", title="Eins"), draft("1", title="Zwei"))
    assert (bench.titles(), plan.counts.found) == (["Eins"], 2)
    assert (plan.outcome, set(_rows(bench))) == (Outcome.DEGRADED, {"1#duplicate"})


@pytest.mark.parametrize("second", ["Eins", "Zwei"], ids=["word for word", "another text"])
def test_a_duplicate_stays_one_row_while_it_stays(bench: Bench, second: str) -> None:
    both = draft("1", title="Eins"), draft("1", title=second)
    first = bench.sync(*both)
    before, head = _rows(bench), bench.head()
    again = bench.sync(*both)
    assert (_rows(bench), bench.head()) == (before, head)
    assert (again.counts.found, again.counts.quarantined) == (2, 1)
    assert again.outcome is first.outcome is Outcome.DEGRADED


def test_a_duplicate_that_comes_first_next_time_does_not_take_the_place(bench: Bench) -> None:
    one, two = draft("1", title="Eins"), draft("1", title="Zwei")
    bench.sync(one, two)
    bench.sync(two, one)
    assert bench.titles() == ["Eins"]


def test_a_key_may_hold_any_character(bench: Bench) -> None:
    bench.sync(refusal("https://agentur.example/#17"))
    plan = bench.sync(refusal("https://agentur.example/#17"))
    assert (plan.counts.quarantined, plan.is_empty) == (1, True)
    assert len(_rows(bench)) == 1
