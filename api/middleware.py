"""What every request goes through: problems become answers, answers get their headers.

There is no broad `except` here. What nobody expected is logged and answered by the server with a
500 of its own; `finish` replaces that text, so that nothing inner shows.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import hdrs, web

from aggregator.queries import UNAVAILABLE
from api.headers import PREFLIGHT, is_data, standing
from api.keys import ADMISSION, LINKS
from api.policies import POLICY, STRICT
from api.problems import MEDIA_TYPE, HttpProblem, answer, document
from api.rates import RATE
from api.site.explained import problem_page

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

RETRY_SECONDS: Final = "2"
BODY_SECONDS: Final = 10.0
"""How long the body of a request may take to come."""
REFUSED: Final = {
    400: "request.malformed",
    404: "request.not_found",
    413: "request.too_large",
}
"""Codes of what the server itself refuses."""


@web.middleware
async def admit(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count the client, and answer from memory what was asked before (see `admission`)."""
    return await request.app[ADMISSION].admit_once(request, handler)


@web.middleware
async def answer_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Run the handler; a problem ends as its document, or as a page for a browser on a page."""
    try:
        await _receive(request)
        return await handler(request)
    except HttpProblem as problem:
        return _answer(request, problem)
    except web.HTTPClientError as refused:
        if request.method == hdrs.METH_OPTIONS and isinstance(refused, web.HTTPMethodNotAllowed):
            return _options(request, _allowed(refused))
        return _answer(request, _refused(refused))
    except UNAVAILABLE:
        later = {"Retry-After": RETRY_SECONDS}
        return _answer(request, HttpProblem(status=503, code="database.unavailable", headers=later))


async def _receive(request: web.Request) -> None:
    """Take in what a form sends, as long as it comes. Raises an `HttpProblem` (400 for what breaks
    off or is no body, 408), and a 413 of the server's own."""
    if not request.can_read_body or request.match_info.http_exception is not None:
        return
    try:
        async with asyncio.timeout(BODY_SECONDS):
            await request.read()
    except TimeoutError:
        raise HttpProblem(status=408, code="request.timeout") from None
    except (ConnectionError, web.RequestPayloadError):
        raise HttpProblem(status=400, code="request.malformed") from None


def _refused(error: web.HTTPClientError) -> HttpProblem:
    """A refusal of the server's own → the problem."""
    if isinstance(error, web.HTTPMethodNotAllowed):
        allow = {"Allow": _allowed(error)}
        return HttpProblem(status=405, code="request.method_not_allowed", headers=allow)
    code = REFUSED.get(error.status, "request.unsupported")
    return HttpProblem(status=error.status, code=code)


def _allowed(error: web.HTTPMethodNotAllowed) -> str:
    return ", ".join(sorted({*error.allowed_methods, hdrs.METH_OPTIONS}))


def _options(request: web.Request, allow: str) -> web.Response:
    """What may be done here (RFC 9110 9.3.7), and, where a browser asks in advance, to data from
    pages of other origins."""
    asked = hdrs.ACCESS_CONTROL_REQUEST_METHOD in request.headers and is_data(request.path)
    more = {"Access-Control-Allow-Methods": allow, **PREFLIGHT} if asked else {}
    return web.Response(status=204, headers={"Allow": allow, **more})


def _answer(request: web.Request, problem: HttpProblem) -> web.Response:
    if not is_data(request.path) and "text/html" in request.headers.get("Accept", ""):
        return problem_page(request, problem)
    return answer(problem, request.app[LINKS])


async def finish(request: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on that every answer has; hide what an unexpected error would say."""
    response.headers.update(standing(request.path, request.get(POLICY, STRICT)))
    response.headers.update(request.get(RATE) or {})
    if not isinstance(response, web.Response):
        return
    if response.status == 500:
        _say_instead(request, response, HttpProblem(status=500, code="request.failed"))
    elif isinstance(response, web.HTTPClientError):  # before a route could be asked
        _say_instead(request, response, _refused(response))


def _say_instead(request: web.Request, response: web.Response, problem: HttpProblem) -> None:
    response.body = body = document(problem, request.app[LINKS])
    response.headers.update(
        {
            "Content-Type": MEDIA_TYPE,
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
        }
    )
