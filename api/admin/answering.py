"""How a page under `/admin` is answered: in the reader's language, kept by nobody."""

import re
from typing import Any, Final

from aiohttp import web
from markupsafe import Markup, escape

from api.admin.entering import Visitor
from api.admin.texts import words_in
from api.caching import HTML, NEVER
from api.keys import DOOR, SITE
from api.params import Query
from api.site.answering import language_of
from api.site.here import Here

CODE: Final = re.compile(r"`([^`]+)`")


def coded(text: str) -> Markup:
    """A text in which `commands` stand between backticks → HTML, escaped."""
    parts = (
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(CODE.split(text))
    )
    return Markup("").join(parts)


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
        coded=coded,
        **values,
    )
    headers = {"Content-Type": HTML, "Cache-Control": NEVER, "Content-Language": language}
    return web.Response(body=html.encode(), headers=headers)
