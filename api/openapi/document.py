"""The document itself: the table of routes, the components, where the service is. Pure.

Described is what programs ask: everything under `/v1`, the document, and the probes. Pages for
people, their static files and what is behind the login are left out: they may change any time.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

import orjson

from api.headers import is_data
from api.openapi.answers import ANSWERS, ANYTHING, TAGS, Answer
from api.openapi.envelopes import envelope_schemas
from api.openapi.examples import examples
from api.openapi.headers import GENERAL, header_components
from api.openapi.responses import others, response_components
from api.openapi.schemas import entity_schemas, explained
from api.params import Parameter
from api.routes import Route

OPENAPI: Final = "3.1.1"
Said = dict[str, Any]
IF_NONE_MATCH: Final[Said] = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The `ETag` of the answer you have. Where it is still good you get 304.",
    "schema": {"type": "string"},
}
INTRODUCTION: Final = """\
Everything is read with GET. HEAD answers as GET does, without the body; OPTIONS says which methods
an address has. Absent fields are left out, nothing is `null`. Objects may get further fields.

Errors are problem documents (RFC 9457, `application/problem+json`); `type` leads to a page that
explains the code. A parameter that is unknown, wrong or given twice is an error.

Answers may come compressed, as `Accept-Encoding` says. Besides the headers named with each answer
all of them may carry: {general}.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """Where the service is (`public_url`, ending with a slash) and what it is called."""

    public_url: str
    title: str


def is_described(route: Route) -> bool:
    """Whether programs ask this route."""
    return is_data(route.path)


def written(routes: Iterable[Route], instance: Instance) -> bytes:
    """The document with its examples, as JSON bytes."""
    return orjson.dumps(document(routes, instance, examples()))


def document(routes: Iterable[Route], instance: Instance, shown: Mapping[str, Any]) -> Said:
    """The whole document; `shown` are examples by route or component name."""
    described = [route for route in routes if is_described(route)]
    paths = {route.path: {"get": _operation(route, shown)} for route in described}
    return {
        "openapi": OPENAPI,
        "info": {
            "title": instance.title,
            "version": version("allmende"),
            "description": INTRODUCTION.format(general=", ".join(f"`{h}`" for h in GENERAL)),
        },
        "servers": [{"url": instance.public_url.rstrip("/")}],
        "tags": [{"name": name, "description": said} for name, said in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": explained({**entity_schemas(), **envelope_schemas()}),
            "headers": header_components(),
            "responses": response_components(shown),
        },
    }


def _operation(route: Route, shown: Mapping[str, Any]) -> Said:
    answer = ANSWERS.get(route.name, ANYTHING)
    good = answer.good(route.summary, shown.get(route.name))
    given = _parameters(route, answer)
    return {
        "operationId": route.name,
        "summary": route.summary,
        "tags": [answer.tag],
        **({"parameters": given} if given else {}),
        "responses": {"200": good, **others(answer, strict=route.strict)},
    }


def _parameters(route: Route, answer: Answer) -> list[Said]:
    path = [_in_path(part[1:-1]) for part in _templates(route.path)]
    conditional = [IF_NONE_MATCH] if answer.kept else []
    return [*path, *map(_in_query, route.parameters), *conditional]


def _templates(path: str) -> list[str]:
    return [part.removesuffix(".ics") for part in path.split("/") if part.startswith("{")]


def _in_path(name: str) -> Said:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": "The entry's id.",
        "schema": {"type": "string", "format": "uuid"},
    }


def _in_query(parameter: Parameter) -> Said:
    joined = {"style": "form", "explode": False} if parameter.schema.get("type") == "array" else {}
    return {
        "name": parameter.name,
        "in": "query",
        **({"required": True} if parameter.required else {}),
        "description": parameter.form,
        **joined,
        "schema": dict(parameter.schema),
        "example": _typed(parameter.example, parameter.schema),
    }


def _typed(text: str, schema: Mapping[str, Any]) -> Any:
    """An example as its schema has it: a query holds numbers and lists as text."""
    kinds: dict[str, Callable[[str], Any]] = {"integer": int, "number": float, "array": _parts}
    return kinds.get(str(schema.get("type")), str)(text)


def _parts(text: str) -> list[str]:
    return text.split(",")
