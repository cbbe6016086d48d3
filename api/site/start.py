"""`/`: what this is, how much there is, what takes place next, the newest offers, the data, the
sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import Connection

from aggregator.occurrences import Window
from aggregator.queries.agenda import coming
from aggregator.queries.entities import Entry, Wanted, newest_entries
from aggregator.queries.feed import live_counts
from aggregator.queries.filters import Filters
from aggregator.queries.sources import SourceState, source_states
from aggregator.working.clock import Clock
from api.caching import HTML, LIST, full, is_known, not_modified, tag_of, validators
from api.calendar_links import subscriptions
from api.keys import CLOCK, DATABASE, LINKS, SETTINGS, SITE
from api.params import Query
from api.site.agenda import Reader, days_of
from api.site.cards import card_of
from api.site.words import LANGUAGES, language_for
from schema.entities import COLLECTIONS

NEWEST = 12
AGENDA = timedelta(days=14)
MOST = 60
"""Occurrences on the agenda; what comes later in the two weeks is a link away."""
ALWAYS = ("offer", "organisation")
KINDS = ("event", *ALWAYS, "project")
"""In the order in which they are counted out; those but `ALWAYS` only where there are any."""
DATA = ("events", "events.ics", "offers", "organisations", "projects", "changes", "sources")


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
    accepted = request.headers.get("Accept-Language", "")
    language = language_for(query.values.get("lang"), accepted)
    start = await app[DATABASE].read(_read, app[CLOCK])
    zone = app[SETTINGS].service.zone
    calendar = subscriptions("event", Query(), app[LINKS])
    shown = _shown(start, language, zone)
    html = app[SITE].render("start.html", language, **shown, calendar=calendar)
    body = html.encode()
    tag = tag_of([html])
    headers = validators(tag, LIST) | {
        "Content-Language": language,
        "Vary": "Accept-Language",
    }
    if is_known(request, tag):
        return not_modified(headers)
    return full(body, headers, HTML)


def _shown(start: _Start, language: str, zone: str) -> dict[str, Any]:
    today = start.now.astimezone(ZoneInfo(zone)).date()
    reader = Reader(today=today, zone=zone, language=language)
    kinds = [kind for kind in KINDS if kind in ALWAYS or start.counts.get(kind)]
    empty = {COLLECTIONS[kind] for kind in KINDS if kind not in kinds}
    other = next(each for each in LANGUAGES if each != language)
    return {
        "counts": start.counts,
        "kinds": kinds,
        "days": days_of(start.coming, reader),
        "data": [name for name in DATA if name.partition(".")[0] not in empty],
        "offers": [card_of(offer, language) for offer in start.offers],
        "sources": start.sources,
        "other": other,
    }
