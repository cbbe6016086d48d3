"""Every route in one table: path, handler, name, accepted query parameters, one sentence.

The OpenAPI document and the pages about the API are made from this table.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from api.admin.deciding import decide_run
from api.admin.login import NEXT, log_out, login
from api.admin.monitor import NUMBERED, show_monitor
from api.admin.run_page import TOLD, show_run
from api.admin.runs_page import BEFORE, OF_SOURCE, show_runs
from api.admin.source_page import show_source
from api.calendars import show_calendar, show_event
from api.categories import list_categories
from api.changes import list_changes
from api.health import alive, ready
from api.index import ROOT, show_index
from api.keys import SERVING
from api.list_params import FILTERS, LISTED
from api.openapi.answering import show_description, show_docs, show_docs_file
from api.params import (
    AFTER_CHANGE_NUMBER,
    CURSOR,
    LANGUAGE,
    LIMIT,
    MODIFIED_SINCE,
    PAGE_LANGUAGE,
    Parameter,
)
from api.policies import POLICY, SCRIPTED, STRICT
from api.readings import Readings
from api.records import KINDS, LISTS, SINGLES
from api.search import PATH as SEARCH_PATH
from api.search import SEARCH, search
from api.serving import Asked, Handler, Keep
from api.site.data import show_data
from api.site.embed import OWN, show_embed
from api.site.entry_pages import ENTRIES
from api.site.explained import explain
from api.site.legal_pages import SHOWN
from api.site.lists.entries import LISTED as PAGES
from api.site.lists.events import show_events
from api.site.lists.month_page import MONTH, WITHIN_A_MONTH, show_month
from api.site.lists.reading import forgiving
from api.site.lists.search_page import ASKED, show_search
from api.site.lists.search_page import PATH as SEARCH_PAGE
from api.site.robots import show_robots
from api.site.start import show_start
from api.site.statics import show_icon, show_static
from api.sources import list_sources
from api.stats import PARAMETERS, show_stats

DATA: Final = Keep()
SOURCES: Final = Keep(seconds=5.0)
"""What says how sources are doing, which follows from the clock too."""
PAGE: Final = Keep(language=True, seconds=15.0)
"""A page says how long ago something was."""
FRAGMENT: Final = Keep(literal=True, seconds=15.0)
"""Which filters it takes depends on its kind: they count as they were spelled."""
CHANGES: Final = Keep(literal=True)
"""Its last page names itself, letter by letter."""
FIXED: Final = Keep(timeless=True)
FIXED_PAGE: Final = Keep(language=True, timeless=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address. GET brings HEAD with it. Data routes are `strict`: they refuse parameters
    they do not know, while pages and probes pass over what trackers append. `policy` is the
    Content-Security-Policy of its answers. With `keep` they are shared between all who ask, so
    they must hang on nothing of the request but path, query and language."""

    path: str
    handler: Handler
    name: str
    summary: str
    parameters: tuple[Parameter, ...] = ()
    strict: bool = True
    methods: tuple[str, ...] = ("GET",)
    policy: str = STRICT
    keep: Keep | None = None


ORDERS: Final = {"events": "newest change first; with `from` or `to`, by start"}


def _lists() -> tuple[Route, ...]:
    return tuple(
        Route(
            path=f"/v1/{collection}",
            handler=handler,
            name=f"list_{collection}",
            summary=f"The {collection}, {ORDERS.get(collection, 'newest change first')}.",
            parameters=LISTED[KINDS[collection]],
            keep=DATA,
        )
        for collection, handler in LISTS.items()
    )


def _singles() -> tuple[Route, ...]:
    return tuple(
        Route(
            path=f"/v1/{collection}/{{id}}",
            handler=handler,
            name=f"show_{collection}",
            summary=f"One of the {collection}, or where it went.",
            keep=DATA,
        )
        for collection, handler in SINGLES.items()
    )


def _entry_pages() -> tuple[Route, ...]:
    return tuple(
        Route(
            path=f"/{collection}/{{id}}",
            handler=handler,
            name=f"page_of_{collection}",
            summary=f"One of the {collection} for people, or where it went.",
            parameters=(PAGE_LANGUAGE,),
            strict=False,
            keep=PAGE,
        )
        for collection, handler in ENTRIES.items()
    )


