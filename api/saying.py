"""How sources and runs are told to people, in plain words, the same in every face. Data and pure
functions; English, as the monitor and the command line are."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from aggregator.queries.sources import SourceState
from schema.problems import MEANINGS, Meaning

CONDITIONS: Final[Mapping[str, str]] = {
    "fresh": "Fresh: the last check went well.",
    "late": "Late: a check is overdue. Is the worker running?",
    "failing": "Failing: the last check went wrong. What was published before stays.",
    "held": "Held: more would vanish or change than is plausible. A person decides.",
    "never": "Never checked yet.",
    "paused": "Paused: it is not checked until somebody lets it go on.",
    "disabled": "Switched off in the configuration.",
}
OUTCOMES: Final[Mapping[str, str]] = {
    "unchanged": "nothing new",
    "applied": "done",
    "held": "implausible, partly held back",
    "degraded": "done, with gaps",
    "incomplete": "cut short, nothing removed",
    "refused": "not readable, nothing changed",
    "crashed": "an error of ours",
    "cancelled": "cancelled",
    "interrupted": "interrupted",
}
CAUSES: Final[Mapping[str, str]] = {
    "schedule": "it was due",
    "request": "somebody asked for it",
    "replay": "kept documents were read again",
    "rollback": "earlier runs were taken back",
}
BECAME: Final[Mapping[str, str]] = {
    "new": "new",
    "changed": "changed",
    "withdrawn": "withdrawn",
    "returned": "back again",
}
COUNTS: Final = (
    ("found", "found"),
    ("new", "new"),
    ("changed", "changed"),
    ("same", "unchanged"),
    ("quarantined", "quarantined"),
    ("withheld", "held back"),
    ("missing", "missing"),
    ("returned", "back again"),
    ("withdrawn", "withdrawn"),
)
BY_HAND: Final = "Somebody let it rest."


def ended(outcome: str | None) -> str:
    """How a run ended; one without an outcome still goes on."""
    return "going on" if outcome is None else OUTCOMES.get(outcome, outcome)


def made_because(cause: str | None) -> str | None:
    """Why a run was made, where that is known."""
    return None if cause is None else CAUSES.get(cause, cause)


def counted(counts: Mapping[str, Any]) -> str:
    """A run's counts that are not zero, as "429 found, 2 new"."""
    return ", ".join(f"{counts[key]} {word}" for key, word in COUNTS if counts.get(key))


def changed(counts: Mapping[Any, int]) -> str:
    """What became of how many records, as "3 new, 1 withdrawn"."""
    return ", ".join(f"{counts[key]} {word}" for key, word in BECAME.items() if counts.get(key))


def meaning(code: str) -> Meaning:
    """What a code means and what to do; an unknown one is told as it is."""
    return MEANINGS.get(code, Meaning(code, "Look at the run with the command line."))


def why_it_rests(code: str | None) -> str:
    """Why a paused source rests, and what lets it go on."""
    return BY_HAND if code is None else f"{meaning(code).title}. {meaning(code).advice}"


def asked_to_wait(state: SourceState) -> bool:
    """Whether the next visit waits because the source asked for fewer requests."""
    return state.problem is not None and state.problem.code == "source.rate_limited"


def spoken(duration: timedelta) -> str:
    """A duration in words, as exact as people need it."""
    seconds = duration.total_seconds()
    if seconds < 1:
        return "less than a second"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
