"""Events in the tables as the pipeline leaves them: documents, occurrences and components."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from aggregator.store.derived import derive, rows_of
from aggregator.store.tables import component, entity, facet_entry, occurrence
from schema import encode
from schema.edition import Origin
from schema.entities import Event
from schema.formats.json import Provenance, Published, document
from schema.index import facets_of
from schema.searching import words_of
from schema.when import Timed, wall_of
from tests.api.seeding import (
    EDITION,
    NOW,
    add_entity,
    add_facets,
    add_words,
    identity,
    next_change,
)

ZONE = "Europe/Berlin"
ORIGIN = Origin(id="agentur", name="Freiwilligen-Agentur", licence="cc-by/4.0")


def evening(days: int, title: str = "Bäume gießen", **fields: Any) -> Event:
    """An event of two hours, so many days from `NOW`."""
    start = wall_of(NOW + timedelta(days=days), ZONE)
    when = Timed(start=start, end=start + timedelta(hours=2), zone=ZONE)
    given = {"native_id": "x", "title": {"de": title}, "when": when, **fields}
    return Event.model_validate(given)


def published(number: int, event: Event, modified: datetime = NOW) -> Published:
    """An event as it is handed to what renders it."""
    return Published(
        kind="event",
        id=identity("event", number),
        body=encode(event),
        target=None,
        sources=(Provenance(origin=ORIGIN, fetched=NOW),),
        created=NOW - timedelta(days=1),
        modified=modified,
    )


def put(connection: Connection, number: int, event: Event) -> None:
    """A live event, as the newest change; with the number of one that is there, that one anew."""
    whole = published(number, event)
    id_ = identity("event", number)
    at = select(entity.c.no).where(entity.c.id == id_)
    if connection.execute(at).scalar() is None:
        add_entity(connection, "event", number, document(whole, EDITION))
    else:
        change = next_change(connection)
        connection.execute(update(entity).where(entity.c.id == id_).values(change=change))
    no = connection.execute(at).scalar_one()
    place = event.place
    row = {
        "status": event.status,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
    }
    connection.execute(update(entity).where(entity.c.no == no).values(row))
    add_words(connection, no, words_of(event))
    derived = derive(whole, EDITION, NOW)
    for table, rows in (
        (occurrence, derived.occurrences),
        (component, derived.components),
    ):
        connection.execute(delete(table).where(table.c.entity_no == no))
        if rows:
            connection.execute(table.insert(), rows_of(no, rows))
    connection.execute(delete(facet_entry).where(facet_entry.c.entity_no == no))
    add_facets(connection, no, *facets_of(event))


def put_all(connection: Connection, events: Sequence[Event]) -> None:
    """Events with the numbers from 1 on."""
    for number, event in enumerate(events, 1):
        put(connection, number, event)
