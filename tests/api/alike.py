"""Many entities that are alike in every respect a list can ask about, of each kind; fast."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from aggregator.store.derived import derive, rows_of
from aggregator.store.entities import index_columns
from aggregator.store.facets import write_facets
from aggregator.store.tables import component, document, entity, feed, occurrence, search_entry
from schema import Event, Offer, Organisation, Project
from schema.entities import Entity
from schema.formats.json import document as rendered
from schema.index import facets_of, index_of
from schema.searching import words_of
from schema.when import Timed, wall_of
from tests.api.programme import ZONE, published
from tests.api.seeding import ALWAYS, EDITION, NOW, changed_at, identity

ORGANISATION: Final = "5f0c0a52-3c5b-4f0e-9d6e-0d1a4a7c1e11"
COMMON: Final[dict[str, Any]] = {
    "native_id": "x",
    "title": {"de": "Fahrrad reparieren", "en": "Repair a bicycle"},
    "tags": ["Fahrrad"],
    "climate": ["mitigation"],
    "categories": [{"scheme": "topics", "term": "mobility", "by": "source"}],
    "place": {
        "locality": "Halle (Saale)",
        "lat": 51.4825,
        "lon": 11.97,
        "authority": {"ags": "15002000"},
    },
}
START: Final = wall_of(NOW + timedelta(days=3), ZONE)
ENTITIES: Final[tuple[Entity, ...]] = (
    Organisation.model_validate(
        {
            **COMMON,
            "type": "association",
            "initiative_type": "community_garden",
            "open_for_cooperation": True,
        }
    ),
    Offer.model_validate({**COMMON, "status": "open", "commitment": "one_off", "remote": True}),
    Event.model_validate(
        {
            **COMMON,
            "type": "conference",
            "attendance": "onsite",
            "when": Timed(start=START, end=START + timedelta(hours=2), zone=ZONE),
        }
    ),
    Project.model_validate({**COMMON, "form": "project", "status": "idea"}),
)
"""One of each kind, with everything that lists can ask for."""


def add_alike(connection: Connection, thing: Entity, count: int) -> None:
    """So many live entities like this one, from the number 1 on, in that order of change."""
    head, last = connection.execute(select(feed.c.head, feed.c.last_entity)).one()
    whole = published(1, thing)
    body, derived = rendered(whole, EDITION), derive(whole, EDITION, NOW)
    columns = index_columns(index_of(thing))
    tables = (entity, document, occurrence, component, search_entry)
    rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in tables}
    found_by = {"marks": f"{thing.kind} topics:mobility", "words": words_of(thing)}
    for n in range(1, count + 1):
        rows[entity].append({**_identity(thing.kind, n, head + n), "no": last + n, **columns})
        rows[document].append({"entity_no": last + n, "json": body})
        rows[occurrence] += rows_of(last + n, derived.occurrences)
        rows[component] += rows_of(last + n, derived.components)
        rows[search_entry].append({"entity_no": last + n, **found_by})
    for table, found in rows.items():
        if found:
            connection.execute(insert(table), found)
    connection.execute(update(feed).values(head=head + count, last_entity=last + count))
    _count(connection, thing, count, (head, last))


def _identity(kind: str, number: int, change: int) -> dict[str, Any]:
    return {
        "id": identity(kind, number),
        "kind": kind,
        "state": "live",
        "change": change,
        "created": NOW,
        "modified": changed_at(change),
        "digest": b"",
        "inputs": b"",
        "first_key": f"agentur/{kind}/{number}",
    }


def _count(connection: Connection, thing: Entity, count: int, at: tuple[int, int]) -> None:
    facets = [*facets_of(thing), *ALWAYS, ("organisation", ORGANISATION)]
    keys = [(thing.kind, name, value) for name, value in facets]
    head, last = at
    entries = [(key, head + n, last + n) for n in range(1, count + 1) for key in keys]
    more = dict.fromkeys([*keys, (thing.kind, "", "")], count)
    write_facets(connection, more, entries)
