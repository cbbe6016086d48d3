"""Components of what stands around entries: lists, the change feed, sources, probes, problems.

Each is what one module of the service writes; a test holds them against real answers.
"""

from typing import Final, Literal

from aggregator.runs import Outcome
from api.openapi.schemas import ADDRESS, MOMENT, TEXT, UUID, Schema, one_of, record, ref
from schema.entities import COLLECTIONS, KINDS
from schema.vocabulary import Licence

COUNT: Final = {"type": "integer", "minimum": 0}
FLAG: Final = {"const": True}
TEXTS_LISTED: Final = {"type": "array", "items": TEXT}
LISTED: Final = {COLLECTIONS[kind]: model.__name__ for kind, model in KINDS.items()}
"""Plural in addresses → component of an entry."""


def envelope_schemas() -> dict[str, Schema]:
    """Component name → schema."""
    lists = {f"{name}List": _list(name) for name in (*LISTED.values(), "Source")}
    return {
        "Alive": record(("status",), status={"const": "alive"}),
        "Change": _change(),
        "Changes": _changes(),
        "Links": _links(),
        "Pagination": _pagination(),
        "Problem": _problem(),
        "Readiness": _readiness(),
        "Search": _search(),
        "Source": _source(),
        **lists,
    }


def _list(entry: str) -> Schema:
    fields: dict[str, Schema] = {
        "data": {"type": "array", "items": ref(entry)},
        "pagination": ref("Pagination"),
        "links": ref("Links"),
    }
    if entry == "Source":
        return record(("data", "pagination", "links"), **fields)
    further: dict[str, Schema] = {
        "stale_sources": {
            **TEXTS_LISTED,
            "description": "Sources that were not confirmed in time.",
        },
        "distances": {
            "type": "array",
            "items": {"type": "number", "minimum": 0},
            "description": "With `near`: how far each entry is away, in kilometres, in the order "
            "of `data`.",
        },
    }
    return record(("data", "pagination", "links", "stale_sources"), **fields, **further)


def _search() -> Schema:
    counts: Schema = {"type": "object", "additionalProperties": COUNT}
    return record(
        ("data", "pagination", "links", "facets", "stale_sources"),
        data={"type": "array", "items": {"anyOf": [ref(each.__name__) for each in KINDS.values()]}},
        pagination=ref("Pagination"),
        links=ref("Links"),
        facets={
            **record(("kind", "category"), kind=counts, category=counts),
            "description": "How many entries have the words, by kind and by category; where "
            "`totalIsMinimum` is said, at least so many.",
        },
        stale_sources={**TEXTS_LISTED, "description": "Sources that were not confirmed in time."},
    )


def _pagination() -> Schema:
    return record(
        ("totalElements", "elementsPerPage"),
        totalElements=COUNT,
        totalIsMinimum=FLAG,
        elementsPerPage=COUNT,
    )


def _links() -> Schema:
    return record(
        ("first", "self"),
        first=ADDRESS,
        self=ADDRESS,
        next=ADDRESS,
        prev=ADDRESS,
        calendar=ADDRESS,
        webcal=ADDRESS,
    )


def _change() -> Schema:
    return record(
        ("state", "kind", "id", "modified"),
        state={"type": "string", "enum": ["updated", "deleted"]},
        kind={"type": "string", "enum": [*KINDS]},
        id=UUID,
        modified={"type": "integer", "minimum": 1},
        previousIds={"type": "array", "items": UUID},
        data={"anyOf": [ref(model.__name__) for model in KINDS.values()]},
    )


def _changes() -> Schema:
    items = {"type": "array", "items": ref("Change")}
    return record(
        ("items", "next", "epoch", "license"),
        items=items,
        next=ADDRESS,
        epoch=TEXT,
        license=ADDRESS,
    )


def _source() -> Schema:
    return record(
        ("id", "name", "licence", "freshness", "entries"),
        id=TEXT,
        name=TEXT,
        url=TEXT,
        licence=one_of(Licence),
        attribution=TEXT,
        freshness=one_of(Literal["fresh", "stale"]),
        outcome={"type": "string", "enum": [each.value for each in Outcome]},
        checked=MOMENT,
        succeeded=MOMENT,
        entries={"type": "object", "additionalProperties": COUNT},
    )


def _readiness() -> Schema:
    return record(
        ("status", "database"),
        status=one_of(Literal["ready", "waiting"]),
        database=one_of(Literal["available", "unavailable"]),
        schema=one_of(Literal["current", "outdated"]),
        waiting_for=TEXTS_LISTED,
        never_succeeded=TEXTS_LISTED,
    )


def _problem() -> Schema:
    error = record(("parameter", "detail"), parameter=TEXT, detail=TEXT)
    return record(
        ("type", "title", "status"),
        type=ADDRESS,
        title=TEXT,
        status={"type": "integer", "minimum": 400, "maximum": 599},
        detail=TEXT,
        errors={"type": "array", "items": error},
        accepted=TEXTS_LISTED,
        id=UUID,
        kind={"type": "string", "enum": [*KINDS]},
        deleted=FLAG,
        modified=MOMENT,
    )
