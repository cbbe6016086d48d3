"""A few sources for a few hours with every test run; CI lets fifty live for a day."""

import sys
from subprocess import run

import pytest


@pytest.mark.timeout(120)
def test_good_sources_do_not_notice_hostile_ones(database_setting: str) -> None:
    command = [sys.executable, "-m", "tests.torture.fifty", "--n", "15", "--hours", "2"]
    command += ["--database", database_setting]
    ended = run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "12 good and 3 hostile sources, 2 hours" in ended.stdout
    assert "0 violations" in ended.stdout
