"""Whatever a source lists, in whatever order: properties that hold after every run.

`HISTORIES=1000` in the environment tries as many of each; the first failure is shrunk.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Row

from aggregator.plan import Plan
from aggregator.store import knowledge
from aggregator.store.database import Database
from aggregator.store.tables import metadata, record
from aggregator.working.clock import ShiftedClock
from tests.aggregator.histories import Listing, Model, histories, hours
from tests.aggregator.making import Bench
from tests.aggregator.soundness import faults
from tests.aggregator.wiping import empty

pytestmark = pytest.mark.timeout(600)
random_histories = settings(
    deadline=None,
    max_examples=int(os.environ.get("HISTORIES", "20")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Still:
    """A clock that stands, so that a model can know the time."""

    def now(self, connection: Connection) -> datetime:
        del connection
        return datetime(2026, 11, 21, 12, tzinfo=UTC)


def _fresh(database: Database) -> Bench:
    database.write_now(empty)
    return Bench(database, clock=ShiftedClock(Still()))


def _run(bench: Bench, listing: Listing, luck: Random | None = None) -> Plan:
    made = listing.made()
    if luck:
        luck.shuffle(made)
    return bench.sync(*made, **({} if listing.complete else {"complete": None}))


def _runs(bench: Bench, history: Sequence[Listing]) -> Iterator[tuple[Listing, Plan]]:
    for listing in history:
        bench.later(hours(listing))
        yield listing, _run(bench, listing)


@random_histories
@given(history=histories)
def test_the_database_is_sound_after_every_run(database: Database, history: list[Listing]) -> None:
    bench = _fresh(database)
    for listing, plan in _runs(bench, history):
        assert bench.database.read_now(faults) == []
        assert plan.counts.add_up()
        assert plan.counts.found == len(listing.items)


@random_histories
@given(history=histories)
def test_what_is_public_is_what_a_simple_model_says(
    database: Database, history: list[Listing]
) -> None:
    bench, model = _fresh(database), Model()
    for listing, _ in _runs(bench, history):
        model.take(listing, bench.database.read_now(bench.clock.now))
        assert _titles(bench) == model.titles


def _titles(bench: Bench) -> dict[str, str]:
    shown = {one["id"]: one["title"]["de"] for one in bench.public()}
    ids = {row.no: str(row.id) for row in bench.entities("offer")}
    live = bench.rows(record, kind="offer", withdrawn=None)
    return {row.native_id: shown[ids[row.entity_no]] for row in live}


@random_histories
@given(history=histories)
def test_the_same_listing_again_writes_nothing_but_run_and_source(
    database: Database, history: list[Listing]
) -> None:
    bench = _fresh(database)
    for listing, _ in _runs(bench, history):
        before = _everything(bench)
        plan = _run(bench, listing)
        assert plan.is_empty or plan.withheld
        assert _everything(bench) == before


def _everything(bench: Bench) -> dict[str, list[Row[Any]]]:
    tables = {
        name: table for name, table in metadata.tables.items() if name not in ("run", "source")
    }
    return {name: bench.rows(table) for name, table in tables.items()}


@random_histories
@given(history=histories, luck=st.randoms(use_true_random=False))
def test_the_order_of_a_listing_changes_nothing_public(
    database: Database, history: list[Listing], luck: Random
) -> None:
    bench = _fresh(database)
    in_order = [bench.public() for _ in _runs(bench, history)]
    bench = _fresh(database)
    for listing, public in zip(history, in_order, strict=True):
        bench.later(hours(listing))
        _run(bench, listing, luck)
        assert bench.public() == public


@random_histories
@given(history=histories)
def test_looking_around_what_was_touched_finds_what_looking_everywhere_finds(
    database: Database, history: list[Listing]
) -> None:
    bench = _fresh(database)
    for listing in history:
        bench.later(hours(listing))
        taken = bench.listing(*listing.made())
        around = bench.plan(taken)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(knowledge, "broke_off", lambda *_: True)
            everywhere = bench.plan(taken)
        assert _steps(around) == _steps(everywhere)
        bench.run(taken)


def _steps(plan: Plan) -> tuple[set[Any], set[Any], set[Any]]:
    puts = {(p.kind, p.native_id, p.digest, p.target, p.was, p.entity_key) for p in plan.puts}
    rerenders = {(r.record_no, r.target) for r in plan.rerenders}
    return puts, rerenders, {(r.head.no, r.into) for r in plan.removals}
