"""What the worker says in the log: every run quietly, a failure once, the recovery once; what
waits for a person, again and again."""

import logging
from collections.abc import Mapping

from aggregator.queries.withheld import Waiting
from aggregator.runs import Report

log = logging.getLogger("allmende.runs")


class Journal:
    """Remembers which source has which trouble, so that a dead feed does not fill the log."""

    def __init__(self) -> None:
        self._troubles: dict[str, str] = {}

    def write(self, report: Report) -> None:
        """One run's line, at the level it deserves."""
        trouble = report.problem.code if report.problem else ""
        before = self._troubles.pop(report.source, "")
        if trouble:
            self._troubles[report.source] = trouble
        log.log(self._level(trouble, before), "%s", describe(report))
        if before and not trouble:
            log.warning("%s works again", report.source)

    def _level(self, trouble: str, before: str) -> int:
        return logging.WARNING if trouble and trouble != before else logging.INFO


def describe(report: Report) -> str:
    """A run in one line: source, outcome, seconds, what changed, what went wrong."""
    counts = {name: n for name, n in report.counts.as_dict().items() if n}
    told = ", ".join(f"{name} {n}" for name, n in counts.items()) or "nothing read"
    problem = f"; {report.problem.code}: {report.problem.message}" if report.problem else ""
    return f"{report.source} {report.outcome} in {report.seconds:.1f} s: {told}{problem}"


def tell_again(waiting: Mapping[str, Waiting]) -> None:
    """A line for each source that waits for a person."""
    for source, what in waiting.items():
        since = what.since.isoformat(" ", "minutes") if what.since else "some time"
        decide = f"decide: allmende runs approve {what.run}"
        log.warning("%s holds back %s since %s; %s", source, what, since, decide)
