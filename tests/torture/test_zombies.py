"""A few sleepers with every test run; CI lets hundreds follow."""

import sys
from subprocess import run

import pytest

SLEEPERS = 12


@pytest.mark.timeout(120)
def test_a_run_that_slept_through_its_lease_writes_no_more(database_setting: str) -> None:
    command = [sys.executable, "-m", "tests.torture.zombies", "--n", str(SLEEPERS)]
    command += ["--database", database_setting]
    ended = run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{SLEEPERS} sleepers" in ended.stdout
    assert "was told that it is late" in ended.stdout
