"""Opening a database and running functions of a Connection on it. Knows no table's meaning.

SQLite: WAL, `BEGIN IMMEDIATE` for every writing transaction, one writer thread a process.
PostgreSQL: READ COMMITTED. Both by the same code.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DisconnectionError, OperationalError

from aggregator.store.sqlite_file import SqliteFile, is_no_database

P = ParamSpec("P")
T = TypeVar("T")

READERS = 4
BUSY_SECONDS = 30.0
FILE = "file"
WRITES = {"allmende_writes": True}
NOT_COMPILED: Final = "SET jit = off"
"""What is asked takes less long than PostgreSQL needs to make machine code of it."""


def database_url(setting: str) -> URL:
    """The setting's URL → SQLAlchemy's, with the drivers this project uses.

    `sqlite:///path` and `postgresql://…` are accepted; everything else raises `ValueError`.
    """
    url = make_url(setting)
    match url.get_backend_name():
        case "sqlite":
            return url.set(drivername="sqlite+pysqlite")
        case "postgresql":
            return url.set(drivername="postgresql+psycopg")
        case other:
            raise ValueError(f"a database of kind {other!r}; use sqlite:///… or postgresql://…")


class Database:
    """One database. `read` and `write` run a synchronous function of a Connection in a thread,
    `write` in one transaction that is rolled back when the function raises."""

    def __init__(self, setting: str) -> None:
        self.url = database_url(setting)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url, sqlite=self.is_sqlite)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")

    async def read(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`fn(connection, …)` in a reading transaction."""
        call = partial(self.read_now, fn, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._readers, call)

    async def write(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`fn(connection, …)` in a writing transaction, on the process's one writer thread."""
        call = partial(self.write_now, fn, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._writer, call)

    def read_now(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`read`, in this thread."""
        with self.engine.connect() as connection, connection.begin():
            return fn(connection, *args, **kwargs)

    def write_now(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`write`, in this thread."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(**WRITES)
            with connection.begin():
                return fn(connection, *args, **kwargs)

    def close(self) -> None:
        """Wait for what runs, then close every connection."""
        self._writer.shutdown()
        self._readers.shutdown()
        self.engine.dispose()


def _engine(url: URL, *, sqlite: bool) -> Engine:
    if not sqlite:
        engine = create_engine(url, pool_pre_ping=True, pool_size=READERS + 2)
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None},
    )
    _stay_with(engine, SqliteFile(url.database))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "handle_error", _as_away)
    return engine


def _as_away(context: ExceptionContext) -> OperationalError | None:
    """A file that is no database is one that is away."""
    error = context.original_exception
    if not is_no_database(error):
        return None
    return OperationalError(context.statement, context.parameters, error)


def _stay_with(engine: Engine, file: SqliteFile) -> None:
    """Have every connection belong to the file that is at the path now."""

    def before(_dialect: Any, _record: Any, _args: Any, _options: Any) -> None:
        file.mark()

    def opened(_connection: Any, record: Any) -> None:
        record.info[FILE] = file.mark()

    def taken(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info[FILE] != file.mark():
            raise DisconnectionError("another file is in its place")

    event.listen(engine, "do_connect", before)
    event.listen(engine, "connect", opened)
    event.listen(engine, "checkout", taken)


def _prepare_sqlite(connection: SqliteConnection, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    connection.execute(NOT_COMPILED)
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("allmende_writes")
    connection.execute(text("BEGIN IMMEDIATE" if writes else "BEGIN"))
