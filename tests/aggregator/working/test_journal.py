"""The log says a failure once and a recovery once, whatever the number of runs."""

import logging

import pytest

from aggregator.runs import Counts, Outcome, Report
from aggregator.working.journal import Journal, describe
from schema import Problem

TIMEOUT = Problem("source.timeout", "", "no answer in 30 s")
REFUSED = Problem("source.refused", "", "403")


def _report(problem: Problem | None = None, source: str = "a") -> Report:
    outcome = Outcome.REFUSED if problem else Outcome.APPLIED
    return Report(source=source, run=1, outcome=outcome, counts=Counts(), problem=problem)


def _warned(caplog: pytest.LogCaptureFixture, *reports: Report) -> list[str]:
    journal = Journal()
    with caplog.at_level(logging.INFO, logger="allmende.runs"):
        for report in reports:
            journal.write(report)
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]


def test_the_same_trouble_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    warned = _warned(caplog, *[_report(TIMEOUT)] * 5)
    assert len(warned) == 1
    assert len(caplog.records) == 5


def test_another_trouble_and_another_source_are_told(caplog: pytest.LogCaptureFixture) -> None:
    reports = (_report(TIMEOUT), _report(REFUSED), _report(TIMEOUT, "b"))
    assert len(_warned(caplog, *reports)) == 3


def test_the_recovery_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    warned = _warned(caplog, _report(TIMEOUT), _report(), _report())
    assert warned[1:] == ["a works again"]


def test_trouble_that_returns_is_told_again(caplog: pytest.LogCaptureFixture) -> None:
    assert len(_warned(caplog, _report(TIMEOUT), _report(), _report(TIMEOUT))) == 3


def test_a_line_says_source_outcome_counts_and_problem() -> None:
    told = describe(
        Report(source="a", run=1, outcome=Outcome.HELD, counts=Counts(found=3), problem=REFUSED)
    )
    assert all(part in told for part in ("a", "held", "found 3", "source.refused"))
