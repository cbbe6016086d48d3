"""Components of what stands around entries: lists, the change feed, sources, probes, problems.

Each is what one module of the service writes; a test holds them against real answers.
"""

from typing import Final, Literal

from aggregator.queries.facet_counts import Population
from aggregator.queries.sources import Condition
from aggregator.queries.stats import By, Interval
from aggregator.runs import Outcome
from api.openapi.schemas import ADDRESS, MOMENT, TEXT, UUID, Schema, one_of, record, ref
from schema.entities import COLLECTIONS, KINDS
from schema.vocabulary import Licence

COUNT: Final = {"type": "integer", "minimum": 0}
FLAG: Final = {"const": True}
BY_KIND: Final = {"type": "object", "additionalProperties": COUNT}
"""Kind, or another value, → number of entries."""
TEXTS_LISTED: Final = {"type": "array", "items": TEXT}
STALE: Final = {**TEXTS_LISTED, "description": "Sources that were not confirmed in time."}
DISTANCES: Final[Schema] = {
    "type": "array",
    "items": {"type": "number", "minimum": 0},
    "description": "With `near`: how far each entry is away, in kilometres, in the order of "
    "`data`.",
}
LISTED: Final = {COLLECTIONS[kind]: model.__name__ for kind, model in KINDS.items()}
"""Plural in addresses → component of an entry."""


def envelope_schemas() -> dict[str, Schema]:
    """Component name → schema."""
    about = {f"{name}List": _about(name) for name in ("Source", "CategoryScheme")}
    lists = {f"{name}List": _list(name) for name in LISTED.values()}
    return {
        "Alive": record(("status",), status={"const": "alive"}),
        "CategoryScheme": _scheme(),
        "CategoryTerm": _term(),
        "Change": _change(),
        "Changes": _changes(),
        "FacetCounts": _facet_counts(),
        "Index": _index(),
        "Links": _links(),
        "Pagination": _pagination(),
        "Problem": _problem(),
        "Readiness": _readiness(),
        "Search": _search(),
        "Source": _source(),
        "Stats": _stats(),
        **about,
        **lists,
    }


def _about(entry: str) -> Schema:
    """A list of what there is little of, on one page."""
    more = {"unmapped": BY_KIND} if entry == "CategoryScheme" else {}
    always = ("data", "pagination", "links", *more)
    return record(always, **_enveloped(ref(entry)), **more)


def _enveloped(entry: Schema) -> dict[str, Schema]:
    return {
        "data": {"type": "array", "items": entry},
        "pagination": ref("Pagination"),
        "links": ref("Links"),
    }


def _list(entry: str) -> Schema:
    fields = _enveloped({"anyOf": [ref(entry), ref(f"{entry}Part")]})
    further: dict[str, Schema] = {
        "stale_sources": STALE,
        "distances": DISTANCES,
        "facets": {
            "type": "object",
            "additionalProperties": ref("FacetCounts"),
            "description": "With `facets`: how many entries have each value.",
        },
    }
    return record(("data", "pagination", "links", "stale_sources"), **fields, **further)


def _search() -> Schema:
    return record(
        ("data", "pagination", "links", "facets", "stale_sources"),
        data={"type": "array", "items": {"anyOf": [ref(each.__name__) for each in KINDS.values()]}},
        pagination=ref("Pagination"),
        links=ref("Links"),
        facets={
            **record(("kind", "category"), kind=BY_KIND, category=BY_KIND),
            "description": "How many entries pass, by kind (whatever `kind` is asked for) and by "
            "category (whatever `category` is); where `totalIsMinimum` is said, at least so many.",
        },
        distances=DISTANCES,
        stale_sources=STALE,
    )


def _facet_counts() -> Schema:
    counted = record(("value", "count"), value=TEXT, count={"type": "integer", "minimum": 1})
    return record(
        ("of", "values"),
        of=one_of(Population),
        values={"type": "array", "items": counted},
        more=FLAG,
    )


def _scheme() -> Schema:
    return record(
        ("id", "default", "labels", "terms"),
        id=TEXT,
        default={"type": "boolean"},
        labels=ref("Texts"),
        terms={"type": "array", "items": ref("CategoryTerm")},
    )


def _term() -> Schema:
    return record(
        ("id", "category", "labels", "sentence", "examples", "entries"),
        id=TEXT,
        category=TEXT,
        labels=ref("Texts"),
        sentence=ref("Texts"),
        examples={"type": "object", "additionalProperties": TEXTS_LISTED},
        related=TEXTS_LISTED,
        entries=BY_KIND,
    )


def _stats() -> Schema:
    point = record(("day",), day={"type": "string", "format": "date"}, total=COUNT, counts=BY_KIND)
    return record(
        ("kind", "interval", "zone", "data", "links"),
        kind={"type": "string", "enum": [*KINDS]},
        source=TEXT,
        by=one_of(By),
        interval=one_of(Interval),
        zone=TEXT,
        data={"type": "array", "items": point},
        links=record(("self",), self=ADDRESS),
    )


def _pagination() -> Schema:
    return record(
        ("totalElements", "elementsPerPage"),
        totalElements=COUNT,
        totalIsMinimum=FLAG,
        elementsPerPage=COUNT,
    )


def _index() -> Schema:
    links: Schema = {"type": "object", "additionalProperties": ADDRESS, "required": ["self"]}
    addresses: Schema = {"type": "object", "additionalProperties": ADDRESS}
    portal = record(("id", "title", "links"), id=TEXT, title=TEXT, links=addresses)
    portals: Schema = {"type": "array", "items": portal}
    return record(("title", "links"), title=TEXT, links=links, portals=portals)


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
        ("id", "name", "licence", "freshness", "condition", "entries"),
        id=TEXT,
        name=TEXT,
        url=TEXT,
        licence=one_of(Licence),
        attribution=TEXT,
        freshness=one_of(Literal["fresh", "stale"]),
        condition=one_of(Condition),
        outcome={"type": "string", "enum": [each.value for each in Outcome]},
        checked=MOMENT,
        succeeded=MOMENT,
        entries=BY_KIND,
    )


def _readiness() -> Schema:
    reason = record(("code", "title", "advice"), code=TEXT, title=TEXT, advice=TEXT)
    return record(
        ("status", "database", "reasons"),
        status=one_of(Literal["ready", "waiting"]),
        reasons={"type": "array", "items": reason},
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
