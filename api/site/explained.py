"""`/problems/<code>`: what a problem code means. And problems as pages, where a browser asked."""

from aiohttp import web

from api.caching import HTML, NEVER
from api.keys import SITE
from api.params import Query
from api.problems import HttpProblem, not_found
from api.saying import meaning
from api.site.answering import answered, language_of
from api.site.here import LANGUAGE, Here
from api.site.words import language_for
from schema.problems import MEANINGS


async def explain(request: web.Request, query: Query) -> web.Response:
    """The page that the `type` of a problem document leads to."""
    code = request.match_info["code"]
    if code not in MEANINGS:
        raise not_found()
    language = language_of(request, query)
    told = meaning(code, language)
    values = {"heading": told.title, "code": code, "advice": told.advice, "detail": None}
    here = Here(path=f"/problems/{code}", query=query.texts)
    return answered(request, "problem.html", language, here, **values)


def problem_page(request: web.Request, problem: HttpProblem) -> web.Response:
    """A problem as a page for people. Says nothing that the problem document would not say."""
    asked = request.query.get(LANGUAGE)
    language = language_for(asked, request.headers.get("Accept-Language", ""))
    told = meaning(problem.code, language)
    html = request.app[SITE].render(
        "problem.html",
        language,
        here=Here(query={LANGUAGE: asked} if asked else {}, languages=()),
        heading=told.title,
        code=problem.code,
        advice=told.advice,
        detail=problem.detail,
    )
    headers = {
        "Content-Type": HTML,
        "Content-Language": language,
        "Vary": "Accept-Language",
        "Cache-Control": NEVER,
        **problem.headers,
    }
    return web.Response(status=problem.status, body=html.encode(), headers=headers)
