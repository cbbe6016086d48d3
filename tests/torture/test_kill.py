"""A handful of kills with every test run; CI and whoever doubts let hundreds follow."""

import sys
from subprocess import run

import pytest

from tests.torture.city import edit_of, mark, offers_at

KILLS = 3
STORE_KILLS = 60


@pytest.mark.timeout(300)
def test_a_few_kills_leave_nothing_half_done(database_setting: str) -> None:
    command = [sys.executable, "-m", "tests.torture.kill", "--database", database_setting]
    ended = run([*command, "--n", str(KILLS)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{KILLS} kills" in ended.stdout
    assert "0 violations" in ended.stdout


@pytest.mark.timeout(120)
def test_what_writes_may_be_killed_anywhere(database_setting: str) -> None:
    command = [sys.executable, "-m", "tests.torture.kill", "--store"]
    command += ["--database", database_setting, "--n", str(STORE_KILLS)]
    ended = run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{STORE_KILLS} kills" in ended.stdout
    assert "killed between chunks" in ended.stdout


def test_a_revision_edits_some_offers_and_says_so() -> None:
    before, after = ({offer.id: offer.xml for offer in offers_at(n)} for n in (7, 8))
    kept = before.keys() & after.keys()
    edited = {id_ for id_ in kept if edit_of(id_, 8) == 8}
    assert {id_ for id_ in kept if before[id_] != after[id_]} == edited
    assert all(mark(8) in after[id_] for id_ in edited)
    assert 0 < len(edited) < len(kept) / 2
    assert 0 < len(before.keys() - after.keys()) + len(after.keys() - before.keys()) < 20
