"""`/offers`, `/organisations`, `/projects`: lists for people, with the filters of the data."""

from functools import partial
from typing import Any, Final

from aiohttp import web

from aggregator.queries.listing import read_page
from api.envelope import neighbours
from api.keys import LINKS, PAGES
from api.params import Query
from api.site.answering import language_of
from api.site.lists.answers import given, tidied
from api.site.lists.around import around_of, ways_out
from api.site.lists.cards import cards_of
from api.site.lists.kindly import followed
from api.site.lists.kinds import OFFERS, ORGANISATIONS, PROJECTS, Listed
from api.site.lists.numbers import total_said
from api.site.lists.reading import read
from api.site.lists.shown import asked_for, shown_around

ON_A_PAGE: Final = 24
USUAL: Final = Query({"limit": ON_A_PAGE}, {"limit": str(ON_A_PAGE)})


async def show_list(request: web.Request, query: Query, *, listed: Listed) -> web.Response:
    """A page of entries in the reader's language, and the form that narrows it down."""
    reading = read(query)
    if tidier := tidied(request, reading):
        return tidier
    language = language_of(request, query)
    found = await followed(request, reading, listed.kind, USUAL)
    around = await around_of(request, found.reading, listed, language)
    page = await read_page(request.app[PAGES], found.listing.opened, bodies=True)
    links = request.app[LINKS]
    beside = neighbours(page, found.reading.query, found.listing.feed.epoch)
    data = asked_for(found.reading.query)
    values: dict[str, Any] = {
        **shown_around(around, links),
        "cards": cards_of(page, listed, language),
        "total": total_said(found.listing.total, listed.counted, language),
        "pager": {name: f"{links.local(listed.path)}?{asked}" for name, asked in beside.items()},
        "json": links.absolute(listed.data, data),
        "ways_out": [] if page.bodies else await ways_out(request, around, USUAL),
    }
    return given(request, "list.html", around, values)


LISTED: Final = {
    each.collection: partial(show_list, listed=each) for each in (OFFERS, ORGANISATIONS, PROJECTS)
}
