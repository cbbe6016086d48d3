"""`/`: what this is, how much there is, what takes place next, the newest offers, the
sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import Connection

from aggregator.occurrences import Window
from aggregator.queries.coming import coming
from aggregator.queries.entities import Entry, newest_entries
from aggregator.queries.feed import live_counts
from aggregator.queries.filters import Filters
from aggregator.queries.sources import SourceState, source_states
from aggregator.queries.wanted import Wanted
from aggregator.working.clock import Clock
from api.calendar_links import subscriptions
from api.keys import CLOCK, DATABASE, LINKS, SETTINGS
from api.params import Query
from api.site.agenda import Reader, days_of
from api.site.answering import answered, language_of
from api.site.cards import card_of
from api.site.here import Here

NEWEST = 12
AGENDA = timedelta(days=14)
MOST = 60
"""Occurrences on the agenda; what comes later in the two weeks is a link away."""
ALWAYS = ("offer", "organisation")
KINDS = ("event", *ALWAYS, "project")
"""In the order in which they are counted out; those but `ALWAYS` only where there are any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    now: datetime
    counts: Mapping[str, int]
    coming: tuple[Mapping[str, Any], ...]
    offers: tuple[Entry, ...]
    sources: tuple[SourceState, ...]


def _read(connection: Connection, clock: Clock) -> _Start:
    now = clock.now(connection)
    return _Start(
        now=now,
        counts=live_counts(connection),
        coming=coming(connection, _next_weeks(now)),
        offers=newest_entries(connection, "offer", NEWEST),
        sources=source_states(connection, now),
    )


def _next_weeks(now: datetime) -> Wanted:
    window = Window(after=now, before=now + AGENDA)
    return Wanted(kind="event", limit=MOST, filters=Filters(window=window))


async def show_start(request: web.Request, query: Query) -> web.Response:
    """The start page in the reader's language."""
    app = request.app
    language = language_of(request, query)
    start = await app[DATABASE].read(_read, app[CLOCK])
    shown = _shown(start, language, app[SETTINGS].service.zone)
    calendar = subscriptions("event", Query(), app[LINKS])
    here = Here(query=query.texts, section="start")
    return answered(request, "start.html", language, here, **shown, calendar=calendar)


def _shown(start: _Start, language: str, zone: str) -> dict[str, Any]:
    today = start.now.astimezone(ZoneInfo(zone)).date()
    reader = Reader(today=today, zone=zone, language=language)
    kinds = [kind for kind in KINDS if kind in ALWAYS or start.counts.get(kind)]
    return {
        "counts": start.counts,
        "kinds": kinds,
        "days": days_of(start.coming, reader),
        "offers": [card_of(offer, language) for offer in start.offers],
        "sources": start.sources,
    }
