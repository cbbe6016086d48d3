"""How a page is answered: in the reader's language, with a tag over what it says.

Reads nothing and decides about no content.
"""

from typing import Any

from aiohttp import web

from api.caching import HTML, LIST, full, is_known, not_modified, tag_of, validators
from api.keys import SITE
from api.params import Query
from api.site.here import LANGUAGE, Here
from api.site.words import language_for


def language_of(request: web.Request, query: Query) -> str:
    """The language to answer in: the one asked for, else the best of `Accept-Language`."""
    accepted = request.headers.get("Accept-Language", "")
    return language_for(query.values.get(LANGUAGE), accepted)


def answered(
    request: web.Request, template: str, language: str, here: Here, **values: Any
) -> web.Response:
    """A template with its values → the page, or a 304 where the client has it."""
    html = request.app[SITE].render(template, language, here=here, **values)
    headers = validators(tag_of([html]), LIST) | {
        "Content-Language": language,
        "Vary": "Accept-Language",
    }
    if is_known(request, headers["ETag"]):
        return not_modified(headers)
    return full(html.encode(), headers, HTML)
