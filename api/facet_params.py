"""Query parameters that name facets, for each kind: their forms, and reading them.

Each takes one value or several with commas between, of which any will do. What a name means may
depend on what there is (a city, a source): that is settled in `filtering`. Nothing here asks
anything.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, get_args
from uuid import UUID

from api.params import Explained, Parameter, language
from schema import schemes
from schema.entities import KINDS
from schema.index import UNMAPPED
from schema.vocabulary import Climate, Licence

MOST_VALUES: Final = 8
LONGEST: Final = 200
NAMES: Final[Mapping[str, str]] = {"has_lang": "lang"}
"""Parameters → the facets they name, where those are called otherwise."""
SEVERAL: Final = "or several with commas between: any of them"
ASSESSED: Final = (*get_args(Climate), "none", "unassessed")
FRESHNESSES: Final = ("confirmed", "stale", "withheld")


def several(one: Callable[[str], str]) -> Callable[[str], tuple[str, ...]]:
    """A parser of values with commas between; one inside a value has a backslash before it."""

    def parse(text: str) -> tuple[str, ...]:
        if "\0" in text:
            raise ValueError(text)
        pieces = pieces_of(text)
        if len(pieces) > MOST_VALUES:
            raise Explained(f"at most {MOST_VALUES} values at once.")
        return tuple(dict.fromkeys(map(one, pieces)))

    return parse


def pieces_of(text: str) -> list[str]:
    """A text → the values in it, without the backslashes."""
    pieces = text.replace("\\,", "\0").split(",")
    return [piece.replace("\0", ",").strip() for piece in pieces]


def one_of(values: Iterable[str]) -> Callable[[str], str]:
    """A parser of one of some values."""
    accepted = frozenset(values)

    def parse(text: str) -> str:
        if text not in accepted:
            raise ValueError(text)
        return text

    return parse


def category(text: str) -> str:
    """`term`, `scheme:term` or `unmapped` → `scheme:term` or `unmapped`."""
    if text == UNMAPPED:
        return text
    term = schemes.find(text)
    if term is None:
        accepted = ", ".join((UNMAPPED, *schemes.written()))
        raise Explained(f"there is no such category; accepted are {accepted}.")
    return f"{term.scheme}:{term.id}"


def _every_term() -> list[str]:
    """Every spelling of a category that is accepted: of the default scheme, both."""
    each = (term for name in schemes.names() for term in schemes.scheme(name).terms.values())
    return sorted({*schemes.written(), *(f"{term.scheme}:{term.id}" for term in each)})


def _written(text: str) -> str:
    if not 0 < len(text) <= LONGEST or "\0" in text:
        raise ValueError(text)
    return text


def _tag(text: str) -> str:
    return _written(text).casefold()


def _uuid(text: str) -> str:
    if str(UUID(text)) != text.lower():
        raise ValueError(text)
    return text.lower()


def _array(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "maxItems": MOST_VALUES, "items": dict(items)}


def _of_vocabulary(name: str, values: tuple[str, ...]) -> Parameter:
    return Parameter(
        name=name,
        form=f"one of {', '.join(values)}, {SEVERAL}.",
        parse=several(one_of(values)),
        schema=_array({"enum": list(values)}),
        example=values[0],
    )


def _values(kind: str, field: str) -> tuple[str, ...]:
    """The values that a field of a kind may have, from its type."""
    return _literals(KINDS[kind].model_fields[field].annotation)


def _literals(annotation: Any) -> tuple[str, ...]:
    if annotation is bool:
        return ("true", "false")
    found: list[str] = []
    for each in get_args(annotation):
        found += [each] if isinstance(each, str) else _literals(each)
    return tuple(found)


CATEGORY: Final = Parameter(
    name="category",
    form=f"a term of the default scheme, scheme:term, or unmapped; {SEVERAL}.",
    parse=several(category),
    schema=_array({"enum": [UNMAPPED, *_every_term()]}),
    example="mobility",
)
TAG: Final = Parameter(
    name="tag",
    form=f"a tag as entries have it, whatever its case, {SEVERAL}; write \\, for a comma in it.",
    parse=several(_tag),
    schema=_array({"type": "string", "minLength": 1, "maxLength": LONGEST}),
    example="Fahrrad",
)
CLIMATE: Final = Parameter(
    name="climate",
    form=f"one of {', '.join(ASSESSED)}, {SEVERAL}. none: it is not about climate; unassessed: "
    "nobody said.",
    parse=several(one_of(ASSESSED)),
    schema=_array({"enum": list(ASSESSED)}),
    example="mitigation",
)
CITY: Final = Parameter(
    name="city",
    form="a city by its code (ags:15002000, lau:…, wikidata:…), or by its name as entries write "
    f"it, where only one is called so; {SEVERAL}.",
    parse=several(_written),
    schema=_array({"type": "string", "minLength": 1, "maxLength": LONGEST}),
    example="Halle (Saale)",
)
HAS_LANG: Final = Parameter(
    name="has_lang",
    form=f"the code of a language that an entry has texts in, for example en, {SEVERAL}.",
    parse=several(language),
    schema=_array({"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$"}),
    example="en",
)
SOURCE: Final = Parameter(
    name="source",
    form=f"the id of a source, as `/v1/sources` has it, {SEVERAL}.",
    parse=several(_written),
    schema=_array({"type": "string", "minLength": 1, "maxLength": LONGEST}),
    example="stadtkalender",
)
LICENCE: Final = _of_vocabulary("licence", get_args(Licence))
FRESHNESS: Final = Parameter(
    name="freshness",
    form="one of confirmed, stale, withheld. stale: no source behind it was confirmed in time; "
    "withheld: its removal or change waits for a person.",
    parse=one_of(FRESHNESSES),
    schema={"enum": list(FRESHNESSES)},
    example="confirmed",
)
ORGANISATION: Final = Parameter(
    name="organisation",
    form=f"the id (UUID) of the organisation an entry names, {SEVERAL}.",
    parse=several(_uuid),
    schema=_array({"type": "string", "format": "uuid"}),
    example="5f0c0a52-3c5b-4f0e-9d6e-0d1a4a7c1e11",
)
ALWAYS: Final = (CATEGORY, TAG, CLIMATE, CITY, HAS_LANG, SOURCE, LICENCE, FRESHNESS)
OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "organisation": ("type", "initiative_type", "open_for_cooperation"),
    "offer": ("status", "commitment", "remote"),
    "event": ("status", "type", "attendance"),
    "project": ("status", "form"),
}
"""Kind → fields of one value that it can be narrowed down by."""
REFERRING: Final = frozenset(kind for kind, model in KINDS.items() if model.reference)


def _of_kind(kind: str) -> tuple[Parameter, ...]:
    own = tuple(_of_vocabulary(name, _values(kind, name)) for name in OWN[kind])
    return (*own, *((ORGANISATION,) if kind in REFERRING else ()), *ALWAYS)


FACETS: Final[Mapping[str, tuple[Parameter, ...]]] = {kind: _of_kind(kind) for kind in KINDS}
"""Kind → the parameters that name facets of it."""
