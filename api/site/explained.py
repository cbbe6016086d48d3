"""`/problems/<code>`: what a problem code means. And problems as pages, where a browser asked."""

from http import HTTPStatus

from aiohttp import web

from api.caching import HTML, LIST, NEVER, full, is_known, not_modified, tag_of, validators
from api.keys import SITE
from api.params import Query
from api.problems import HttpProblem, not_found
from schema.problems import MEANINGS

LANGUAGE = "en"
"""Meanings and advice exist in English only."""


async def explain(request: web.Request, _query: Query) -> web.Response:
    """The page that the `type` of a problem document leads to."""
    code = request.match_info["code"]
    if code not in MEANINGS:
        raise not_found()
    meaning = MEANINGS[code]
    html = request.app[SITE].render(
        "problem.html",
        LANGUAGE,
        heading=meaning.title,
        code=code,
        advice=meaning.advice,
        detail=None,
    )
    tag = tag_of([html])
    headers = validators(tag, LIST)
    if is_known(request, tag):
        return not_modified(headers)
    return full(html.encode(), headers, HTML)


def problem_page(request: web.Request, problem: HttpProblem) -> web.Response:
    """A problem as a page for people. Says nothing that the problem document would not say."""
    meaning = MEANINGS[problem.code]
    phrase = HTTPStatus(problem.status).phrase
    html = request.app[SITE].render(
        "problem.html",
        LANGUAGE,
        heading=meaning.title,
        code=problem.code,
        advice=meaning.advice,
        detail=problem.detail or f"{problem.status} {phrase}",
    )
    headers = {"Content-Type": HTML, "Cache-Control": NEVER, **problem.headers}
    return web.Response(status=problem.status, body=html.encode(), headers=headers)
