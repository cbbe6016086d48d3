"""How a page under `/admin` is answered: in the reader's language, kept by nobody."""

from typing import Any

from aiohttp import web

from api.admin.entering import Visitor
from api.admin.texts import words_in
from api.caching import HTML, NEVER
from api.keys import DOOR, SITE
from api.params import Query
from api.site.answering import language_of
from api.site.here import Here


def shown(
    request: web.Request, query: Query, template: str, visitor: Visitor, **values: Any
) -> web.Response:
    """A template with its values → the page."""
    language = language_of(request, query)
    html = request.app[SITE].render(
        template,
        language,
        here=Here(path=request.path, query=query.texts, section="admin"),
        words=words_in(language),
        visitor=visitor,
        door=request.app[DOOR],
        **values,
    )
    headers = {"Content-Type": HTML, "Cache-Control": NEVER, "Content-Language": language}
    return web.Response(body=html.encode(), headers=headers)
