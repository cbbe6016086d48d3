"""Rows go in as Core would put them in, on both databases; upserts replace."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert

from aggregator.store.database import Database
from aggregator.store.tables import alias, entity
from aggregator.store.writes import Writes, flush, upsert
from tests.aggregator.making import Bench

AT = datetime(2026, 11, 21, 13, 30, 0, 123456, tzinfo=UTC)
ROW: dict[str, Any] = {
    "kind": "offer",
    "state": "live",
    "created": AT,
    "modified": AT,
    "digest": b"\x00\xff",
    "inputs": b"",
    "first_key": "a/offer/100%s:x",
    "merged_into": None,
    "ref_entity": UUID(int=7),
    "sort_title": "bäume",
    "lat": 51.5,
    "lon": None,
    "first": AT.date(),
    "last": None,
    "source_modified": None,
}


def test_an_insert_is_what_core_would_write(bench: Bench) -> None:
    ours = {"no": 1, "id": UUID(int=1), "change": 1, **ROW}
    cores = {"no": 2, "id": UUID(int=2), "change": 2, **ROW}

    def write(connection: Connection) -> None:
        flush(connection, Writes(new_entities=[ours]))
        connection.execute(insert(entity), [cores])

    bench.database.write_now(write)
    one, two = [row._asdict() for row in bench.rows(entity)]
    assert one | {"no": 2, "id": UUID(int=2), "change": 2} == two
    assert {name: one[name] for name in ROW} == ROW


def test_rows_with_other_columns_can_be_changed_in_one_go(bench: Bench) -> None:
    rows = [{"no": n, "id": UUID(int=n), "change": n, **ROW} for n in (1, 2, 3)]
    changes = [{"key": 1, "status": "open"}, {"key": 2, "lat": None}, {"key": 3, "status": "x"}]
    bench.database.write_now(flush, Writes(new_entities=rows))
    bench.database.write_now(flush, Writes(changed_entities=changes))
    assert [(row.status, row.lat) for row in bench.rows(entity)] == [
        ("open", 51.5),
        (None, None),
        ("x", 51.5),
    ]


def test_an_upsert_replaces_what_has_the_same_key(database: Database) -> None:
    key = {"source": "a", "kind": "organisation", "old_native_id": "name:a"}
    keys = ("source", "kind", "old_native_id")
    for native_id in ("1", "2"):
        database.write_now(upsert, alias, keys, [{**key, "native_id": native_id}])
    database.write_now(upsert, alias, keys, [])
    (row,) = database.read_now(lambda c: c.execute(alias.select()).all())
    assert row.native_id == "2"
