"""Some of the hostile sources with every test run; CI asks them all."""

import sys
from subprocess import run

import pytest

from tests.torture.hostile import ATTACKS, LOOPS, slug

SOURCES = 25


@pytest.mark.timeout(120)
def test_hostile_sources_end_by_name_in_time_and_take_nothing_away() -> None:
    command = [sys.executable, "-m", "tests.torture.hostile", "--n", str(SOURCES), "--seed", "4"]
    ended = run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{2 * SOURCES} runs of hostile sources" in ended.stdout
    assert "0 violations" in ended.stdout


def test_every_attack_has_a_name_of_its_own() -> None:
    names = [*ATTACKS, *LOOPS]
    assert len({slug(name) for name in names}) == len(names)
    assert len(LOOPS) >= 20
