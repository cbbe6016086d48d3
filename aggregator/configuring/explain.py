"""Turn pydantic's errors into mistakes with plain words and a suggestion. Reads no file."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any, Final, get_args
from zoneinfo import available_timezones

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from aggregator.configuring.lines import Path
from aggregator.configuring.mistakes import Mistake

PLAIN: Final = {
    "string_type": 'write text in quotes: "…"',
    "string_too_short": "write something between the quotes",
    "int_type": "write a whole number, without quotes",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number, without quotes",
    "float_parsing": "write a number",
    "bool_type": "write true or false, without quotes",
    "bool_parsing": "write true or false",
    "tuple_type": 'write a list: ["…", "…"]',
    "list_type": 'write a list: ["…", "…"]',
    "dict_type": "write a table: name = value",
    "model_type": "write a table: name = value",
    "model_attributes_type": "write a table: name = value",
}
"""pydantic's error types → what to write instead."""

FORMS: Final = {
    "id": 'small letters, digits and hyphens, such as "freinet-halle"',
    "language": 'two or three small letters, such as "de"',
}
"""Settings with a pattern → the pattern in words."""


def closest(word: object, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be."""
    by_lower = {name.lower(): name for name in known}
    found = get_close_matches(str(word).lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def suggest(word: object, known: Sequence[str]) -> str:
    """A wrong word → "did you mean …?", or what would have been accepted."""
    best = closest(word, known)
    return f'did you mean "{best}"?' if best else f"accepted: {', '.join(sorted(known))}"


def explain(error: ValidationError, model: type[BaseModel], at: Path) -> Iterator[Mistake]:
    """Every error of validating `model`, which stands at `at` in the file."""
    for details in error.errors(include_url=False):
        inner = tuple(part for part in details["loc"] if part != "[key]")
        yield _explain_one(details, model, at, inner)


def _explain_one(details: ErrorDetails, model: type[BaseModel], at: Path, inner: Path) -> Mistake:
    path = (*at, *inner)
    name = str(inner[-1]) if inner else ""
    match details["type"]:
        case "extra_forbidden":
            known = tuple(_model_at(model, inner[:-1]).model_fields)
            message = f'there is no setting "{name}" here'
            return Mistake(
                code="settings.unknown",
                path=path,
                message=message,
                suggestion=suggest(name, known),
            )
        case "missing":
            described = _model_at(model, inner[:-1]).model_fields[name].description
            return Mistake(
                code="settings.missing",
                path=path,
                message=f'"{name}" is missing',
                suggestion=_suggest_adding(name, described),
            )
        case kind:
            return Mistake(
                code="settings.invalid",
                path=path,
                message=_plain(kind, name, details["msg"]),
                suggestion=_suggest_value(name, details),
            )


def _model_at(model: type[BaseModel], inner: Path) -> type[BaseModel]:
    """The model that lies at `inner` inside `model`; where there is none, the last one passed."""
    for part in inner:
        field = model.model_fields.get(str(part))
        nested = next(_models(field.annotation), None) if field else None
        model = nested or model
    return model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _plain(kind: str, name: str, message: str) -> str:
    if kind == "string_pattern_mismatch" and name in FORMS:
        return f"write {FORMS[name]}"
    said = PLAIN.get(kind) or message.removeprefix("Value error, ")
    return said.replace("Input should be", "it should be")


def _suggest_value(name: str, details: ErrorDetails) -> str | None:
    if name == "zone":
        best = closest(details["input"], available_timezones())
        return f'did you mean "{best}"?' if best else 'such as "Europe/Berlin"'
    if details["type"] != "literal_error":
        return None
    expected: str = details.get("ctx", {}).get("expected", "")
    accepted = [word.strip(" '") for word in expected.replace(" or ", ",").split(",")]
    best = closest(details["input"], accepted)
    return f'did you mean "{best}"?' if best else None


def _suggest_adding(name: str, described: str | None) -> str:
    """A missing setting → what to add, with the first sentence of its description."""
    if described is None:
        return f"add {name} = …"
    return f"add {name} = … ({' '.join(described.split()).split('. ')[0].rstrip('.')})"
