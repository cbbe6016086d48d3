"""Fixtures everyone shares: a migrated database of each kind."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest

from aggregator.store.database import Database
from aggregator.store.migrate import migrate
from tests.postgres import PUBLIC_URL, Databases, server


@pytest.fixture(scope="session")
def postgres(testrun_uid: str) -> Iterator[Databases]:
    """Databases on the session's PostgreSQL."""
    folder = Path(tempfile.gettempdir()) / f"allmende-{testrun_uid}"
    with server(folder, durable=False) as admin:
        databases = Databases(admin)
        yield databases
        databases.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "allmende.db"
    database = Database(f"sqlite:///{path}")
    database.write_now(migrate, PUBLIC_URL)
    database.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_setting(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, migrated database, once for each kind."""
    if request.param == "sqlite":
        copy(request.getfixturevalue("sqlite_template"), tmp_path / "allmende.db")
        yield f"sqlite:///{tmp_path / 'allmende.db'}"
        return
    databases: Databases = request.getfixturevalue("postgres")
    with databases.fresh() as url:
        yield url


@pytest.fixture
def database(database_setting: str) -> Iterator[Database]:
    """A fresh, migrated database, once for each kind."""
    opened = Database(database_setting)
    yield opened
    opened.close()
