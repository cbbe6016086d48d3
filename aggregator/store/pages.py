"""Run the hot public reads on the raw cursor. Knows no table, decides nothing, writes nothing.

The one exception from "plain functions of a Connection": a `Shape` is an ordinary Core select,
compiled once per database and from then on run without SQLAlchemy. SQLite answers inline in the
event loop (a page costs less than handing it to a thread), PostgreSQL by psycopg's async pool. A
test compares what both executors give with what the same select gives on a Connection.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, Self
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Select
from sqlalchemy.engine import URL

from aggregator.store.database import NOT_COMPILED, Database
from aggregator.store.sqlite_file import SqliteFile, is_no_database

if TYPE_CHECKING:
    from psycopg import AsyncConnection
    from psycopg_pool import AsyncConnectionPool

Row = tuple[Any, ...]
Values = Mapping[str, Any]
Process = Callable[[Any], Any]

BUSY_SECONDS: Final = 1.0
"""How long a read may hold up the event loop; SQLite in WAL mode hardly ever waits at all."""
LOOK_SECONDS: Final = 1.0
"""How often it is looked whether the file is still the one in its place."""
FILE_BITS: Final = 32
POOL_SIZE: Final = 8
POOL_SECONDS: Final = 2.0
DOUBLE: Final = 701
"""What PostgreSQL calls the numbers of `Float` columns; the type asks, others do not care."""


class DatabaseUnavailable(Exception):
    """The database does not answer now; asking again later may help."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Shape:
    """A select with named parameters. Make each one once and keep it: its statement is compiled
    once and goes with it."""

    select: Select[Any]


class Pages(Protocol):
    """What runs shapes. Raises `DatabaseUnavailable`, and `KeyError` for a missing value."""

    async def rows(self, shape: Shape, values: Values) -> list[Row]:
        """All rows, as the driver gives them."""

    def typed(self, shape: Shape, row: Row) -> Row:
        """A driver's row → the values a Connection would give (times, UUIDs)."""

    def version(self) -> int | None:
        """A number that differs after anybody wrote; None where only asking tells."""


@asynccontextmanager
async def open_pages(database: Database) -> AsyncIterator[Pages]:
    """The executor for this database, on connections of its own, closed at the end."""
    dialect = database.engine.dialect
    if database.is_sqlite:
        sqlite = SqlitePages(database.url, dialect)
        try:
            yield sqlite
        finally:
            sqlite.close()
        return
    async with PostgresPages(_pool(database.url), dialect) as postgres:
        yield postgres


class Statement:
    """A compiled shape: its text, and how values go in and rows come out."""

    def __init__(self, select: Select[Any], dialect: Dialect) -> None:
        compiled = select.compile(dialect=dialect)
        binds = compiled.binds
        self._awaited = frozenset(name for name, bind in binds.items() if bind.required)
        expanded = compiled.construct_expanded_state(dict.fromkeys(self._awaited))
        self.text = expanded.statement
        self.order = tuple(expanded.positiontup or ())
        self._into = {name: into for name in binds if (into := _into(binds[name].type, dialect))}
        self._fixed = self._processed(
            {
                name: value
                for name, value in expanded.parameters.items()
                if name not in self._awaited
            }
        )
        out = tuple(_out(column.type, dialect) for column in select.selected_columns)
        self._out = out if any(out) else None

    def _processed(self, values: Values) -> dict[str, Any]:
        into = self._into
        if not into:
            return dict(values)
        return {name: into[name](v) if name in into else v for name, v in values.items()}

    def bound(self, values: Values) -> dict[str, Any]:
        """Values by name → what the driver takes, by name. Raises `KeyError` for a missing one."""
        if not self._awaited <= values.keys():
            raise KeyError(*(self._awaited - values.keys()))
        return self._fixed | self._processed(values)

    def typed(self, row: Row) -> Row:
        """A driver's row → Python values."""
        if self._out is None:
            return row
        return tuple(
            [out(value) if out else value for out, value in zip(self._out, row, strict=True)]
        )


