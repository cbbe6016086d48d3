"""`/offers`, `/organisations`, `/projects`: lists for people, with the filters of the data."""

from functools import partial
from typing import Any, Final

from aiohttp import web

from aggregator.queries.listing import read_page
from api.envelope import neighbours
from api.keys import LINKS, PAGES
from api.links import Links
from api.list_params import SORTS
from api.params import Query
from api.site.answering import language_of
from api.site.lists.answers import given, tidied
from api.site.lists.around import around_of, ways_out
from api.site.lists.cards import cards_of
from api.site.lists.kindly import followed
from api.site.lists.kinds import OFFERS, ORGANISATIONS, PROJECTS, Listed
from api.site.lists.numbers import total_said
from api.site.lists.reading import BEST, NEAREST, NEWEST, can_be, read
from api.site.lists.shown import Around, asked_for, shown_around

ON_A_PAGE: Final = 24
USUAL: Final = Query({"limit": ON_A_PAGE}, {"limit": str(ON_A_PAGE)})
OFFERED: Final = (BEST, NEWEST, "title", NEAREST)


def _usual_order(query: Query) -> str:
    """Who asks for a place wants the nearest first."""
    return NEAREST if "near" in query.values else _order_of_data(query)


def _order_of_data(query: Query) -> str:
    """How the list of data goes where nothing is said."""
    return BEST if "q" in query.values and BEST in SORTS else NEWEST


def _usual(query: Query) -> Query:
    order = {"sort": _usual_order(query)}
    return Query({**USUAL.values, **order}, {**USUAL.texts, **order})


def _orders(around: Around, links: Links) -> list[tuple[str, str, bool]]:
    """The orders to choose from: name, address, whether it is this one."""
    query, usual = around.reading.query, _usual_order(around.reading.query)
    offered = [name for name in OFFERED if name in SORTS and can_be(name, query.values)]
    return [
        (
            name,
            around.here.again(links, {"sort": None if name == usual else name, "cursor": None}),
            name == query.values.get("sort", usual),
        )
        for name in offered
    ]


async def show_list(request: web.Request, query: Query, *, listed: Listed) -> web.Response:
    """A page of entries in the reader's language, and the form that narrows it down."""
    reading = read(query)
    if tidier := tidied(request, reading):
        return tidier
    language = language_of(request, query)
    found = await followed(request, reading, listed.kind, _usual(reading.query))
    around = await around_of(request, found, listed, language)
    page = await read_page(request.app[PAGES], found.listing.opened, bodies=True)
    links = request.app[LINKS]
    beside = neighbours(page, found.reading.query, found.listing.feed.epoch)
    asked = found.reading.query
    order = asked.values.get("sort", _usual_order(asked))
    data = asked_for(asked, **({} if order == _order_of_data(asked) else {"sort": order}))
    values: dict[str, Any] = {
        **shown_around(around, links),
        "cards": cards_of(page, language),
        "total": total_said(found.listing.total, listed.counted, language),
        "pager": {name: f"{links.local(listed.path)}?{asked}" for name, asked in beside.items()},
        "json": links.absolute(listed.data, data),
        "sorts": _orders(around, links),
        "ways_out": [] if page.bodies else await ways_out(request, around, USUAL),
    }
    return given(request, "list.html", around, values)


LISTED: Final = {
    each.collection: partial(show_list, listed=each) for each in (OFFERS, ORGANISATIONS, PROJECTS)
}
