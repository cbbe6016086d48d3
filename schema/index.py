"""What lists filter and sort by, computed once where the entity is made.

A new filter is one more facet here; what lists go by is a column of the store's, too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from schema.codec import languages_of
from schema.entities import Entity, Event
from schema.normal.names import fold_name
from schema.recurring import extent
from schema.searching import words_of

Facet = tuple[str, str]
"""The name of a filter, and a value by which an entity is found with it."""
UNMAPPED: Final = "unmapped"
"""The category of what has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Index fields of one entity. Instants are aware; `first`/`last` are dates of validity."""

    sort_title: str
    status: str | None = None
    commitment: str | None = None
    lat: float | None = None
    lon: float | None = None
    postal_code: str | None = None
    locality: str | None = None
    first: date | None = None
    last: date | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    """Of all its occurrences: the first one's start, the last one's end; None: without end."""
    words: str = " \n \n "
    """What it is found by when somebody looks for words, as `schema.searching` writes them."""
    source_modified: datetime | None = None
    facets: tuple[Facet, ...] = ()
    """What lists are narrowed down by, sorted, without doubles."""


CHOSEN: Final = (
    "status",
    "commitment",
    "remote",
    "type",
    "initiative_type",
    "open_for_cooperation",
    "attendance",
    "form",
)
SORT_LENGTH = 200
LONGEST_FACET = 500
"""Characters of a facet: four bytes each, that is what an index of PostgreSQL holds in a row, and
more than anybody asks for."""
_NEVER = (None, None)


def index_of(entity: Entity) -> Index:
    """Entity → its index fields."""
    place = entity.place
    own = entity.__dict__.get  # a kind without the field has no value
    starts, ends = extent(entity.when, entity.recurrence) if isinstance(entity, Event) else _NEVER
    return Index(
        sort_title=fold_name(first_text(entity.title))[:SORT_LENGTH],
        status=own("status"),
        commitment=own("commitment"),
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        postal_code=place.postal_code if place else None,
        locality=place.locality if place else None,
        first=own("valid_from"),
        last=own("valid_through"),
        starts=starts,
        ends=ends,
        words=words_of(entity),
        source_modified=entity.source_modified,
        facets=facets_of(entity),
    )


def facets_of(entity: Entity) -> tuple[Facet, ...]:
    """Entity → its facets, as far as they follow from itself: what stands behind it and whom it
    refers to is added where that is known. What is longer than an index holds is none."""
    found = {*_said(entity), *_chosen(entity)}
    return tuple(sorted(each for each in found if sum(map(len, each)) <= LONGEST_FACET))


def _said(entity: Entity) -> Iterator[Facet]:
    yield from _each("category", terms_of(entity) or (UNMAPPED,))
    yield from _each("tag", (tag.casefold() for tag in entity.tags or ()))
    yield from _each("climate", _assessed(entity.climate))
    yield from _each("lang", languages_of(entity))
    place = entity.place
    if place is None:
        return
    codes = place.authority.model_dump(exclude_none=True) if place.authority else {}
    cities = tuple(f"{scheme}:{code}" for scheme, code in codes.items())
    yield from _each("city", cities)
    if place.locality and (city := fold_name(place.locality)):
        yield "city", city
        yield from _each(named_city(city), cities)


def named_city(folded: str) -> str:
    """The facet that says which codes the cities of one name have: a name may be that of many."""
    return f"city:{folded}"


def _chosen(entity: Entity) -> Iterator[Facet]:
    """Fields of one value from a vocabulary, under their own names."""
    for name in CHOSEN:
        value = entity.__dict__.get(name)
        if value is not None:
            yield name, str(value).lower()


def _assessed(climate: tuple[str, ...] | None) -> tuple[str, ...]:
    """Empty is not absent: "none" was assessed, "unassessed" was not."""
    if climate is None:
        return ("unassessed",)
    return climate or ("none",)


def _each(name: str, values: Iterable[str]) -> Iterator[Facet]:
    return ((name, value) for value in values)


def terms_of(entity: Entity) -> tuple[str, ...]:
    """Entity → its categories as sorted `scheme:term`."""
    return tuple(sorted({f"{c.scheme}:{c.term}" for c in entity.categories or ()}))


def first_text(texts: dict[str, str]) -> str:
    """A text map → the text of its first language in alphabetical order."""
    return texts[min(texts)] if texts else ""
