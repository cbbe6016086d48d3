"""A few hundred shrinking sources with every test run; CI lets thousands follow."""

from aggregator.store.database import Database
from tests.torture.shrink import Case, ended_in, ended_when_decided, sweep


def test_no_shrinking_source_loses_more_than_is_plausible() -> None:
    tally = sweep(150, seed=3)
    assert tally.violations == []
    assert 0 < tally.above < tally.cases == 150
    assert tally.ended > 0


def test_what_creeps_away_within_a_day_is_counted_together() -> None:
    assert ended_when_decided(Case(100, 21, 3)) == 0
    assert ended_when_decided(Case(100, 20, 3)) == 20


def test_a_database_agrees(database: Database) -> None:
    for case in (Case(30, 6, 1), Case(30, 7, 3), Case(4, 4, 1)):
        assert ended_in(database, case) == (case.expected, [])
