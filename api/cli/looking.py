"""`allmende sources` and `allmende runs`: how the sources are doing. Reads, runs nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from api.cli.options import AsJson, Config

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from aggregator.queries.runs import RunRow
    from aggregator.queries.sources import SourceState
    from aggregator.settings import Settings

T = TypeVar("T")

Source = Annotated[str | None, typer.Argument(help="Only this source.", show_default=False)]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="How many runs.")]


def sources(*, config: Config = None, as_json: AsJson = False) -> None:
    """Show how every source is doing and what it holds."""
    from aggregator.queries.sources import source_states
    from api.cli.printing import counted, local, print_json, print_table
    from api.cli.running import explained, load

    with explained(as_json=as_json):
        _, settings = load(config)
        states = _ask(settings, source_states)
    if as_json:
        print_json([asdict(state) for state in states])
        return
    zone = settings.service.zone
    print_table(
        "Sources",
        ("source", "condition", "last run", "checked", "next", "published", "missing", "bad"),
        (
            (
                state.id,
                state.condition,
                state.outcome,
                local(state.checked, zone),
                local(state.next_due, zone),
                counted(state.live),
                state.missing or None,
                state.quarantined or None,
            )
            for state in states
        ),
    )
    _print_problems((state.id, state) for state in states)


def runs(
    source: Source = None,
    *,
    limit: Limit = 20,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Show the last runs and what each found and did."""
    from functools import partial

    from aggregator.queries.runs import recent_runs
    from api.cli.printing import local, print_json, print_table
    from api.cli.running import explained, load

    with explained(as_json=as_json):
        _, settings = load(config)
        chosen = partial(recent_runs, source=source, limit=limit)
        rows = _ask(settings, lambda connection, _now: chosen(connection))
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    print_table(
        "Runs",
        ("run", "source", "started", "seconds", "outcome", "counts", "held"),
        (
            (
                row.id,
                row.source,
                local(row.started, settings.service.zone),
                None if row.duration is None else f"{row.duration.total_seconds():.1f}",
                row.outcome or "running",
                _said(row.counts),
                row.held or None,
            )
            for row in rows
        ),
    )
    _print_problems((f"run {row.id}", row) for row in rows)


def _ask(settings: "Settings", query: "Callable[[Connection, datetime], T]") -> T:
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


def _said(counts: "Mapping[str, Any]") -> str:
    """Counts that are not zero, as "429 found, 2 new"."""
    return ", ".join(f"{number} {name}" for name, number in counts.items() if number)


def _print_problems(entries: "Iterable[tuple[str, SourceState | RunRow]]") -> None:
    from api.cli.printing import remarks

    for name, entry in entries:
        if entry.problem is not None:
            said = f"{name}: {entry.problem.code}: {entry.problem.message}"
            remarks().print(said, markup=False, soft_wrap=True)
