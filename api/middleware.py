"""What every request goes through: problems become answers, answers get their headers.

There is no broad `except` here. What nobody expected is logged and answered by the server with a
500 of its own; `finish` replaces that text, so that nothing inner shows.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import hdrs, web

from aggregator.queries import UNAVAILABLE
from api.headers import PREFLIGHT, is_data, standing
from api.keys import ADMISSION, LINKS
from api.policies import POLICY, STRICT
from api.problems import MEDIA_TYPE, HttpProblem, answer, document, not_found
from api.rates import RATE
from api.site.explained import problem_page

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

RETRY_SECONDS: Final = "2"


@web.middleware
async def admit(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count the client, and answer from memory what was asked before (see `admission`)."""
    return await request.app[ADMISSION].admit_once(request, handler)


@web.middleware
async def answer_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Run the handler; a problem ends as its document, or as a page for a browser on a page."""
    try:
        return await handler(request)
    except HttpProblem as problem:
        return _answer(request, problem)
    except web.HTTPNotFound:
        return _answer(request, not_found())
    except web.HTTPMethodNotAllowed as refused:
        allow = ", ".join(sorted({*refused.allowed_methods, hdrs.METH_OPTIONS}))
        if request.method == hdrs.METH_OPTIONS:
            return _options(request, allow)
        code = "request.method_not_allowed"
        return _answer(request, HttpProblem(status=405, code=code, headers={"Allow": allow}))
    except UNAVAILABLE:
        later = {"Retry-After": RETRY_SECONDS}
        return _answer(request, HttpProblem(status=503, code="database.unavailable", headers=later))


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
    if response.status == 500 and isinstance(response, web.Response):
        failed = HttpProblem(status=500, code="request.failed")
        response.body = body = document(failed, request.app[LINKS])
        response.headers.update(
            {
                "Content-Type": MEDIA_TYPE,
                "Content-Length": str(len(body)),
                "Cache-Control": "no-store",
            }
        )
