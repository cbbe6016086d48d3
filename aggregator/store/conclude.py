"""The last chunk of a run: removals, quarantine, snapshots, memory, outcome, in one transaction.

Whatever a run leaves behind for the next one is written here or not at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection

from aggregator.due import next_due, not_while_fresh
from aggregator.fetch.politeness import encode, moves_after
from aggregator.plan import Plan
from aggregator.runs import HEALTHY, Outcome, Report
from aggregator.store import quarantine, runs, withheld
from aggregator.store.apply import (
    Errand,
    apply_removals,
    close_work,
    open_work,
    removal_entities,
)
from aggregator.store.changes import fence
from aggregator.store.search import seal_rest
from aggregator.store.sources import recall, said_of
from connectors.base import Between, Everything

MAX_STATE = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What the last chunk writes besides the plan. `validators` None: the next fetch is whole."""

    report: Report
    every: timedelta | None
    """The configured interval; None: the source was not visited, and its next visit stands."""
    validators: list[dict[str, Any]] | None = None
    complete: Everything | Between | None = None
    """What an applied listing was complete for; None: for nothing."""
    stands: bool = False
    """Whether it is a whole visit's: the next one builds upon it, even if it was complete for
    nothing, for an answer that is not modified need not be read again."""
    cursor: Any = None
    snapshots: list[dict[str, Any]] = field(default_factory=list)
    retry_after: float | None = None
    pause: str | None = None
    """Code of the problem that lets the source rest until a person says otherwise."""
    moved: Mapping[str, str | None] | None = None
    """Address of a first request → where it leads for good; None: the source was not asked."""
    fresh_for: float | None = None
    """Seconds for which its answers stay true by their own word."""
    forgets: bool = False
    """Whether the connector's cursor is dropped: the next visit starts from the beginning."""


def conclude(connection: Connection, errand: Errand, plan: Plan | None, ending: Ending) -> Report:
    """Write the end of a run. Raises `LeaseLost` when the source is no longer ours, and
    `AssertionError` when counts do not add up: then nothing of this chunk is written."""
    assert ending.report.counts.add_up(), ending.report.counts
    if plan is not None and not plan.is_empty:
        work = open_work(connection, errand, removal_entities(plan.removals))
        apply_removals(connection, work, plan.missing, plan.removals)
        quarantine.release(connection, errand.source, plan.released)
        quarantine.refuse(connection, errand.source, errand.run, plan.refusals)
        withheld.renew(connection, errand.source, errand.run, plan, work.now)
        close_work(connection, work)
        seal_rest(connection)
        now = work.now
    else:
        fence(connection, errand.source, errand.fence)
        now = errand.clock.now(connection)
    snapshots = [{**row, "run": errand.run, "stored": now} for row in ending.snapshots]
    runs.keep_snapshots(connection, snapshots)
    _remember(connection, errand, ending, now)
    report = ending.report
    runs.close(connection, report, now)
    return report


def _remember(connection: Connection, errand: Errand, ending: Ending, now: datetime) -> None:
    values = _memory(errand, ending)
    if ending.every is not None:
        values |= _visited(connection, errand, ending, ending.every, now)
    if ending.pause is not None:
        values |= {"paused": True, "paused_why": ending.pause}
    if ending.forgets:
        values["state"] = None
    runs.give_back(connection, errand.source, **values)


def _visited(
    connection: Connection, errand: Errand, ending: Ending, every: timedelta, now: datetime
) -> dict[str, Any]:
    """What a visit says of the source, and when the next is due: at once when somebody decided
    meanwhile about what was held back."""
    report, before = ending.report, recall(connection, errand.source)
    fresh = report.outcome in HEALTHY
    failures = 0 if fresh or report.outcome is Outcome.HELD else before.failures + 1
    due = next_due(errand.source, every, now, failures, ending.retry_after)
    due = not_while_fresh(due, now, ending.fresh_for if fresh else None)
    values = runs.said(report, now) | {"failures": failures, "next_due": due}
    patient = failures or ending.retry_after is not None
    if not patient and withheld.decided_since(connection, errand.source, errand.run):
        values["next_due"] = now
    if fresh:
        values["succeeded"] = now
    if ending.moved is not None:
        moves = moves_after(before.moves, ending.moved, now, healthy=fresh)
        values["politeness"] = encode(moves) if moves else None
    return values


def _memory(errand: Errand, ending: Ending) -> dict[str, Any]:
    """What the next visit builds upon. A refused one learnt nothing: the last whole listing and
    its validators stand."""
    if ending.report.outcome is Outcome.REFUSED:
        return {}
    values: dict[str, Any] = {
        "validators": orjson.dumps(ending.validators).decode() if ending.validators else None,
        "settings_hash": errand.mapping,
    }
    if ending.stands:
        values |= {"complete_run": errand.run, "scope": said_of(ending.complete)}
    if ending.cursor is not None:
        values["state"] = _state(ending.cursor)
    return values


def _state(cursor: Any) -> str:
    state = orjson.dumps(cursor).decode()
    if len(state) > MAX_STATE:
        raise ValueError(f"a cursor of {len(state)} bytes; {MAX_STATE} are allowed")
    return state


def abandon(
    connection: Connection, errand: Errand, report: Report, every: timedelta | None
) -> None:
    """Close a run that was interrupted or crashed, if the source is still ours and the run was
    not concluded just before."""
    fence(connection, errand.source, errand.fence)
    if not runs.is_open(connection, errand.run):
        return
    now = errand.clock.now(connection)
    values = _broken_off(connection, report, every, now) if every is not None else {}
    # What was applied may be half a plan: equal answers are read again, as after other settings.
    runs.give_back(connection, errand.source, settings_hash=None, **values)
    runs.close(connection, replace(report, run=errand.run), now)


def _broken_off(
    connection: Connection, report: Report, every: timedelta, now: datetime
) -> dict[str, Any]:
    """A visit that was interrupted is made up for at once; a crash counts as a failure."""
    interrupted = report.outcome is Outcome.INTERRUPTED
    failures = recall(connection, report.source).failures + (0 if interrupted else 1)
    due = now if interrupted else next_due(report.source, every, now, failures)
    return runs.said(report, now) | {"failures": failures, "next_due": due}
