"""Problems as HTTP answers (RFC 9457). What a code means stands in `schema.problems`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from aiohttp import web

from api.links import Links
from schema.problems import MEANINGS

MEDIA_TYPE: Final = "application/problem+json"


@dataclass(eq=False, kw_only=True)  # not frozen: Python sets the traceback on it
class HttpProblem(Exception):
    """Ends a request with `status` and the problem `code`.

    `detail` is for people and holds nothing private, `errors` name single parameters, `more` are
    further members of the document, `headers` go along.
    """

    status: int
    code: str
    detail: str | None = None
    errors: tuple[Mapping[str, str], ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def document(problem: HttpProblem, links: Links) -> bytes:
    """The problem document; absent members are left out."""
    members: dict[str, Any] = {
        "type": links.problem(problem.code),
        "title": MEANINGS[problem.code].title,
        "status": problem.status,
        "detail": problem.detail,
        "errors": list(problem.errors) or None,
        **problem.more,
    }
    said = {name: value for name, value in members.items() if value is not None}
    return orjson.dumps(said, option=orjson.OPT_UTC_Z)


def answer(problem: HttpProblem, links: Links) -> web.Response:
    """The problem document as an answer."""
    return web.Response(
        status=problem.status,
        body=document(problem, links),
        headers={"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", **problem.headers},
    )


def not_found(detail: str | None = None) -> HttpProblem:
    """404: nothing at this address."""
    return HttpProblem(status=404, code="request.not_found", detail=detail)


def invalid_parameter(name: str, detail: str) -> HttpProblem:
    """400: one parameter has a value that is not of its form."""
    return HttpProblem(
        status=400,
        code="request.invalid_parameter",
        detail=f"`{name}`: {detail}",
        errors=({"parameter": name, "detail": detail},),
    )
