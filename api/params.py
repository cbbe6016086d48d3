"""Query parameters: which there are, what a value must look like, and reading them strictly.

Whoever mistypes a parameter learns so at once, instead of getting an unfiltered list.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from multidict import MultiMapping

from api.cursors import HIGHEST, cursor
from api.links import encoded
from api.problems import HttpProblem, invalid_parameter

DEFAULT_LIMIT: Final = 50
MOST: Final = 500
SHOWING: Final = ("limit", "cursor", "fields")
"""Parameters that say what is shown of a list."""
DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")
INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+ -]\d\d:\d\d)", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One query parameter. `form` says in one sentence what a value looks like, `schema` the same
    for programs (JSON Schema 2020-12; the items of an array stand in the query with commas
    between), `example` is a text that is accepted; `parse` raises `ValueError`, with a text for
    people if there is more to say than `form`. `required`: data without it is not answered."""

    name: str
    form: str
    parse: Callable[[str], Any]
    schema: Mapping[str, Any] = field(hash=False)
    example: str
    required: bool = False


@dataclass(frozen=True)
class Query:
    """A checked query: parsed values, and the text as it came."""

    values: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def canonical(self) -> str:
        """The same query in the one spelling that answers are kept under."""
        return encoded(self.texts)

    @cached_property
    def narrowing(self) -> str:
        """What of it says which list is asked for, whatever is shown of it, in one spelling."""
        return self.but(**dict.fromkeys(SHOWING))

    @cached_property
    def _around_cursor(self) -> tuple[str, str]:
        texts = self.texts
        before = encoded({name: text for name, text in texts.items() if name < CURSOR.name})
        behind = encoded({name: text for name, text in texts.items() if name > CURSOR.name})
        return before and f"{before}&", behind and f"&{behind}"

    @cached_property
    def first(self) -> str:
        """The canonical query of the list's first page."""
        return self.but(cursor=None)

    def on(self, cursor: str) -> str:
        """The canonical query of the page that goes on at a cursor, which needs no escaping."""
        before, behind = self._around_cursor
        return f"{before}cursor={cursor}{behind}"

    def but(self, **changes: str | None) -> str:
        """The canonical query with some parameters set anew, or (None) left out."""
        texts = {**self.texts, **changes}
        return encoded({name: text for name, text in texts.items() if text is not None})


def read_query(
    given: MultiMapping[str], parameters: tuple[Parameter, ...], *, strict: bool = True
) -> Query:
    """A request's query → the checked one. Raises a 400 `HttpProblem` that names every mistake;
    with `strict=False`, parameters nobody knows are passed over."""
    if strict:
        _refuse_without(given, parameters)
    if not given:
        return Query()
    found = {parameter.name: parameter for parameter in parameters if parameter.name in given}
    if strict and len(found) < len(set(given)):
        raise _unknown(given, tuple(parameter.name for parameter in parameters))
    texts = {name: given[name] for name in found}
    if len(texts) < len(given):
        _refuse_twice(given, found)
    return Query({name: _value(found[name], text) for name, text in texts.items()}, texts)


def _refuse_twice(given: MultiMapping[str], known: Iterable[str]) -> None:
    for name in known:
        if len(given.getall(name)) > 1:
            raise invalid_parameter(name, "may be given once only.")


def _unknown(given: MultiMapping[str], accepted: tuple[str, ...]) -> HttpProblem:
    unknown = sorted(set(given) - set(accepted))
    known = ", ".join(accepted) if accepted else "none"
    return HttpProblem(
        status=400,
        code="request.unknown_parameter",
        detail=f"Accepted here: {known}.",
        errors=tuple({"parameter": name, "detail": "unknown"} for name in unknown),
        more={"accepted": list(accepted)},
    )


def _refuse_without(given: MultiMapping[str], parameters: tuple[Parameter, ...]) -> None:
    for parameter in parameters:
        if parameter.required and parameter.name not in given:
            raise invalid_parameter(parameter.name, f"it is needed: {parameter.form}")


def _value(parameter: Parameter, text: str) -> Any:
    try:
        return parameter.parse(text)
    except (ValueError, OverflowError) as error:
        said = str(error) if isinstance(error, Explained) else parameter.form
        raise invalid_parameter(parameter.name, said) from None


class Explained(ValueError):
    """A wrong value with an explanation that is fit for people."""


def whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    """A parser of whole numbers in [lowest, highest], written in plain digits."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,19}", text):
            raise ValueError(text)
        number = int(text)
        if not lowest <= number <= highest:
            raise ValueError(text)
        return number

    return parse


def instant(text: str) -> datetime:
    """RFC 3339 date-time with offset → the same instant in UTC. A space stands for the "+" that a
    query string loses when it is not encoded."""
    if DATE.fullmatch(text):
        raise Explained(
            "a date alone leaves open in which time zone the day begins; "
            f"write for example {text}T00:00:00+01:00."
        )
    if not INSTANT.fullmatch(text):
        raise ValueError(text)
    moment, offset = text[:19], text[19:].replace(" ", "+").upper()
    return datetime.fromisoformat(moment.upper() + offset).astimezone(UTC)


def language(text: str) -> str:
    """A language tag (BCP 47) → the language without region and script, as texts are kept."""
    if not LANGUAGE_TAG.fullmatch(text):
        raise ValueError(text)
    return text.partition("-")[0].lower()


INSTANT_SCHEMA: Final = {"type": "string", "format": "date-time"}
LIMIT: Final = Parameter(
    name="limit",
    form=f"a whole number from 1 to {MOST}: how many entries a page has at most.",
    parse=whole_number(1, MOST),
    schema={"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT},
    example="20",
)
CURSOR: Final = Parameter(
    name="cursor",
    form="only what `links.next` or `links.prev` of a page contains.",
    parse=cursor,
    schema={"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
    example="WyI0ZjFiIiwibiIsZmFsc2UsMTIwNV0",
)
MODIFIED_SINCE: Final = Parameter(
    name="modified_since",
    form="a date and time with offset (RFC 3339), for example 2026-03-29T19:00:00+02:00.",
    parse=instant,
    schema=INSTANT_SCHEMA,
    example="2026-03-29T19:00:00+02:00",
)
AFTER_CHANGE_NUMBER: Final = Parameter(
    name="afterChangeNumber",
    form="a whole number, 0 or more: the last `modified` you have seen.",
    parse=whole_number(0, HIGHEST),
    schema={"type": "integer", "minimum": 0, "maximum": HIGHEST},
    example="0",
)
_LANGUAGE_FORM: Final = "a language code, for example de."
LANGUAGE: Final = Parameter(
    name="lang",
    form=_LANGUAGE_FORM,
    parse=language,
    schema={"type": "string", "pattern": f"^{LANGUAGE_TAG.pattern}$"},
    example="de",
)
PAGE_LANGUAGE: Final = Parameter(
    name="lang", form=_LANGUAGE_FORM, parse=str, schema={"type": "string"}, example="de"
)
"""Pages have few languages and pass over what is none of them."""
