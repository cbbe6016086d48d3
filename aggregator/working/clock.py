"""What time it is: the database's, so that several machines agree. Tests pass a shifted one."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection, text


class Clock(Protocol):
    """Tells the time of a transaction."""

    def now(self, connection: Connection) -> datetime:
        """The aware UTC instant this transaction counts as."""
        ...


class DatabaseClock:
    """The database's own time."""

    def now(self, connection: Connection) -> datetime:
        """SQLite: milliseconds. PostgreSQL: the start of the statement, microseconds."""
        if connection.dialect.name == "sqlite":
            stamp = connection.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"))
            return datetime.fromisoformat(stamp.scalar_one()).replace(tzinfo=UTC)
        now: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return now.astimezone(UTC)


class ShiftedClock:
    """Another clock, moved by an offset that can be pushed forward."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or DatabaseClock()
        self.offset = timedelta()

    def push(self, step: timedelta) -> None:
        """Let time pass."""
        self.offset += step

    def now(self, connection: Connection) -> datetime:
        """The other clock's time plus the offset."""
        return self._clock.now(connection) + self.offset
