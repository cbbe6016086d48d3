"""A skipped or expected-to-fail test proves nothing: where `CI` is set it counts as failed."""

import os
from collections.abc import Generator

import pytest

REASON = "skipped, and a skipped test proves nothing (CI is set): {}"


def strict() -> bool:
    """Whether this run must not skip anything."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test's report, failed where it would be a skip."""
    report = yield
    if report.skipped and strict():
        report.outcome = "failed"
        report.longrepr = REASON.format(reason(report.longrepr))
        vars(report).pop("wasxfail", None)  # else the run is counted as good
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A file's report, failed where the whole file would be a skip."""
    report = yield
    if report.skipped and strict():
        report.outcome = "failed"
        report.longrepr = REASON.format(reason(report.longrepr))
    return report


def reason(longrepr: object) -> str:
    """What pytest keeps of a skip → the words its author gave."""
    return str(longrepr[-1]) if isinstance(longrepr, tuple) else str(longrepr)