def _legal() -> tuple[Route, ...]:
    summaries = {
        "imprint": "Who runs the service.",
        "privacy": "What happens with data of readers and in entries.",
        "accessibility": "How usable the pages are for everybody, and where barriers are told.",
    }
    return tuple(
        Route(
            path=f"/{name}",
            handler=handler,
            name=name,
            summary=summaries[name],
            parameters=(PAGE_LANGUAGE,),
            strict=False,
            keep=PAGE,
        )
        for name, handler in SHOWN.items()
    )


def _page(path: str, handler: Handler, summary: str, *parameters: Parameter) -> Route:
    """A list for people: what it cannot read it says in its form."""
    return Route(
        path=path,
        handler=handler,
        name=f"page_{path.rpartition('/')[2]}",
        summary=summary,
        parameters=tuple(map(forgiving, (*parameters, PAGE_LANGUAGE))),
        strict=False,
        keep=PAGE,
    )


def _pages() -> tuple[Route, ...]:
    """Lists for people, with the filters of the data."""
    return (
        *(
            _page(f"/{name}", handler, f"The {name}, for people.", *_of_list(KINDS[name]))
            for name, handler in PAGES.items()
        ),
        _page(
            "/events",
            show_events,
            "What takes place, by day, for people.",
            *(*FILTERS["event"], CURSOR),
        ),
        _page(
            "/events/month",
            show_month,
            "What takes place in a month, for people.",
            *(MONTH, *WITHIN_A_MONTH),
        ),
        _page(SEARCH_PAGE, show_search, "Entries of all kinds that have some words.", *ASKED),
    )


def _of_list(kind: str) -> tuple[Parameter, ...]:
    """What a list for people takes: its pages have one length."""
    return tuple(each for each in LISTED[kind] if each not in {LIMIT, MODIFIED_SINCE})


def _plain(path: str, handler: Handler, name: str, summary: str, keep: Keep | None = None) -> Route:
    """What takes no parameters, and passes over those it is given."""
    return Route(path=path, handler=handler, name=name, summary=summary, strict=False, keep=keep)


