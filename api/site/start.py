"""`/`: what this is, how much there is, the newest offers, the data, the sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from aggregator.queries.entities import Entry, newest_entries
from aggregator.queries.feed import live_counts
from aggregator.queries.sources import SourceState, source_states
from aggregator.working.clock import Clock
from api.caching import HTML, LIST, full, is_known, not_modified, tag_of, validators
from api.keys import CLOCK, DATABASE, SITE
from api.params import Query
from api.site.cards import card_of
from api.site.words import LANGUAGES, language_for

NEWEST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    counts: Mapping[str, int]
    offers: tuple[Entry, ...]
    sources: tuple[SourceState, ...]


def _read(connection: Connection, clock: Clock) -> _Start:
    return _Start(
        counts=live_counts(connection),
        offers=newest_entries(connection, "offer", NEWEST),
        sources=source_states(connection, clock.now(connection)),
    )


async def show_start(request: web.Request, query: Query) -> web.Response:
    """The start page in the reader's language."""
    app = request.app
    accepted = request.headers.get("Accept-Language", "")
    language = language_for(query.values.get("lang"), accepted)
    start = await app[DATABASE].read(_read, app[CLOCK])
    html = app[SITE].render("start.html", language, **_shown(start, language))
    body = html.encode()
    tag = tag_of([html])
    headers = validators(tag, LIST) | {
        "Content-Language": language,
        "Vary": "Accept-Language",
    }
    if is_known(request, tag):
        return not_modified(headers)
    return full(body, headers, HTML)


def _shown(start: _Start, language: str) -> dict[str, Any]:
    other = next(each for each in LANGUAGES if each != language)
    return {
        "counts": start.counts,
        "offers": [card_of(offer, language) for offer in start.offers],
        "sources": start.sources,
        "other": other,
    }
