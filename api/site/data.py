"""`/data`: what programs can ask for, and how entries come into pages of others, in words."""

from typing import Final

from aiohttp import web

from api.params import Query
from api.site.answering import answered, language_of
from api.site.here import Here

DATA: Final = {
    "offers": "",
    "events": "?from=now",
    "events.ics": "",
    "organisations": "",
    "projects": "",
    "search": "?q=klima",
    "categories": "",
    "stats": "",
    "changes": "",
    "sources": "",
}
"""What stands under `/v1/`, each with a query that shows something."""
EXAMPLE: Final = "/embed?kind=offers&limit=3"


async def show_data(request: web.Request, query: Query) -> web.Response:
    """The page about the data, in the reader's language."""
    here = Here(path="/data", query=query.texts, section="data")
    there = {resource.canonical for resource in request.app.router.resources()}
    data = [(name, asked) for name, asked in DATA.items() if f"/v1/{name}" in there]
    language = language_of(request, query)
    return answered(request, "data.html", language, here, data=data, example=EXAMPLE)