ROUTES: Final[tuple[Route, ...]] = (
    Route(
        path=ROOT,
        handler=show_index,
        name="index",
        summary="Where everything is, to begin with.",
        keep=FIXED,
    ),
    *_lists(),
    Route(
        path="/v1/events.ics",
        handler=show_calendar,
        name="calendar",
        summary="The events as a calendar to subscribe to, of 13 months unless said otherwise.",
        parameters=(*FILTERS["event"], LANGUAGE),
        keep=DATA,
    ),
    Route(
        path="/v1/events/{id}.ics",
        handler=show_event,
        name="calendar_event",
        summary="One event as a calendar file.",
        parameters=(LANGUAGE,),
        keep=DATA,
    ),
    *_singles(),
    Route(
        path=SEARCH_PATH,
        handler=search,
        name="search",
        summary="Entries of all kinds that have some words, what fits best first.",
        parameters=SEARCH,
        keep=DATA,
    ),
    Route(
        path="/v1/changes",
        handler=list_changes,
        name="list_changes",
        summary="Every change in order, removals too (RPDE 1.0).",
        parameters=(AFTER_CHANGE_NUMBER, LIMIT),
        keep=CHANGES,
    ),
    Route(
        path="/v1/stats",
        handler=show_stats,
        name="show_stats",
        summary="How many entries there were over time.",
        parameters=PARAMETERS,
        keep=DATA,
    ),
    Route(
        path="/v1/categories",
        handler=list_categories,
        name="list_categories",
        summary="The schemes of categories, their terms in five languages, and how many have each.",
        keep=DATA,
    ),
    Route(
        path="/v1/sources",
        handler=list_sources,
        name="list_sources",
        summary="The sources, their licences and how fresh they are.",
        keep=SOURCES,
    ),
    Route(
        path="/openapi.json",
        handler=show_description,
        name="openapi",
        summary="This service for programs (OpenAPI 3.1).",
        keep=FIXED,
    ),
    Route(
        path="/docs",
        handler=show_docs,
        name="docs",
        summary="The same for people, to try out.",
        strict=False,
        policy=SCRIPTED,
        keep=FIXED,
    ),
    _plain("/docs/{name}", show_docs_file, "docs_file", "Scripts and style of that page.", FIXED),
    _plain("/healthz", alive, "alive", "Whether the process lives."),
    _plain("/readyz", ready, "ready", "Whether it can be sent requests."),
    Route(
        path="/",
        handler=show_start,
        name="start",
        summary="The start page.",
        parameters=(PAGE_LANGUAGE,),
        strict=False,
        keep=PAGE,
    ),
    Route(
        path="/embed",
        handler=show_embed,
        name="embed",
        keep=FRAGMENT,
        summary="A list as an HTML fragment for other pages; takes the filters of its list too.",
        parameters=OWN,
        strict=False,
    ),
    Route(
        path="/data",
        handler=show_data,
        name="data",
        summary="What programs can ask for, in words.",
        parameters=(PAGE_LANGUAGE,),
        strict=False,
        keep=PAGE,
    ),
    *_entry_pages(),
    *_legal(),
    *_pages(),
    Route(
        path="/admin",
        handler=show_monitor,
        name="monitor",
        summary="How the sources are doing, and the last runs.",
        parameters=(NUMBERED, PAGE_LANGUAGE),
        strict=False,
    ),
    Route(
        path="/admin/sources/{id}",
        handler=show_source,
        name="source",
        summary="One source: its state, runs, quarantine and settings.",
        parameters=(PAGE_LANGUAGE,),
        strict=False,
    ),
    Route(
        path="/admin/runs",
        handler=show_runs,
        name="runs",
        summary="The runs of all sources or of one, newest first.",
        parameters=(OF_SOURCE, BEFORE, PAGE_LANGUAGE),
        strict=False,
    ),
    Route(
        path="/admin/runs/{id}",
        handler=show_run,
        name="run",
        summary="What one run did, changed and held back.",
        parameters=(TOLD, PAGE_LANGUAGE),
        strict=False,
    ),
    Route(
        path="/admin/runs/{id}/decision",
        handler=decide_run,
        name="decide_run",
        summary="Approve or reject what a run held back.",
        parameters=(PAGE_LANGUAGE,),
        strict=False,
        methods=("POST",),
    ),
    Route(
        path="/admin/login",
        handler=login,
        name="login",
        summary="The form to log in; the right password gives a session of 12 hours.",
        parameters=(NEXT, PAGE_LANGUAGE),
        strict=False,
        methods=("GET", "POST"),
    ),
    Route(
        path="/admin/logout",
        handler=log_out,
        name="log_out",
        summary="The end of a session.",
        parameters=(PAGE_LANGUAGE,),
        strict=False,
        methods=("POST",),
    ),
    Route(
        path="/problems/{code}",
        handler=explain,
        name="explain",
        summary="What a problem code means.",
        parameters=(PAGE_LANGUAGE,),
        strict=False,
        keep=FIXED_PAGE,
    ),
    _plain("/robots.txt", show_robots, "robots", "What search engines may read.", FIXED),
    _plain("/favicon.ico", show_icon, "favicon", "To the icon, for browsers that ask unbidden."),
    _plain("/static/{name}", show_static, "static", "Style and icon of the pages.", FIXED),
)


def add_routes(app: web.Application) -> None:
    """Put the table into the application."""
    for route in ROUTES:
        handler, resource = _checked(route), app.router.add_resource(route.path, name=route.name)
        for method in (*route.methods, *(("HEAD",) if "GET" in route.methods else ())):
            resource.add_route(method, handler)


def _checked(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    readings = Readings(route.parameters, strict=route.strict)

    async def handle(request: web.Request) -> web.StreamResponse:
        request[POLICY] = route.policy
        query = readings.read(request.rel_url)
        if route.keep is None:
            return await route.handler(request, query)
        asked = Asked(
            request=request,
            query=query,
            name=route.name,
            handler=route.handler,
            keep=route.keep,
            policy=route.policy,
        )
        return await request.app[SERVING].serve(asked)

    return handle
