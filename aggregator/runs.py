"""What a run is and how it can end. Data only."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from schema import Problem


class Cause(StrEnum):
    """Why a run was made: its time had come, a person wanted a visit, kept documents were read
    again, or earlier runs were taken back."""

    SCHEDULE = "schedule"
    REQUEST = "request"
    REPLAY = "replay"
    ROLLBACK = "rollback"


class Outcome(StrEnum):
    """How a run ended (docs/architecture.md, outcomes)."""

    UNCHANGED = "unchanged"
    APPLIED = "applied"
    HELD = "held"
    DEGRADED = "degraded"
    INCOMPLETE = "incomplete"
    REFUSED = "refused"
    CRASHED = "crashed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


HEALTHY = frozenset({Outcome.UNCHANGED, Outcome.APPLIED, Outcome.DEGRADED})
"""Outcomes after which a source counts as fresh."""

BROKEN_OFF = frozenset({Outcome.CRASHED, Outcome.CANCELLED, Outcome.INTERRUPTED})
"""Outcomes that may leave a plan half done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a run found (raws with a key) and, beside it, what it did to records."""

    found: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    quarantined: int = 0
    withheld: int = 0
    missing: int = 0
    returned: int = 0
    withdrawn: int = 0
    derived: int = 0
    rerendered: int = 0
    without_key: int = 0

    def add_up(self) -> bool:
        """Whether every raw found was accounted for."""
        parts = self.new + self.changed + self.same + self.quarantined + self.withheld
        return self.found == parts

    def as_dict(self) -> dict[str, int]:
        """Name → number, every name present."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is: `done` of `total` (None: unknown) in `stage` (fetch, read, apply)."""

    source: str
    stage: str
    done: int
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A run that ended, or (`run` None) what a dry run would do. Seconds by stage."""

    source: str
    run: int | None
    outcome: Outcome
    counts: Counts
    problem: Problem | None = None
    findings: dict[str, Any] = field(default_factory=dict)
    stages: dict[str, float] = field(default_factory=dict)
    held: tuple[tuple[str, str, str], ...] = ()
    """(kind, native id, removal or change) of what it held back."""
    seconds: float = 0.0


def summarise(findings: Iterable[Problem], examples: int = 3) -> dict[str, Any]:
    """Findings → code → {count, examples}: paths and messages of the first few."""
    summary: dict[str, Any] = {}
    for finding in findings:
        entry = summary.setdefault(finding.code, {"count": 0, "examples": []})
        entry["count"] += 1
        if len(entry["examples"]) < examples:
            entry["examples"].append({"path": finding.path, "message": finding.message})
    return summary
