"""What many tests begin with: made once a process, and put into the database of each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, select

from aggregator.store.database import Database
from aggregator.store.tables import metadata

Rows = Sequence[tuple[Table, Sequence[Mapping[str, Any]]]]
_MADE: dict[tuple[Callable[[Database], None], bool], Rows] = {}


def plant(database: Database, seed: Callable[[Database], None]) -> None:
    """Put what `seed` writes into an empty database."""
    key = (seed, database.is_sqlite)
    if key in _MADE:
        database.write_now(_write, _MADE[key])
        return
    seed(database)
    _MADE[key] = database.read_now(_everything)


def _everything(connection: Connection) -> Rows:
    found = ((table, connection.execute(select(table))) for table in metadata.sorted_tables)
    return [(table, [dict(row) for row in rows.mappings()]) for table, rows in found]


def _write(connection: Connection, kept: Rows) -> None:
    for table, rows in kept:
        if rows:
            connection.execute(table.delete())
            connection.execute(table.insert(), rows)
            _go_on_behind(connection, table, rows)


def _go_on_behind(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Numbers that the database gives go on behind those that were written."""
    column = table.autoincrement_column
    if column is not None and connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        last = max(row[column.name] for row in rows)
        connection.execute(select(func.setval(sequence, last)))
