"""Fixtures of the machine's tests: PostgreSQL is emptied between tests, not made anew each time."""

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import make_url, text

from aggregator.store.database import Database
from tests.aggregator.making import Bench
from tests.aggregator.wiping import wipe
from tests.postgres import Databases

UNSAFE = "SET synchronous_commit = off"
"""Nothing here outlives the machine; kills of the machine's processes are another suite."""


@pytest.fixture(scope="session")
def one_postgres(postgres: Databases) -> Iterator[str]:
    """A database that many tests use one after the other: making one costs half a second."""
    with postgres.fresh() as url:
        name = make_url(url).database
        database = Database(url)
        database.write_now(lambda c: c.execute(text(f"ALTER DATABASE {name} {UNSAFE}")))
        database.close()
        yield url


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where the machine has one: these tests commit all the time."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=memory, prefix="allmende-") as folder:
        yield Path(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_setting(request: pytest.FixtureRequest, quick_folder: Path) -> str:
    """The URL of an empty, migrated database, once for each kind."""
    if request.param == "sqlite":
        copy(request.getfixturevalue("sqlite_template"), quick_folder / "allmende.db")
        return f"sqlite:///{quick_folder / 'allmende.db'}"
    url: str = request.getfixturevalue("one_postgres")
    wipe(url)
    return url


@pytest.fixture
def bench(database: Database) -> Bench:
    """Hand-made harvests on an empty database."""
    return Bench(database)
