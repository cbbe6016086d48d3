"""A short month with every test run: the score must not drop."""

import sys
from subprocess import run

import pytest

from tests.torture.publishers import STYLES

POLLS = 100


@pytest.mark.timeout(300)
def test_a_month_of_visits_gives_no_reason_to_complain(database_setting: str) -> None:
    command = [sys.executable, "-m", "tests.torture.score", "--database", database_setting]
    ended = run([*command, "--n", str(POLLS)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{len(STYLES)} unconditional requests ({len(STYLES)} allowed)" in ended.stdout
    assert "0 early, 0 wrong validators, 0 impolite: 0 violations" in ended.stdout


def test_there_are_twelve_styles_of_validators() -> None:
    newest = [stamp(7) for stamp in STYLES.values()]
    assert len(set(newest)) == len(newest) == 12
    assert all(stamp(7) != stamp(8) for stamp in STYLES.values())
