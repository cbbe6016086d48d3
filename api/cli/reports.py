"""A run's report, the same in every command: as JSON-able data, and as a table for people."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from aggregator.runs import Report

GOOD: Final = frozenset({"unchanged", "applied", "busy"})
"""Outcomes that are nobody's problem; `busy`: a worker is at it right now."""


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


def print_reports(reports: list[dict[str, Any]], *, dry_run: bool) -> None:
    """A table of runs, and below it, on standard error, what a person should know."""
    from api.cli.printing import print_table, remarks, say

    shown = ("found", "new", "changed", "same", "missing", "withdrawn", "quarantined", "withheld")
    rows = (
        (
            report["source"],
            report["outcome"],
            *(report.get("counts", {}).get(name) for name in shown),
            report.get("seconds"),
        )
        for report in reports
    )
    title = "What a run would do" if dry_run else "Runs"
    print_table(title, ("source", "outcome", *shown, "seconds"), rows)
    for report in reports:
        for line in _remarks(report):
            say(remarks(), f"{report['source']}: {line}")


def _remarks(report: dict[str, Any]) -> list[str]:
    """What a person should know beside the numbers."""
    problem, held = report.get("problem"), report.get("held")
    lines = [f"{problem['code']}: {problem['message']}"] if problem else []
    lines += [_held(report["run"], held)] if held else []
    lines += ["a worker is asking it right now"] if report["outcome"] == "busy" else []
    return lines + [
        f"finding {code}: {said['count']} times"
        for code, said in report.get("findings", {}).items()
    ]


def _held(run: int | None, held: Sequence[Sequence[str]]) -> str:
    """What is held back, and where to look."""
    counted = Counter(what for _, _, what in held)
    said = " and ".join(f"{n} {what}{'s' if n > 1 else ''}" for what, n in counted.items())
    return said + (" held back" if run is None else f" held back; look: allmende runs show {run}")
