"""Fill the tables as the pipeline would leave them, without running it. For reading tests only."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import orjson
from sqlalchemy import Connection, ScalarSelect, delete, select, update

from aggregator.occurrences import span_of
from aggregator.store.facets import write_facets
from aggregator.store.search import Searchable, write_searchable
from aggregator.store.tables import (
    day_count,
    document,
    entity,
    facet,
    facet_entry,
    feed,
    occurrence,
    quarantine,
    record,
    run,
    source,
)
from schema.edition import Edition
from schema.when import Timed, wall_of

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
NAMESPACE = UUID("5f0c0a52-3c5b-4f0e-9d6e-0d1a4a7c1e11")
ZONE = "Europe/Berlin"
PUBLIC_URL = "https://stadt.example/klima/"
ALWAYS = (("source", "agentur"), ("licence", "cc-by/4.0"))
"""Facets that every seeded entity has."""
EDITION = Edition(public_url=PUBLIC_URL, instance=NAMESPACE)


def identity(kind: str, number: int) -> UUID:
    """The id of the entity that `add_entities` makes with this number."""
    return uuid5(NAMESPACE, f"{kind}/{number}")


def body(kind: str, number: int, **fields: Any) -> bytes:
    """A document like the ones the renderer writes; fields that are None are left out."""
    id_ = identity(kind, number)
    said = {
        "id": str(id_),
        "kind": kind,
        "self": EDITION.url_of(kind, id_),
        "title": {"de": f"Bäume gießen {number}"},
        "summary": {"de": "Im Sommer brauchen junge Bäume Wasser."},
        "url": f"https://agentur.example/angebote/{number}",
        "respond": {"email": "info@agentur.example"},
        "organisation": {
            "id": str(identity("organisation", 1)),
            "url": EDITION.url_of("organisation", identity("organisation", 1)),
            "name": "Grüne Lunge e. V.",
        },
        "status": "open",
        "place": {"locality": "Halle (Saale)", "postal_code": "06108"},
        "sources": [{"id": "agentur", "name": "Agentur"}],
        **({"when": _when(NOW, NOW)} if kind == "event" else {}),
        **fields,
    }
    return orjson.dumps({name: value for name, value in said.items() if value is not None})


def add_source(connection: Connection, /, id_: str = "agentur", **columns: Any) -> None:
    """A source that was read an hour ago; `columns` override."""
    facts = {
        "id": id_,
        "name": "Freiwilligen-Agentur",
        "url": "https://agentur.example/",
        "licence": "cc-by/4.0",
        "attribution": "Freiwilligen-Agentur",
        "share": "open",
    }
    row = {
        "id": id_,
        "facts": orjson.dumps(facts).decode(),
        "connector": "freinet",
        "enabled": True,
        "added": NOW - 48 * HOUR,
        "fence": 1,
        "checked": NOW - HOUR,
        "succeeded": NOW - HOUR,
        "outcome": "applied",
        "next_due": NOW + HOUR,
        "failures": 0,
        "paused": False,
    }
    connection.execute(source.insert().values(row | columns))


def add_run(connection: Connection, /, source_id: str = "agentur", **columns: Any) -> None:
    """A run that ended well an hour ago; `columns` override."""
    counts = {"found": 429, "new": 3, "changed": 9, "same": 417, "missing": 1}
    row = {
        "source": source_id,
        "started": NOW - HOUR - MINUTE,
        "ended": NOW - HOUR,
        "outcome": "applied",
        "counts": orjson.dumps(counts).decode(),
    }
    connection.execute(run.insert().values(row | columns))


def next_change(connection: Connection, entities: int = 0) -> int:
    """Take a change number."""
    connection.execute(
        update(feed).values(head=feed.c.head + 1, last_entity=feed.c.last_entity + entities)
    )
    head: int = connection.execute(select(feed.c.head)).scalar_one()
    return head


def add_entity(connection: Connection, kind: str, number: int, json: bytes | None = None) -> None:
    """A live entity with its document, as the newest change; changes are a second apart."""
    change = next_change(connection, entities=1)
    no = connection.execute(select(feed.c.last_entity)).scalar_one()
    connection.execute(entity.insert().values(_entity(kind, number, no, change)))
    written = json or body(kind, number)
    connection.execute(document.insert().values(entity_no=no, json=written))
    _count(connection, kind, 1)
    add_facets(connection, no, *ALWAYS)


def add_entities(connection: Connection, kind: str, count: int, first: int = 1) -> None:
    """Entities numbered from `first` on, in that order of change; fast."""
    head, last = connection.execute(select(feed.c.head, feed.c.last_entity)).one()
    numbers = range(first, first + count)
    rows = [_entity(kind, n, last + at, head + at) for at, n in enumerate(numbers, 1)]
    connection.execute(entity.insert(), rows)
    bodies = [{"entity_no": last + at, "json": body(kind, n)} for at, n in enumerate(numbers, 1)]
    connection.execute(document.insert(), bodies)
    connection.execute(update(feed).values(head=head + count, last_entity=last + count))
    _count(connection, kind, count)
    places = range(1, count + 1)
    entries = [((kind, *each), head + at, last + at) for at in places for each in ALWAYS]
    write_facets(connection, {(kind, *each): count for each in ALWAYS}, entries)


def _entity(kind: str, number: int, no: int, change: int) -> Mapping[str, Any]:
    return {
        "no": no,
        "id": identity(kind, number),
        "kind": kind,
        "state": "live",
        "change": change,
        "created": NOW - 24 * HOUR,
        "modified": changed_at(change),
        "digest": b"",
        "inputs": b"",
        "first_key": f"agentur/{kind}/{number}",
        "sort_title": f"baeume giessen {number}",
    }


def add_event(
    connection: Connection,
    /,
    number: int,
    *spans: tuple[datetime, datetime],
    terms: tuple[str, ...] = (),
    statuses: Mapping[int, str] | None = None,
    words: str = "baume giessen",
    **columns: Any,
) -> None:
    """A live event with an occurrence for each of `spans` (aware instants); `statuses`: those that
    single occurrences have, by their place; `words`: of its title; `columns` of the entity
    override."""
    fields = {"recurrence": {"rule": "FREQ=DAILY"}} if len(spans) > 1 else {}
    when = [_when(start, end) for start, end in spans]
    said = {"status": "scheduled", "when": when[0] if when else _when(NOW, NOW), **fields}
    add_entity(connection, "event", number, body("event", number, **said))
    no = connection.execute(select(feed.c.last_entity)).scalar_one()
    extent = {"starts": min(s for s, _ in spans), "ends": max(e for _, e in spans)} if spans else {}
    row = {"status": "scheduled", **extent, **columns}
    connection.execute(update(entity).where(entity.c.no == no).values(row))
    for place, (start, end) in enumerate(spans):
        status = (statuses or {}).get(place)
        connection.execute(occurrence.insert().values(**_occurrence(no, start, end), status=status))
    add_facets(connection, no, *(("category", term) for term in terms or ("unmapped",)))
    add_words(connection, no, f" {words} \n \n ", *(terms or ("unmapped",)))
    add_facets(connection, no, ("status", row["status"]))


def set_facets(connection: Connection, no: int, *facets: tuple[str, str]) -> None:
    """All facets of a live entity, instead of those it had."""
    _lose_facets(connection, select(entity.c.no).where(entity.c.no == no).scalar_subquery())
    add_facets(connection, no, *facets)


def add_words(connection: Connection, no: int, words: str, *terms: str) -> None:
    """What a live entity is found by: three lines of words, categories."""
    kind = connection.execute(select(entity.c.kind).where(entity.c.no == no)).scalar_one()
    write_searchable(connection, {no: Searchable(" ".join((kind, *terms)), words)}, ())


def add_words_to_all(connection: Connection, words: str) -> None:
    """Every live entity is found by these words, as one that a worker has read."""
    live = select(entity.c.no).where(entity.c.state == "live")
    for no in connection.execute(live).scalars().all():
        add_words(connection, no, f" {words} \n \n ")


def add_facets(connection: Connection, no: int, *facets: tuple[str, str]) -> None:
    """Facets of a live entity, counted."""
    row = connection.execute(select(entity.c.kind, entity.c.change).where(entity.c.no == no)).one()
    entries = [((row.kind, *each), row.change, no) for each in facets]
    write_facets(connection, {key: 1 for key, _, _ in entries}, entries)


def add_facets_to(connection: Connection, kind: str, number: int, *facets: tuple[str, str]) -> None:
    """Facets of the entity of a kind and number."""
    chosen = select(entity.c.no).where(entity.c.id == identity(kind, number))
    add_facets(connection, connection.execute(chosen).scalar_one(), *facets)


def _when(start: datetime, end: datetime) -> dict[str, Any]:
    return Timed(start=wall_of(start, ZONE), end=wall_of(end, ZONE), zone=ZONE).model_dump(
        mode="json", exclude_none=True
    )


def _occurrence(no: int, start: datetime, end: datetime) -> dict[str, Any]:
    wall = wall_of(start, ZONE).isoformat()
    return {
        "entity_no": no,
        "recurrence_id": wall,
        "starts": start,
        "ends": end,
        "wall_start": wall,
        "wall_end": wall_of(end, ZONE).isoformat() if end > start else None,
        "zone": ZONE,
        "all_day": False,
        "span": span_of(end - start),
    }


def changed_at(change: int) -> datetime:
    """When `add_entity` and the others say this change was."""
    return NOW - 24 * HOUR + timedelta(seconds=change)


def _count(connection: Connection, kind: str, more: int) -> None:
    write_facets(connection, {(kind, "", ""): more}, ())


def touch(connection: Connection, /, kind: str, number: int, **fields: Any) -> int:
    """Change an entity's document, but not when it takes place; its new change number."""
    change = next_change(connection)
    id_ = identity(kind, number)
    connection.execute(
        update(entity).where(entity.c.id == id_).values(change=change, modified=changed_at(change))
    )
    no = select(entity.c.no).where(entity.c.id == id_).scalar_subquery()
    mine = update(facet_entry).where(facet_entry.c.entity_no == no)
    connection.execute(mine.values(change=change))
    former = select(document.c.json).where(document.c.entity_no == no)
    said = orjson.loads(connection.execute(former).scalar_one())
    written = body(kind, number, **{"when": said.get("when"), **fields})
    connection.execute(update(document).where(document.c.entity_no == no).values(json=written))
    return change


