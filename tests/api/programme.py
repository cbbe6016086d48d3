"""Entities in the tables as the pipeline leaves them: documents, occurrences and components."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from aggregator.store.derived import derive, rows_of
from aggregator.store.entities import index_columns
from aggregator.store.tables import component, entity, occurrence
from schema import encode
from schema.edition import Origin
from schema.entities import Entity, Event
from schema.formats.json import Provenance, Published, document
from schema.index import UNMAPPED, Facet, facets_of, index_of, terms_of
from schema.searching import words_of
from schema.when import Timed, wall_of
from tests.api.seeding import (
    ALWAYS,
    EDITION,
    NOW,
    add_entity,
    add_words,
    identity,
    next_change,
    set_facets,
)

ZONE = "Europe/Berlin"
ORIGIN = Origin(id="agentur", name="Freiwilligen-Agentur", licence="cc-by/4.0")


def evening(days: int, title: str = "Bäume gießen", **fields: Any) -> Event:
    """An event of two hours, so many days from `NOW`."""
    start = wall_of(NOW + timedelta(days=days), ZONE)
    when = Timed(start=start, end=start + timedelta(hours=2), zone=ZONE)
    given = {"native_id": "x", "title": {"de": title}, "when": when, **fields}
    return Event.model_validate(given)


def published(number: int, thing: Entity, modified: datetime = NOW) -> Published:
    """An entity as it is handed to what renders it."""
    return Published(
        kind=thing.kind,
        id=identity(thing.kind, number),
        body=encode(thing),
        target=None,
        sources=(Provenance(origin=ORIGIN, fetched=NOW),),
        created=NOW - timedelta(days=1),
        modified=modified,
    )


def put(connection: Connection, number: int, thing: Entity, *facets: Facet) -> None:
    """A live entity, as the newest change; with the number of one that is there, that one anew.
    `facets`: those that do not follow from itself, instead of `ALWAYS`."""
    whole = published(number, thing)
    id_ = identity(thing.kind, number)
    at = select(entity.c.no).where(entity.c.id == id_)
    if connection.execute(at).scalar() is None:
        add_entity(connection, thing.kind, number, document(whole, EDITION))
    else:
        change = next_change(connection)
        connection.execute(update(entity).where(entity.c.id == id_).values(change=change))
    no = connection.execute(at).scalar_one()
    row = index_columns(index_of(thing))
    connection.execute(update(entity).where(entity.c.no == no).values(row))
    add_words(connection, no, words_of(thing), *(terms_of(thing) or (UNMAPPED,)))
    derived = derive(whole, EDITION, NOW)
    for table, rows in ((occurrence, derived.occurrences), (component, derived.components)):
        connection.execute(delete(table).where(table.c.entity_no == no))
        if rows:
            connection.execute(table.insert(), rows_of(no, rows))
    set_facets(connection, no, *facets_of(thing), *(facets or ALWAYS))


def put_all(connection: Connection, things: Sequence[Entity]) -> None:
    """Entities with the numbers from 1 on."""
    for number, thing in enumerate(things, 1):
        put(connection, number, thing)
