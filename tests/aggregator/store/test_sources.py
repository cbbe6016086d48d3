"""Source rows agree with the configuration, whoever starts when."""

from typing import Any

from sqlalchemy import event

from aggregator.store.database import Database
from aggregator.store.sources import Registered, origins, register
from aggregator.store.tables import source
from aggregator.working.clock import DatabaseClock
from schema.edition import Origin
from tests.aggregator.making import Bench, draft


def _register(database: Database, *ids: str, name: str = "Agentur") -> None:
    sources = [
        Registered(origin=Origin(id=id_, name=name), connector="freinet", enabled=True)
        for id_ in ids
    ]
    database.write_now(lambda c: register(c, sources, DatabaseClock().now(c)))


def _rows(database: Database) -> dict[str, Any]:
    rows = database.read_now(lambda c: c.execute(source.select()).all())
    return {row.id: row for row in rows}


def test_configured_sources_and_the_editor_have_rows(database: Database) -> None:
    _register(database, "b", "a")
    rows = _rows(database)
    assert {id_: row.enabled for id_, row in rows.items()} == {
        "a": True,
        "b": True,
        "editor": False,
    }


def test_starting_again_keeps_what_a_source_remembers(database: Database) -> None:
    bench = Bench(database)
    bench.sync(draft("1"))
    before = _rows(database)
    _register(database, bench.source, name="Freiwilligen-Agentur")
    assert _rows(database) == before


def test_a_source_that_is_configured_no_more_stays_known_and_rests(database: Database) -> None:
    _register(database, "a", "b")
    _register(database, "a")
    assert not _rows(database)["b"].enabled
    assert "b" in database.read_now(origins)
    _register(database, "a", "b")
    assert _rows(database)["b"].enabled


def test_rows_are_written_in_one_order_and_only_where_they_differ(database: Database) -> None:
    _register(database, "d", "b", "c", "a")
    written: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, given: Any, *_more: Any) -> None:
        if statement.startswith("UPDATE source"):
            values = given.values() if isinstance(given, dict) else given
            written.extend(value for value in values if value in {"a", "b", "c", "d"})

    event.listen(database.engine, "before_cursor_execute", note)
    _register(database, "d", "b", name="Anders")
    assert written == ["a", "b", "c", "d"]
    written.clear()
    _register(database, "d", "b", name="Anders")
    assert written == []
