"""Quarantine rows: one for each raw that did not become a record, refreshed, released."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, delete, select

from aggregator.harvest import Refusal
from aggregator.store.compression import compress
from aggregator.store.runs import problem_fields
from aggregator.store.tables import quarantine
from aggregator.store.writes import upsert

KEY = ("source", "kind", "locator")


def refuse(connection: Connection, source: str, run: int, refusals: Sequence[Refusal]) -> None:
    """Write refusals. A row that says the same already is left alone."""
    stored = {
        (row.kind, row.locator): row
        for row in connection.execute(select(quarantine).where(quarantine.c.source == source))
    }
    rows = {}
    for refusal in refusals:
        before = stored.get((refusal.kind, refusal.locator))
        row = _row(source, run, refusal, before.first_run if before else run)
        if before and (before.fingerprint, before.problems) == (
            row["fingerprint"],
            row["problems"],
        ):
            continue
        rows[refusal.kind, refusal.locator] = row
    upsert(connection, quarantine, KEY, list(rows.values()))


def release(connection: Connection, source: str, released: Iterable[tuple[str, str]]) -> None:
    """Delete the rows of raws that map again or are listed no more."""
    for kind, locator in released:
        connection.execute(
            delete(quarantine).where(
                quarantine.c.source == source,
                quarantine.c.kind == kind,
                quarantine.c.locator == locator,
            )
        )


def _row(source: str, run: int, refusal: Refusal, first: int) -> dict[str, Any]:
    problems = [problem_fields(problem) for problem in refusal.problems]
    return {
        "source": source,
        "kind": refusal.kind,
        "locator": refusal.locator,
        "raw_key": refusal.key if refusal.key == refusal.locator else None,
        "fingerprint": refusal.fingerprint,
        "problems": orjson.dumps(problems).decode(),
        "raw": compress(refusal.raw),
        "first_run": first,
        "last_run": run,
    }
