"""`/`: what this is, how much there is and about what, what takes place next, the newest offers,
the sources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web
from sqlalchemy import Connection

from aggregator.occurrences import Window
from aggregator.queries import Pages
from aggregator.queries.coming import coming
from aggregator.queries.entities import Entry, newest_entries
from aggregator.queries.feed import live_counts
from aggregator.queries.filters import Filters
from aggregator.queries.listing import open_list
from aggregator.queries.sources import SourceState, source_states
from aggregator.queries.topics import category_counts
from aggregator.queries.wanted import Total, Wanted
from aggregator.working.clock import Clock
from api.calendar_links import subscriptions
from api.keys import CLOCK, DATABASE, HOURS, LINKS, PAGES, SETTINGS
from api.params import Query
from api.site.agenda import Reader, days_of
from api.site.answering import answered, language_of
from api.site.cards import card_of, web_address
from api.site.here import Here
from api.site.lists.numbers import total_said
from api.site.provenance import Licence, Telling, licence_of
from api.site.words import counted, words_in
from api.spans import END
from schema import schemes
from schema.entities import COLLECTIONS

NEWEST: Final = 6
AGENDA: Final = timedelta(days=14)
MOST: Final = 15
"""Occurrences on the agenda; what comes later in the two weeks is a link away."""
ALWAYS: Final = ("offer", "organisation")
KINDS: Final = ("offer", "event", "organisation", "project")
"""In the order in which they are counted out; those but `ALWAYS` only where there are any."""
ATTENDED: Final = ("scheduled", "rescheduled", "moved_online")
"""Statuses of an event that one can go to when it is said to take place."""
LISTED: Final = {kind: f"/{collection}" for kind, collection in COLLECTIONS.items()}
"""Where all of a kind are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A category with its sentence, and how many offers it has."""

    value: str
    label: str
    sentence: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source in words. `confirmed` says when it was last read with success, `live` how many
    entries it stands behind, past events too."""

    name: str
    page: str | None
    fresh: bool
    confirmed: str
    licence: Licence
    attribution: str | None
    live: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    now: datetime
    counts: Mapping[str, int]
    topics: Mapping[str, Mapping[str, int]]
    coming: tuple[Mapping[str, Any], ...]
    offers: tuple[Entry, ...]
    sources: tuple[SourceState, ...]


def _read(connection: Connection, clock: Clock) -> _Start:
    now = clock.now(connection)
    return _Start(
        now=now,
        counts=live_counts(connection),
        topics=category_counts(connection),
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
    ahead = await _ahead(app[PAGES], await app[HOURS].begun())
    told = Telling(now=start.now, zone=app[SETTINGS].service.zone, language=language)
    calendar = subscriptions("event", Query(), app[LINKS])
    here = Here(query=query.texts, section="start")
    shown = _shown(start, ahead, told)
    return answered(request, "start.html", language, here, **shown, calendar=calendar)


async def _ahead(pages: Pages, hour: datetime) -> Total:
    """How many events one can still go to, each once."""
    window = Window(after=hour, before=END)
    filters = Filters(window=window, status=ATTENDED)
    return (await open_list(pages, Wanted(kind="event", limit=1, filters=filters))).total


def _shown(start: _Start, ahead: Total, told: Telling) -> dict[str, Any]:
    reader = Reader(today=told.today, zone=told.zone, language=told.language)
    return {
        "counts": list(_counted_out(start.counts, ahead, told.language)),
        "has_events": bool(start.counts.get("event")),
        "topics": _topics(start.topics, told.language) if start.counts.get("offer") else [],
        "days": days_of(start.coming, reader),
        "offers": [card_of(offer, told.language) for offer in start.offers],
        "sources": [_source(source, told) for source in start.sources],
    }


def _counted_out(
    counts: Mapping[str, int], ahead: Total, language: str
) -> Iterator[tuple[str, str]]:
    """Where each kind is listed, and how many there are, in words; of events, of those to come."""
    for kind in KINDS:
        if kind == "event":
            if ahead.n:
                yield LISTED[kind], total_said(ahead, "coming", language)
        elif kind in ALWAYS or counts.get(kind):
            yield LISTED[kind], counted(counts.get(kind, 0), kind, language)


def _topics(counts: Mapping[str, Mapping[str, int]], language: str) -> list[Topic]:
    """The terms of the default scheme, in its order."""
    return [
        Topic(
            value=term.id,
            label=schemes.label(term, language),
            sentence=term.sentence.get(language, term.sentence["en"]),
            count=counts.get(f"{term.scheme}:{term.id}", {}).get("offer", 0),
        )
        for term in schemes.scheme(schemes.DEFAULT).terms.values()
    ]


def _source(state: SourceState, told: Telling) -> Source:
    never = words_in(told.language)["never_confirmed"]
    return Source(
        name=state.name,
        page=web_address(state.url),
        fresh=state.fresh,
        confirmed=told.since(state.succeeded) if state.succeeded else never,
        licence=licence_of(state.licence, told.language),
        attribution=state.attribution,
        live=state.live,
    )
