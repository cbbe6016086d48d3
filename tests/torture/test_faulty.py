"""A few dozen broken connections with every test run; CI lets hundreds follow."""

import sys
from subprocess import run

import pytest

RUNS = 40


@pytest.mark.timeout(120)
def test_a_broken_connection_ends_a_run_by_name_and_loses_nothing(database_setting: str) -> None:
    command = [sys.executable, "-m", "tests.torture.faulty", "--n", str(RUNS)]
    command += ["--database", database_setting]
    ended = run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "0 hung, 0 unnamed, 0 records lost, 0 unsound" in ended.stdout
    assert "refused" in ended.stdout
    assert "incomplete" in ended.stdout
