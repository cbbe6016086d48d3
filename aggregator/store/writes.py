"""Rows gathered while a chunk is worked out, and written together. Decides nothing."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, update

from aggregator.store.facets import Entry, FacetKey, write_facets
from aggregator.store.search import Searchable, seal_whole, write_searchable
from aggregator.store.tables import (
    component,
    document,
    entity,
    facet_entry,
    occurrence,
    record,
    record_version,
)
from schema.index import UNMAPPED, Facet

Rows = list[dict[str, Any]]


@dataclass(slots=True)
class Writes:
    """One transaction's rows by table and kind of statement. In updates, `key` is the row's
    number."""

    new_records: Rows = field(default_factory=list)
    changed_records: Rows = field(default_factory=list)
    touched_records: Rows = field(default_factory=list)
    versions: Rows = field(default_factory=list)
    new_entities: Rows = field(default_factory=list)
    changed_entities: Rows = field(default_factory=list)
    ended_entities: Rows = field(default_factory=list)
    documents: Rows = field(default_factory=list)
    stale_documents: Rows = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    stale_entries: Rows = field(default_factory=list)
    occurrences: Rows = field(default_factory=list)
    components: Rows = field(default_factory=list)
    stale_events: Rows = field(default_factory=list)
    """Events whose derived rows go."""
    live: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """(source, kind, status) → how many more are live."""
    live_terms: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """(source, kind, term) → how many more are live; term "" = unmapped."""
    facets: Counter[FacetKey] = field(default_factory=Counter)
    """How many more live entities have a facet."""
    searchable: dict[int, Searchable | None] = field(default_factory=dict)
    """What entities are found by from now on; None: not any more."""

    def count(
        self, who: tuple[str, str], status: str | None, facets: Collection[Facet], by: int
    ) -> None:
        """Count an entity of `who` = (source, kind) that became live (1) or ended (-1)."""
        kind = who[1]
        self.live[(*who, status or "")] += by
        self.facets[kind, "", ""] += by
        for name, value in facets:
            self.facets[kind, name, value] += by
            if name == "category":
                self.live_terms[(*who, "" if value == UNMAPPED else value)] += by


def flush(connection: Connection, writes: Writes) -> None:
    """Write everything but the counts."""
    _insert(connection, record, writes.new_records)
    _insert(connection, entity, writes.new_entities)
    insert_missing(connection, record_version, writes.versions)
    for rows in (writes.changed_records, writes.touched_records):
        _update(connection, record, record.c.no, rows)
    for rows in (writes.changed_entities, writes.ended_entities):
        _update(connection, entity, entity.c.no, rows)
    _delete(connection, document, document.c.entity_no, writes.stale_documents)
    _insert(connection, document, writes.documents)
    _delete(connection, facet_entry, facet_entry.c.entity_no, writes.stale_entries)
    write_facets(connection, writes.facets, writes.entries)
    for table in (occurrence, component):
        _delete(connection, table, table.c.entity_no, writes.stale_events)
    _insert(connection, occurrence, writes.occurrences)
    _insert(connection, component, writes.components)
    fresh = {row["no"] for row in writes.new_entities}
    write_searchable(connection, writes.searchable, fresh)
    if fresh:
        seal_whole(connection, max(fresh))


def _insert(connection: Connection, table: Table, rows: Rows) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _update(connection: Connection, table: Table, key: Any, rows: Rows) -> None:
    by_names: dict[tuple[str, ...], Rows] = {}
    for row in rows:
        by_names.setdefault(tuple(row), []).append(row)
    for alike in by_names.values():
        connection.execute(update(table).where(key == bindparam("key")), alike)


def _delete(connection: Connection, table: Table, key: Any, rows: Rows) -> None:
    if rows:
        connection.execute(delete(table).where(key == bindparam("key")), rows)


def upsert(connection: Connection, table: Table, keys: Sequence[str], rows: Rows) -> None:
    """Insert rows, or update those whose `keys` exist; the same on both databases."""
    if not rows:
        return
    statement = _insert_of(connection.dialect.name)(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)


def insert_missing(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert those rows whose key does not exist: what a record was before a run is what it was
    when the run first touched it."""
    if rows:
        statement = _insert_of(connection.dialect.name)(table)
        connection.execute(statement.on_conflict_do_nothing(), rows)


@cache
def _insert_of(dialect: str) -> Any:
    """The dialect's own insert. PostgreSQL's brings its drivers along: only where it is used."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert
    from sqlalchemy.dialects import sqlite

    return sqlite.insert
