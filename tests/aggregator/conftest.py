"""Fixtures of the machine's tests: PostgreSQL is emptied between tests, not made anew each time."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest

from aggregator.store.database import Database
from tests.aggregator.making import Bench
from tests.aggregator.wiping import wipe
from tests.postgres import Databases


@pytest.fixture(scope="session")
def one_postgres(postgres: Databases) -> Iterator[str]:
    """A database that many tests use one after the other: making one costs half a second."""
    with postgres.fresh() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_setting(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty, migrated database, once for each kind."""
    if request.param == "sqlite":
        copy(request.getfixturevalue("sqlite_template"), tmp_path / "allmende.db")
        return f"sqlite:///{tmp_path / 'allmende.db'}"
    url: str = request.getfixturevalue("one_postgres")
    wipe(url)
    return url


@pytest.fixture
def bench(database: Database) -> Bench:
    """Hand-made harvests on an empty database."""
    return Bench(database)
