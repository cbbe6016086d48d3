"""`/data`: what programs can ask for, in words."""

from typing import Final

from aiohttp import web

from api.params import Query
from api.site.answering import answered, language_of
from api.site.here import Here

DATA: Final = (
    "events", "events.ics", "offers", "organisations", "projects", "changes", "sources",
)  # fmt: skip


async def show_data(request: web.Request, query: Query) -> web.Response:
    """The page about the data, in the reader's language."""
    here = Here(path="/data", query=query.texts, section="data")
    return answered(request, "data.html", language_of(request, query), here, data=DATA)
