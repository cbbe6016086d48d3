"""`/imprint`, `/privacy`, `/accessibility`: pages that every page links to."""

from functools import partial

from aiohttp import web

from aggregator.settings import LEGAL
from api.caching import GONE
from api.keys import SITE
from api.params import Query
from api.site.answering import answered, language_of
from api.site.here import Here


async def show_legal(request: web.Request, query: Query, *, name: str) -> web.Response:
    """One of the pages; where it lies elsewhere, the way there."""
    legal = request.app[SITE].legal[name]
    if legal.address is not None:
        headers = {"Location": legal.address, "Cache-Control": GONE}
        return web.Response(status=302, headers=headers)
    language = language_of(request, query)
    here = Here(path=f"/{name}", query=query.texts)
    if legal.document is None:
        return answered(request, f"legal/{name}.{language}.html", language, here)
    return answered(request, "legal/own.html", language, here, own=legal, heading=name)


SHOWN = {name: partial(show_legal, name=name) for name in LEGAL}