def remove(
    connection: Connection, kind: str, number: int, state: str, into: int | None = None
) -> int:
    """Withdraw, merge or erase an entity; its new change number."""
    change = next_change(connection)
    survivor = None if into is None else identity(kind, into)
    id_ = identity(kind, number)
    connection.execute(
        update(entity)
        .where(entity.c.id == id_)
        .values(state=state, change=change, modified=changed_at(change), merged_into=survivor)
    )
    no = select(entity.c.no).where(entity.c.id == id_).scalar_subquery()
    _lose_facets(connection, no)
    for table in (document, occurrence):
        connection.execute(delete(table).where(table.c.entity_no == no))
    _count(connection, kind, -1)
    return change


def _lose_facets(connection: Connection, no: ScalarSelect[int]) -> None:
    mine = facet_entry.c.entity_no == no
    had = select(facet_entry.c.facet).where(mine)
    connection.execute(update(facet).where(facet.c.id.in_(had)).values(n=facet.c.n - 1))
    connection.execute(delete(facet_entry).where(mine))


def add_day_count(connection: Connection, day: date, kind: str, status: str, n: int) -> None:
    """A row of the day counts of the source `agentur`."""
    connection.execute(
        day_count.insert().values(day=day, source="agentur", kind=kind, status=status, n=n)
    )


