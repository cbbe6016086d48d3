"""Which query parameters the lists of each kind take. Data, and reading what is about lists."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from aggregator.queries.search import FEW
from api.facet_params import FACETS, one_of
from api.filter_params import ANYWHERE, EXPAND, FROM, TO
from api.params import CURSOR, LIMIT, MODIFIED_SINCE, Explained, Parameter
from schema.entities import KINDS

ALL_OF: Final = "or several with commas between"
HEAD: Final = (
    "id",
    "kind",
    "self",
    "created",
    "modified",
    "sources",
    "licence",
    "attribution",
    "share",
    "freshness",
    "text_languages",
)
"""Members of every document besides the fields of its kind."""
TIMED: Final = frozenset({"event"})
"""Kinds that take place at a time."""
SORTS: Final[Mapping[str, str]] = {
    "newest": "the newest change first",
    "relevance": f"what fits `q` best first where at most {FEW} have its words, else the newest "
    "change; it needs `q`",
    "title": "by title",
    "start": "by start; it needs `from` or `to`",
    "distance": "the nearest first; it needs `near`",
}


def _filters(kind: str) -> tuple[Parameter, ...]:
    window = (FROM, TO) if kind in TIMED else ()
    return (*window, *FACETS[kind], *ANYWHERE)


def _sort(kind: str) -> Parameter:
    sorts = {name: said for name, said in SORTS.items() if name != "start" or kind in TIMED}
    told = "; ".join(f"{name}: {said}" for name, said in sorts.items())
    return Parameter(
        name="sort",
        form=f"one of {', '.join(sorts)}. {told}.",
        parse=one_of(sorts),
        schema={"enum": list(sorts)},
        example="title",
    )


FILTERS: Final[Mapping[str, tuple[Parameter, ...]]] = {kind: _filters(kind) for kind in KINDS}
"""Kind → what narrows it down, in lists and calendars alike."""


def _facets(kind: str) -> Parameter:
    names = tuple(each.name for each in FACETS[kind] if each.name != "freshness")
    return Parameter(
        name="facets",
        form=f"one of {', '.join(names)}, {ALL_OF}: how many entries have each value.",
        parse=all_of(names),
        schema=_array(names),
        example=names[0],
    )


def _fields(kind: str) -> Parameter:
    names = members(kind)
    return Parameter(
        name="fields",
        form=f"names of members, {ALL_OF}: only these, and id, kind, self. Slower.",
        parse=all_of(names),
        schema=_array(names),
        example="title",
    )


def members(kind: str) -> tuple[str, ...]:
    """What an entry of a kind may have, as its document names it."""
    model = KINDS[kind]
    own = [name for name, field in model.model_fields.items() if not field.exclude]
    referring = [model.reference] if model.reference else []
    each = ["recurrence_id"] if kind in TIMED else []
    return (*HEAD, *referring, *own, *each)


def all_of(names: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    """A parser of some names with commas between, each once."""
    accepted = frozenset(names)

    def parse(text: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(each.strip() for each in text.split(",")))
        unknown = [each for each in found if each not in accepted]
        if unknown:
            raise Explained(f"{unknown[0] or 'nothing'} is not known; {', '.join(names)} are.")
        return found

    return parse


def _array(names: Sequence[str]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": {"enum": list(names)}}


def _parameters(kind: str) -> tuple[Parameter, ...]:
    each = (EXPAND,) if kind in TIMED else ()
    shown = (_sort(kind), _facets(kind), _fields(kind))
    return (LIMIT, CURSOR, MODIFIED_SINCE, *FILTERS[kind], *shown, *each)


LISTED: Final[Mapping[str, tuple[Parameter, ...]]] = {kind: _parameters(kind) for kind in KINDS}
"""Kind → every parameter of its list."""
