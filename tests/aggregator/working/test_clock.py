"""The time: the database's, aware, and never a module's own."""

from datetime import UTC, datetime, timedelta

from aggregator.store.database import Database
from aggregator.working.clock import DatabaseClock, ShiftedClock


def test_the_databases_clock_tells_utc(database: Database) -> None:
    now = database.read_now(DatabaseClock().now)
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)


def test_time_does_not_stand_still(database: Database) -> None:
    clock = DatabaseClock()
    times = [database.read_now(clock.now) for _ in range(3)]
    assert times == sorted(times)


def test_a_shifted_clock_runs_ahead_by_what_it_was_pushed(database: Database) -> None:
    clock = ShiftedClock()
    clock.push(timedelta(days=3))
    clock.push(timedelta(hours=1))
    ahead = database.read_now(clock.now) - database.read_now(DatabaseClock().now)
    assert abs(ahead - timedelta(days=3, hours=1)) < timedelta(minutes=1)