class _Compiled:
    """Statements by shape, each compiled at its first use and kept as long as somebody holds the
    shape."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._statements: WeakKeyDictionary[Shape, Statement] = WeakKeyDictionary()

    def _statement(self, shape: Shape) -> Statement:
        statement = self._statements.get(shape)
        if statement is None:
            statement = self._statements[shape] = Statement(shape.select, self._dialect)
        return statement

    def typed(self, shape: Shape, row: Row) -> Row:
        """See `Pages`."""
        return self._statement(shape).typed(row)


class SqlitePages(_Compiled):
    """Shapes on one reading connection that lives in the event loop's thread."""

    def __init__(self, url: URL, dialect: Dialect) -> None:
        super().__init__(dialect)
        self._database = url.database or ""
        self._file = SqliteFile(url.database)
        self._files = 0
        """How many files have been in the place."""
        self._looked = float("-inf")
        self._open()

    def _open(self) -> None:
        mark = self._file.mark()  # whoever was there and is gone is not made anew
        connection = sqlite3.connect(self._database, timeout=BUSY_SECONDS, isolation_level=None)
        connection.execute("PRAGMA query_only=ON")
        self._connection, self._mark = connection, mark
        self._versions = connection.cursor()
        self._files += 1

    def _follow(self) -> None:
        """Read the file that is in the place now; who moved ours away may have put one there."""
        now = asyncio.get_running_loop().time()
        if now < self._looked + LOOK_SECONDS:
            return
        if self._file.mark() != self._mark:
            former = self._connection
            self._open()  # if it cannot be opened, ours may still come back
            former.close()
        self._looked = now

    async def rows(self, shape: Shape, values: Values) -> list[Row]:
        """See `Pages`."""
        statement = self._statement(shape)
        bound = statement.bound(values)
        try:
            return self._connection.execute(
                statement.text, [bound[name] for name in statement.order]
            ).fetchall()
        except sqlite3.DatabaseError as error:
            if not _is_away(error):
                raise
            raise DatabaseUnavailable from error

    def version(self) -> int | None:
        """See `Pages`. It counts the commits of all other connections."""
        try:
            self._follow()
            (version,) = self._versions.execute("PRAGMA data_version").fetchone()
        except sqlite3.DatabaseError as error:
            if not _is_away(error):
                raise
            raise DatabaseUnavailable from error
        return self._files << FILE_BITS | int(version)

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


def _is_away(error: sqlite3.DatabaseError) -> bool:
    """Whether an error means that there is nothing to read now."""
    return isinstance(error, sqlite3.OperationalError) or is_no_database(error)


class PostgresPages(_Compiled):
    """Shapes on a pool of psycopg's async connections, prepared by the server. The driver is
    imported here only: SQLite is spared its 9 MiB."""

    def __init__(self, pool: "AsyncConnectionPool", dialect: Dialect) -> None:
        from psycopg import OperationalError
        from psycopg_pool import PoolTimeout

        super().__init__(dialect)
        self._pool = pool
        self._lost = OperationalError
        self._unavailable = (OperationalError, PoolTimeout)

    async def __aenter__(self) -> Self:
        await self._pool.open()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._pool.close()

    async def rows(self, shape: Shape, values: Values) -> list[Row]:
        """See `Pages`. Connections that died while idle are replaced, and the read is repeated."""
        statement = self._statement(shape)
        bound = statement.bound(values)
        try:
            try:
                return await self._fetch(statement, bound)
            except self._lost:
                await self._pool.check()
                return await self._fetch(statement, bound)
        except self._unavailable as error:
            raise DatabaseUnavailable from error

    def version(self) -> int | None:
        """See `Pages`."""
        return None

    async def _fetch(self, statement: Statement, bound: Values) -> list[Row]:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(binary=True)
            await cursor.execute(statement.text.encode(), bound, prepare=True)
            return await cursor.fetchall()


def _pool(url: URL) -> "AsyncConnectionPool":
    from psycopg_pool import AsyncConnectionPool

    return AsyncConnectionPool(
        url.set(drivername="postgresql").render_as_string(hide_password=False),
        kwargs={"autocommit": True},
        configure=_prepare,
        min_size=1,
        max_size=POOL_SIZE,
        timeout=POOL_SECONDS,
        open=False,
    )


async def _prepare(connection: "AsyncConnection[Any]") -> None:
    await connection.execute(NOT_COMPILED)


def _into(kind: Any, dialect: Dialect) -> Process | None:
    process: Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return process


def _out(kind: Any, dialect: Dialect) -> Process | None:
    process: Process | None = kind.dialect_impl(dialect).result_processor(dialect, DOUBLE)
    return process
