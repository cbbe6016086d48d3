"""Every bomb once with every test run."""

import sys
from subprocess import run

from tests.torture.bombs import BOMBS


def test_every_bomb_is_refused_quickly_and_in_little_memory() -> None:
    command = [sys.executable, "-m", "tests.torture.bombs", "--n", "1"]
    ended = run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{len(BOMBS)} bombs" in ended.stdout
    assert len(BOMBS) >= 10
