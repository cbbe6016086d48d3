"""A source or a run → what the pages under `/admin` say of it, in the reader's language. Pure: no
request, no layout."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from aggregator.queries.runs import RunRow
from aggregator.queries.sources import SourceState
from api.saying import (
    ago,
    ahead,
    asked_to_wait,
    at_stake,
    counted,
    ended,
    made_because,
    meaning,
    spoken,
    standing,
    why_it_rests,
)
from schema.problems import Meaning, Problem


def told_source(
    state: SourceState, history: Iterable[RunRow], now: datetime, language: str
) -> dict[str, Any]:
    """How a source is doing. Its problem is told where its condition follows from it, and nothing
    else says what to do."""
    waiting = state.waiting
    waits = waiting is not None and waiting.run is not None
    explains = state.condition == "failing" or (state.condition == "held" and not waits)
    return {
        "state": state,
        "standing": standing(state.condition, language),
        "look": look_of(state.condition),
        "problem": problem(state.problem, language) if explains else None,
        "rests": why_it_rests(state.paused_why, language) if state.condition == "paused" else None,
        "at_stake": at_stake(waiting, language) if waiting and waiting.run else None,
        "held_since": ago(waiting.since, now, language) if waiting and waiting.since else None,
        "succeeded": ago(state.succeeded, now, language) if state.succeeded else None,
        "checked": ago(state.checked, now, language) if state.checked else None,
        "next": _next(state, now, language),
        "patient": asked_to_wait(state),
        "history": [summary(run, now, language) for run in history],
    }


def look_of(condition: str) -> str:
    """A condition → how it looks: good, poor, or neither."""
    if condition == "fresh":
        return "good"
    return "still" if condition in ("paused", "disabled", "never") else "poor"


def summary(run: RunRow, now: datetime, language: str) -> dict[str, Any]:
    """A run as its line, and the head of its page, show it."""
    return {
        "run": run,
        "outcome": ended(run.outcome, language),
        "look": "still" if run.outcome is None else "good" if run.healthy else "poor",
        "started": ago(run.started, now, language),
        "cause": made_because(run.cause, language),
        "counts": counted(run.counts, language),
        "duration": None if run.duration is None else spoken(run.duration, language),
        "problem": problem(run.problem, language),
    }


def problem(found: Problem | None, language: str) -> tuple[str, Meaning] | None:
    """A problem → its code and what that means; messages are told on the command line."""
    return None if found is None else (found.code, meaning(found.code, language))


def _next(state: SourceState, now: datetime, language: str) -> str | None:
    """When the next visit is; None where there is none, or where it is due."""
    if state.condition in ("paused", "disabled") or state.next_due is None:
        return None
    return ahead(state.next_due, now, language) if state.next_due > now else None
