"""A few restarts of PostgreSQL with every test run; CI lets hundreds follow."""

import sys
from subprocess import run

import pytest

RESTARTS = 2


@pytest.mark.timeout(120)
def test_a_database_that_dies_and_comes_back_loses_nothing() -> None:
    command = [sys.executable, "-m", "tests.torture.restarts", "--n", str(RESTARTS)]
    ended = run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{RESTARTS} immediate restarts: 0 violations" in ended.stdout