def add_record(connection: Connection, /, no: int, **columns: Any) -> None:
    """A record of the source `agentur`; `columns` override."""
    row = {
        "no": no,
        "source": "agentur",
        "kind": "offer",
        "native_id": str(no),
        "raw_key": str(no),
        "body": b"{}",
        "digest": b"",
        "entity_no": no,
        "fetched": NOW,
    }
    connection.execute(record.insert().values(row | columns))


def add_quarantined(connection: Connection, /, locator: str, **columns: Any) -> None:
    """A quarantined record of the source `agentur`; `columns` override."""
    row: dict[str, Any] = {"source": "agentur", "kind": "offer", "locator": locator}
    row |= {"problems": "[]", "raw": b"", "first_run": 1, "last_run": 1}
    connection.execute(quarantine.insert().values(row | columns))


class FixedClock:
    """It is always `NOW`, or what it was set to."""

    def __init__(self, now: datetime = NOW) -> None:
        self.at = now

    def now(self, _connection: Connection) -> datetime:
        """The instant."""
        return self.at


def restore(connection: Connection) -> None:
    """As a restored backup leaves it: the counting has another name."""
    connection.execute(update(feed).values(epoch="another"))


def lose_documents(connection: Connection) -> None:
    """As in the middle of making derived tables anew."""
    connection.execute(delete(document))


def move_view(connection: Connection) -> None:
    """Something other than an entity changed what answers say."""
    connection.execute(update(feed).values(view=feed.c.view + 1))


def forget_everything(connection: Connection) -> None:
    """As before the first run."""
    connection.execute(delete(entity))
