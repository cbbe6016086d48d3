"""A log of every change number, kept by triggers in the transaction that gives the number away.

The entity table shows only the newest number of each entity; the log shows gaps and doubles.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, select, text

from aggregator.store.database import Database
from aggregator.store.tables import feed


@contextmanager
def logging_changes(database: Database) -> Iterator[None]:
    """Meanwhile every change number is logged in the transaction that gives it to an entity."""
    database.write_now(start_log)
    yield
    database.write_now(_stop_log)


def start_log(connection: Connection) -> None:
    """Log every change number an entity is given from now on."""
    for statement in LOG[connection.dialect.name]:
        connection.execute(text(statement))


def _stop_log(connection: Connection) -> None:
    for name in ("log_insert", "log_update"):
        where = " ON entity" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {name}{where}"))
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION log_change()"))
    connection.execute(text("DROP TABLE change_log"))


def _sqlite_trigger(name: str, when: str) -> str:
    insert = "INSERT INTO change_log VALUES (NEW.change)"
    return f"CREATE TRIGGER {name} AFTER {when} ON entity BEGIN {insert}; END"


def _postgres_trigger(name: str, when: str) -> str:
    return (
        f"CREATE TRIGGER {name} AFTER {when} ON entity FOR EACH ROW EXECUTE FUNCTION log_change()"
    )


POSTGRES_BODY = "BEGIN INSERT INTO change_log VALUES (NEW.change); RETURN NULL; END"
TABLE = "CREATE TABLE change_log (change BIGINT NOT NULL)"
MOMENTS = (("log_insert", "INSERT"), ("log_update", "UPDATE OF change"))
LOG = {
    "sqlite": (TABLE, *(_sqlite_trigger(*moment) for moment in MOMENTS)),
    "postgresql": (
        TABLE,
        f"CREATE FUNCTION log_change() RETURNS trigger LANGUAGE plpgsql AS '{POSTGRES_BODY}'",
        *(_postgres_trigger(*moment) for moment in MOMENTS),
    ),
}


def logged_faults(connection: Connection) -> list[str]:
    """What is wrong with the logged numbers: each up to the head was given once, in order."""
    head = connection.execute(select(feed.c.head)).scalar_one()
    given = [row[0] for row in connection.execute(text("SELECT change FROM change_log"))]
    missing = sorted(set(range(1, head + 1)) - set(given))
    twice = [number for number, times in Counter(given).items() if times > 1]
    found = [f"numbers never given: {missing[:5]}"] if missing else []
    found += [f"numbers given twice: {sorted(twice)[:5]}"] if twice else []
    beyond = [number for number in given if number > head]
    return found + ([f"numbers beyond the head {head}: {beyond[:5]}"] if beyond else [])
