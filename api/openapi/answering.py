"""`/openapi.json`, `/docs` and the files of that page. Builds no document: it is handed one."""

from aiohttp import web

from api.caching import FOREVER, HTML, LIST, full, is_known, not_modified, tag_of, validators
from api.keys import DESCRIPTION, LINKS, SETTINGS, SITE
from api.openapi.page import FILES, page
from api.params import Query
from api.problems import not_found


async def show_description(request: web.Request, _query: Query) -> web.Response:
    """The OpenAPI document."""
    body = request.app[DESCRIPTION].body
    headers = validators(request.app[DESCRIPTION].tag, LIST)
    if is_known(request, headers["ETag"]):
        return not_modified(headers)
    return full(body, headers)


async def show_docs(request: web.Request, _query: Query) -> web.Response:
    """The page that shows the document."""
    icon = f"/static/{request.app[SITE].assets['icon.svg'].served}"
    site = request.app[SITE]
    html = page(request.app[SETTINGS].service.title, icon, request.app[LINKS], site.legal_links())
    headers = validators(tag_of([html]), LIST)
    if is_known(request, headers["ETag"]):
        return not_modified(headers)
    return full(html.encode(), headers, HTML)


async def show_docs_file(request: web.Request, _query: Query) -> web.Response:
    """A script or style sheet of the page, which never changes under its name."""
    found = FILES.get(request.match_info["name"])
    if found is None:
        raise not_found()
    headers = validators(tag_of((request.match_info["name"], found.content)), FOREVER)
    if is_known(request, headers["ETag"]):
        return not_modified(headers)
    return full(found.content, headers, found.media_type)
