"""A few workers told to end with every test run; CI lets hundreds follow."""

import sys
from subprocess import run

import pytest

WORKERS = 4


@pytest.mark.timeout(120)
def test_a_worker_that_is_told_to_end_does_so_quietly_and_leaves_nothing_half() -> None:
    command = [sys.executable, "-m", "tests.torture.terminate", "--n", str(WORKERS)]
    ended = run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{WORKERS} workers told to end" in ended.stdout
    assert ended.stderr == ""
