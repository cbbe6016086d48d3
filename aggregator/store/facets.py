"""What lists are narrowed down by: facets, how many live entities have each, and which ones.

Entries lie by facet and change number, so that a list reads its page in order. Writes what it is
told; decides nothing.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select, tuple_, update

from aggregator.store.records import batches
from aggregator.store.tables import entity, facet, facet_entry

FacetKey = tuple[str, str, str]
"""Kind, name, value; name and value "" are all of the kind, which has a count and no entries."""
Entry = tuple[FacetKey, int, int]
"""A facet, the change number and the number of an entity that has it."""
_ENTRY: Final = "INSERT INTO facet_entry (facet, change, entity_no) VALUES (?, ?, ?)"
_ENTRIES: Final = (
    "INSERT INTO facet_entry (facet, change, entity_no) "
    "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[])"
)
ALL: Final = ("", "")
"""Name and value of all of a kind."""


def write_facets(
    connection: Connection, more: Mapping[FacetKey, int], entries: Collection[Entry]
) -> None:
    """Count facets by so many more, make those that are met first, and add entries."""
    ids = _made(connection, {*more, *(key for key, _, _ in entries)})
    counted = [{"key": ids[key], "more": n} for key, n in more.items() if n]
    if counted:
        one = update(facet).where(facet.c.id == bindparam("key"))
        connection.execute(one.values(n=facet.c.n + bindparam("more")), counted)
    if entries:
        _insert_entries(connection, [(ids[key], change, no) for key, change, no in entries])


def _insert_entries(connection: Connection, rows: list[tuple[int, int, int]]) -> None:
    """Rows are many and plain numbers. Through SQLAlchemy each would cost more than its writing;
    to PostgreSQL they go as three arrays, for there each statement of many costs a message."""
    if connection.dialect.name == "postgresql":
        columns = tuple([list(column) for column in zip(*rows, strict=True)])
        connection.exec_driver_sql(_ENTRIES, columns)
    else:
        connection.exec_driver_sql(_ENTRY, rows)


def _made(connection: Connection, wanted: Collection[FacetKey]) -> dict[FacetKey, int]:
    """Facets → their numbers; those there are not yet are made, under the lock of the feed."""
    ids = facet_ids(connection, wanted)
    unknown = sorted(set(wanted) - ids.keys())
    if not unknown:
        return ids
    last = connection.execute(select(func.max(facet.c.id))).scalar() or 0
    numbered = list(enumerate(unknown, last + 1))
    rows: list[dict[str, Any]] = [
        {"id": number, "kind": kind, "name": name, "value": value, "n": 0}
        for number, (kind, name, value) in numbered
    ]
    connection.execute(insert(facet), rows)
    return ids | {key: number for number, key in numbered}


def facet_ids(connection: Connection, wanted: Collection[FacetKey]) -> dict[FacetKey, int]:
    """Facets → the numbers of those that there are."""
    columns = (facet.c.kind, facet.c.name, facet.c.value)
    found: dict[FacetKey, int] = {}
    for batch in batches(sorted(wanted)):
        rows = connection.execute(select(facet.c.id, *columns).where(tuple_(*columns).in_(batch)))
        found |= {(kind, name, value): number for number, kind, name, value in rows}
    return found


def recount(connection: Connection) -> None:
    """Count every facet anew from what is live, and drop those that nothing has."""
    kinds = select(entity.c.kind).where(entity.c.state == "live").distinct()
    _made(connection, {(kind, *ALL) for kind in connection.execute(kinds).scalars()})
    one = facet_entry.c.facet == facet.c.id
    entries = select(func.count()).where(one).scalar_subquery()
    connection.execute(update(facet).where(facet.c.name != "").values(n=entries))
    alive = (entity.c.kind == facet.c.kind, entity.c.state == "live")
    live = select(func.count()).select_from(entity).where(*alive).scalar_subquery()
    connection.execute(update(facet).where(facet.c.name == "").values(n=live))
    connection.execute(delete(facet).where(facet.c.n == 0))
