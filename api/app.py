"""The web application: what it is made of, opened when it starts and closed when it ends.

It reads. It runs no source, writes nothing and does not own the database it is given.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

from aiohttp import web

from aggregator.queries import Database, Pages, open_pages
from aggregator.queries.bodies import Bodies
from aggregator.settings import ServiceSettings, Settings
from aggregator.working.clock import Clock
from api.admin.opening import hang_door
from api.admission import Admission
from api.calendar_store import Calendars
from api.freshness import Freshness
from api.heads import Heads
from api.hours import Hours
from api.keys import (
    ADMISSION,
    BODIES,
    CALENDARS,
    CHOOSING,
    CLOCK,
    DATABASE,
    DESCRIPTION,
    FRESHNESS,
    HOURS,
    LINKS,
    LISTS,
    PAGES,
    PORTALS,
    READY,
    SERVING,
    SETTINGS,
    SITE,
)
from api.links import Links
from api.middleware import admit, answer_problems, finish
from api.open_lists import Lists
from api.openapi.description import Description
from api.openapi.document import Instance, written
from api.portals import portals_of
from api.readiness import Ready
from api.routes import ROUTES, add_routes
from api.serving import Serving
from api.site.lists.choosing import Choosing
from api.site.rendering import Site

MEBIBYTE: Final = 1024 * 1024
LARGEST: Final = 64 * 1024
"""Bytes that a form may send."""
OpenPages = Callable[[Database], AbstractAsyncContextManager[Pages]]


def make_app(
    database: Database, settings: Settings, clock: Clock, *, pages: OpenPages = open_pages
) -> web.Application:
    """The application over an open, migrated database. `pages` opens what runs the
    hot reads. Raises `ValueError` for a portal whose filter cannot be read."""
    app = web.Application(middlewares=[admit, answer_problems], client_max_size=LARGEST)
    links = Links(settings.service.public_url)
    app[BODIES] = Bodies()
    app[CALENDARS] = Calendars()
    app[CHOOSING] = Choosing()
    app[CLOCK] = clock
    app[DATABASE] = database
    app[DESCRIPTION] = Description(lambda: written(ROUTES, _instance(settings.service)))
    app[FRESHNESS] = Freshness(database, clock)
    app[HOURS] = Hours(database, clock)
    app[LINKS] = links
    app[LISTS] = Lists()
    app[PORTALS] = portals_of(settings.portals)
    app[READY] = Ready(database)
    app[SETTINGS] = settings
    app[SITE] = Site(settings, links)
    app.cleanup_ctx.append(_opened(pages))
    app.cleanup_ctx.append(hang_door)
    app.on_response_prepare.append(finish)
    add_routes(app)
    return app


def _instance(service: ServiceSettings) -> Instance:
    return Instance(public_url=service.public_url, title=service.title)


def _opened(pages: OpenPages) -> Callable[[web.Application], AsyncIterator[None]]:
    async def context(app: web.Application) -> AsyncIterator[None]:
        async with pages(app[DATABASE]) as opened:
            app[PAGES] = opened
            heads = Heads(opened, app[FRESHNESS], app[HOURS], app[SETTINGS].http.recheck)
            http = app[SETTINGS].http
            app[SERVING] = serving = Serving(heads, http.memory * MEBIBYTE)
            app[ADMISSION] = Admission(http, app[LINKS], serving)
            yield
            await heads.close()

    return context
