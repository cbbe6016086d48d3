"""Make everything derived anew from what is primary: documents, index columns, facets,
occurrences, components, counts, what a search for words looks at.

A rebuilt document equals the live one to the byte. No change numbers, no new `modified`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from aggregator.store.changes import advance, lock
from aggregator.store.derived import derive, rows_of
from aggregator.store.entities import (
    Frame,
    Standing,
    compose,
    index_columns,
    load,
    publication,
    stored_documents,
)
from aggregator.store.facets import Entry, recount, write_facets
from aggregator.store.search import rebuild_block
from aggregator.store.tables import (
    component,
    document,
    entity,
    facet_entry,
    occurrence,
    search_entry,
)
from schema import decode
from schema.formats import json as public_json
from schema.index import index_of

PAGE = 500


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many documents were made, and how many differ from what stood there."""

    documents: int = 0
    differing: int = 0


@dataclass(slots=True)
class _Page:
    documents: list[dict[str, Any]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    columns: list[dict[str, Any]] = field(default_factory=list)
    occurrences: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    searchable: list[dict[str, Any]] = field(default_factory=list)


_DERIVED: Final = (document, facet_entry, occurrence, component, search_entry)
"""Tables with rows of live entities alone."""


def rebuild_page(connection: Connection, after: int, frame: Frame) -> tuple[int | None, Rebuilt]:
    """The next live entities after a number, rendered anew → the last number (None: no more)
    and what was made. One transaction under the feed's lock."""
    lock(connection)
    nos = _next_live(connection, after)
    if not nos:
        return None, Rebuilt()
    stored = stored_documents(connection, nos)
    page = _Page()
    for standing in load(connection, nos).values():
        _rebuild(standing, frame, page)
    _replace(connection, nos, page)
    differing = sum(1 for row in page.documents if stored.get(row["entity_no"]) != row["json"])
    return nos[-1], Rebuilt(len(page.documents), differing)


def rebuild_search(connection: Connection, after: int) -> int | None:
    """The next block of the search index behind a number, made anew from what entities are found
    by → its number; None: no more. One transaction under the feed's lock."""
    lock(connection)
    return rebuild_block(connection, after)


def finish(connection: Connection) -> None:
    """Drop derived rows of what is not live, count facets anew, and start a new view."""
    numbers = lock(connection)
    live = select(entity.c.no).where(entity.c.state == "live")
    for table in _DERIVED:
        connection.execute(delete(table).where(table.c.entity_no.not_in(live)))
    recount(connection)
    numbers.moved = True
    advance(connection, numbers)


def _next_live(connection: Connection, after: int) -> Sequence[int]:
    wanted = select(entity.c.no).where(entity.c.state == "live", entity.c.no > after)
    return connection.execute(wanted.order_by(entity.c.no).limit(PAGE)).scalars().all()


def _rebuild(standing: Standing, frame: Frame, page: _Page) -> None:
    composed = compose(standing, frame)
    assert composed is not None, standing.no
    assert standing.modified is not None, standing.no
    index = index_of(decode(standing.kind, composed.lead.native_id, composed.body))
    published = publication(standing, composed, standing.modified)
    derived = derive(published, frame.edition, frame.now)
    json = public_json.document(published, frame.edition)
    page.documents.append({"entity_no": standing.no, "json": json})
    facets = sorted(composed.facets(index))
    page.entries.extend(((standing.kind, *each), standing.change, standing.no) for each in facets)
    page.occurrences += rows_of(standing.no, derived.occurrences)
    page.components += rows_of(standing.no, derived.components)
    found_by = composed.searchable(standing.kind, index)
    page.searchable.append(
        {"entity_no": standing.no, "marks": found_by.marks, "words": found_by.words}
    )
    page.columns.append(
        {"key": standing.no, "truncated": derived.truncated, **index_columns(index)}
    )


def _replace(connection: Connection, nos: Sequence[int], page: _Page) -> None:
    for table in _DERIVED:
        connection.execute(delete(table).where(table.c.entity_no.in_(nos)))
    rows = (page.documents, page.occurrences, page.components, page.searchable)
    for table, made in zip((document, occurrence, component, search_entry), rows, strict=True):
        if made:
            connection.execute(insert(table), made)
    write_facets(connection, {}, page.entries)
    connection.execute(update(entity).where(entity.c.no == bindparam("key")), page.columns)
