"""`/events`: what takes place, by day, with the filters of the data, page after page."""

from typing import Any, Final

import orjson
from aiohttp import web

from aggregator.queries.listing import read_page
from api.envelope import neighbours
from api.filter_params import NOW, OCCURRENCES
from api.keys import LINKS, PAGES
from api.links import Links
from api.params import Query
from api.site.agenda import Reader, days_of
from api.site.answering import language_of
from api.site.lists.answers import given, tidied
from api.site.lists.around import around_of, ways_out
from api.site.lists.cards import distance_said
from api.site.lists.kindly import followed
from api.site.lists.kinds import EVENTS
from api.site.lists.numbers import total_said
from api.site.lists.reading import read
from api.site.lists.shown import Around, asked_for, shown_around
from api.site.lists.subscribing import subscription
from api.site.lists.windows import day_of, spans

ON_A_PAGE: Final = 50
USUAL: Final = Query(
    {"from": NOW, "expand": OCCURRENCES, "limit": ON_A_PAGE},
    {"from": NOW, "expand": OCCURRENCES, "limit": str(ON_A_PAGE)},
)


async def show_events(request: web.Request, query: Query) -> web.Response:
    """The agenda in the reader's language, and the form that narrows it down."""
    reading = read(query)
    if tidier := tidied(request, reading):
        return tidier
    language = language_of(request, query)
    found = await followed(request, reading, EVENTS.kind, USUAL)
    around = await around_of(request, found, EVENTS, language)
    page = await read_page(request.app[PAGES], found.listing.opened, bodies=True)
    links = request.app[LINKS]
    beside = neighbours(page, found.reading.query, found.listing.feed.epoch)
    reader = Reader(
        today=around.today,
        zone=around.zone,
        language=language,
        since=day_of(found.reading.query.values.get("from"), around.zone),
    )
    values: dict[str, Any] = {
        **shown_around(around, links),
        **views(around, links),
        "days": days_of(map(orjson.loads, page.bodies), reader, page.distances),
        "far": distance_said,
        "total": total_said(found.listing.total, EVENTS.counted, language),
        "pager": {name: f"{links.local(EVENTS.path)}?{asked}" for name, asked in beside.items()},
        "ways_out": [] if page.bodies else await ways_out(request, around, USUAL),
    }
    return given(request, "events.html", around, values)


def views(around: Around, links: Links) -> dict[str, Any]:
    """What agenda and month both link to: windows to choose, each other, calendar and data."""
    query, here = around.reading.query, around.here
    beginning: dict[str, str | None] = {"from": None, "to": None, "cursor": None, "month": None}
    kept = {name: text for name, text in query.texts.items() if name not in beginning}
    first = day_of(query.values.get("from"), around.zone)
    month = f"{first:%Y-%m}" if first else None
    return {
        "spans": [
            (
                span.name,
                here.to(links, EVENTS.path, {**kept, **span.query}),
                span.is_asked(query.texts),
            )
            for span in spans(around.today)
        ]
        + [("all", here.to(links, EVENTS.path, kept), not {"from", "to"} & set(query.texts))],
        "agenda": here.to(links, EVENTS.path, kept),
        "month_view": here.to(links, f"{EVENTS.path}/month", {**kept, "month": month}),
        "kept": {name: text for name, text in kept.items() if name != "lang"},
        "calendar": subscription(query, around.language, links),
        "json": links.absolute(
            EVENTS.data, asked_for(query, **{"from": NOW, "expand": OCCURRENCES})
        ),
    }
