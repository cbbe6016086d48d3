"""A run's report as JSON-able data, the same in every command."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aggregator.runs import Report


def report_json(report: "Report") -> dict[str, Any]:
    """A report; `run` is null for a dry run, `problem` where there was none."""
    return {
        "source": report.source,
        "run": report.run,
        "outcome": report.outcome.value,
        "counts": report.counts.as_dict(),
        "problem": asdict(report.problem) if report.problem else None,
        "findings": report.findings,
        "held": report.held,
        "stages": {name: round(spent, 4) for name, spent in report.stages.items()},
        "seconds": round(report.seconds, 3),
    }
