"""Ask the store something without opening the house: reads, runs nothing, writes nothing."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from aggregator.queries.runs import RunRow
    from aggregator.queries.sources import SourceState
    from aggregator.settings import Settings

T = TypeVar("T")


def ask(settings: "Settings", query: "Callable[[Connection, datetime], T]") -> T:
    """What a query answers right now. Raises `Failure` for a database without our schema."""
    from aggregator.queries import Database
    from aggregator.queries.health import readiness
    from aggregator.working.clock import DatabaseClock
    from api.cli.running import Failure

    database = Database(settings.service.database)
    try:
        if not database.read_now(readiness).schema_current:
            said = "the database is not of this version: run `allmende migrate`"
            raise Failure("database.unavailable", said)
        return database.read_now(
            lambda connection: query(connection, DatabaseClock().now(connection))
        )
    finally:
        database.close()


def print_problems(entries: "Iterable[tuple[str, SourceState | RunRow]]") -> None:
    """The problem of each that has one, on standard error."""
    from api.cli.printing import remarks, say

    for name, entry in entries:
        if entry.problem is not None:
            say(remarks(), f"{name}: {entry.problem.code}: {entry.problem.message}")
