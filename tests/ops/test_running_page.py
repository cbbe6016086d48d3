"""What docs/running.md tells people to type: files that exist, backups that can be opened."""

import re
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path
from shutil import copy
from typing import Final

import pytest

from aggregator.store.database import Database
from aggregator.store.tables import feed
from tests.ops.test_unit import lines
from tests.repo.tree import TOP

PAGE: Final = (TOP / "docs" / "running.md").read_text()
OURS: Final = re.compile(r"\b(?:docker|requirements|examples)/[\w.-]+\.\w+")
MADE: Final = {"docker/allmende.toml"}
"""Files that people make."""


def test_it_takes_ten_steps() -> None:
    steps = re.findall(r"(?m)^(\d+)\. ", PAGE.partition("## With containers")[0])
    assert list(map(int, steps)) == list(range(1, 11))


def test_every_file_it_names_exists() -> None:
    assert {path for path in OURS.findall(PAGE) if not (TOP / path).is_file()} <= MADE


def test_the_program_goes_where_the_unit_expects_it() -> None:
    (start,) = lines("ExecStart")
    folder = start.split()[0].removesuffix("/bin/allmende")
    assert f"python3 -m venv {folder}\n" in PAGE
    assert (
        f"Environment=ALLMENDE_CONFIG={re.findall('/etc/allmende/[a-z.]+toml', PAGE)[0]}"
        in (TOP / "docker" / "allmende.service").read_text()
    )


@pytest.fixture
def running(sqlite_template: Path, tmp_path: Path) -> Path:
    """The folder of a database that is being written to."""
    copy(sqlite_template, tmp_path / "allmende.db")
    return tmp_path


def typed(folder: Path, having: str) -> None:
    """Type the command of the page that contains this, with our folder for the volume."""
    (command,) = (line for line in PAGE.splitlines() if having in line)
    words = shlex.split(command.strip().replace("/data/", f"{folder}/"))
    subprocess.run([sys.executable, *words[1:]], check=True)


def test_a_backup_of_a_database_in_use_can_be_opened(running: Path) -> None:
    database = Database(f"sqlite:///{running / 'allmende.db'}")
    with database.engine.connect() as using:
        using.execute(feed.update().values(head=7))
        using.commit()
        typed(running, "VACUUM INTO")
    database.close()
    kept = sqlite3.connect(running / "backup.db")
    assert kept.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert kept.execute("SELECT head FROM feed").fetchone() == (7,)
    kept.close()


def test_a_backup_brought_back_counts_anew(running: Path) -> None:
    def counting() -> tuple[str, int]:
        opened = sqlite3.connect(running / "allmende.db")
        (found,) = opened.execute("SELECT epoch, view FROM feed")
        opened.close()
        return found[0], found[1]

    before = counting()
    typed(running, "randomblob")
    after = counting()
    assert after[0] != before[0]
    assert (len(after[0]), after[1]) == (len(before[0]), before[1] + 1)
