"""`/v1/events.ics` and `/v1/events/{id}.ics`: calendars to subscribe to, joined from stored bytes.

A calendar holds no clock. Its tag is over the query as it was asked, how the calendar calls itself
and the last change of every event in it: as long as none of them changes, enters or leaves the
window, a client's copy stays good, whatever the hour is and whatever else changed.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aiohttp import hdrs, web

from aggregator.occurrences import Window
from aggregator.queries import UNAVAILABLE
from aggregator.queries.calendar import (
    CalendarChanged,
    Outline,
    Wanted,
    read_component,
    read_entries,
    read_outline,
)
from aggregator.queries.entities import read_one
from aggregator.queries.feed import FeedState, feed_state
from api.caching import LIST, full, is_known, not_modified, tag_of, validators
from api.calendar_links import CALENDAR
from api.calendar_words import description_of, name_of
from api.filter_words import Speech
from api.filtering import Asked, asked_of
from api.keys import CALENDARS, HOURS, LINKS, PAGES, PORTALS, SETTINGS
from api.links import Links
from api.params import Query
from api.problems import HttpProblem
from api.records import elsewhere, id_of
from api.streams import Streamed
from schema.formats.calendar import CLOSING, Heading, opening
from schema.formats.ical import FALLBACKS
from schema.formats.vtimezones import vtimezone

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
EVENT: Final = "event"
DAYS_BACK: Final = 30
DAYS_AHEAD: Final = 396
"""The window of a calendar that names none, in days around the hour that began last."""
TRIES: Final = 3
"""How often a calendar is begun anew because an event changed meanwhile."""

BROKEN_OFF: Final[tuple[type[Exception], ...]] = (CalendarChanged, *UNAVAILABLE)
"""After which a calendar that was begun cannot be sent to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calendar:
    """A calendar that was asked for, before any of its texts is read."""

    wanted: Wanted
    outline: Outline
    heading: Heading
    headers: dict[str, str]


async def show_calendar(request: web.Request, query: Query) -> web.StreamResponse:
    """The events that a query asks for, as a calendar."""
    for attempt in range(TRIES):
        asked = await _asked(request, query)
        if is_known(request, asked.headers["ETag"]):
            return not_modified(asked.headers)
        if request.method == hdrs.METH_HEAD:
            return full(b"", {**asked.headers, **_typed("events")}, MEDIA_TYPE)
        try:
            return await _sent(request, asked)
        except CalendarChanged:
            if attempt == TRIES - 1:
                break
    raise HttpProblem(status=503, code="database.unavailable", headers={"Retry-After": "2"})


async def _asked(request: web.Request, query: Query) -> _Calendar:
    app, pages = request.app, request.app[PAGES]
    hour = await app[HOURS].begun()
    settled = await asked_of(request, query, EVENT, _around(hour))
    wanted = Wanted(filters=settled.filters, language=query.values.get("lang"))
    feed = await feed_state(pages, EVENT)
    outline = await _outlined(request, wanted, feed, settled)
    service, links = app[SETTINGS].service, app[LINKS]
    language = wanted.language or FALLBACKS[0]
    speech = Speech(language=language, zone=service.zone, names=app[PORTALS].names)
    heading = Heading(
        name=name_of(service.title, query, speech),
        description=description_of(f"{links.public_url}#licences", language),
        zone=service.zone,
        source=links.absolute(CALENDAR, query.canonical),
        url=links.public_url,
    )
    tag = tag_of((feed.mark, query.canonical, settled.meaning, outline.digest.hex(), heading))
    headers = {**validators(tag, LIST, feed.modified), **_link(links, query)}
    return _Calendar(wanted=wanted, outline=outline, heading=heading, headers=headers)


async def _outlined(
    request: web.Request, wanted: Wanted, feed: FeedState, settled: Asked
) -> Outline:
    """Which events it has; kept until anything changes. What was found on the way is large and is
    not kept: it follows from the query and what its portal means, as `stale` and window do not."""
    kept, filters = request.app[CALENDARS].outlines, wanted.filters
    said = (settled.query.canonical, settled.meaning)
    key = tag_of((feed.mark, feed.head, *said, filters.window, filters.stale))
    outline = kept.get(key)
    if outline is None:
        outline = await read_outline(request.app[PAGES], wanted)
        kept.put(key, outline)
    return outline


def _around(hour: datetime) -> Window:
    return Window(after=hour - timedelta(days=DAYS_BACK), before=hour + timedelta(days=DAYS_AHEAD))


def _typed(name: str) -> dict[str, str]:
    return {
        "Content-Type": MEDIA_TYPE,
        "Content-Disposition": f'inline; filename="{name}.ics"',
    }


def _link(links: Links, query: Query) -> dict[str, str]:
    """The same events as JSON."""
    return {"Link": f'<{links.absolute("/v1/events", query.but(lang=None))}>; rel="alternate"'}


async def _sent(request: web.Request, asked: _Calendar) -> web.StreamResponse:
    """The answer: at once where it is short, else piece by piece as it is read."""
    headers, pieces = {**asked.headers, **_typed("events")}, _pieces(request, asked)
    if len(asked.outline.leaves) <= 1:
        return full(b"".join([piece async for piece in pieces]), headers, MEDIA_TYPE)
    return Streamed(headers, _after(await anext(pieces), pieces), BROKEN_OFF)


async def _after(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece


async def _pieces(request: web.Request, asked: _Calendar) -> AsyncIterator[bytes]:
    """A calendar's bytes. A zone is described before the first event that names it."""
    zone = request.app[SETTINGS].service.zone
    described = {zone}
    head = opening((zone,), asked.heading)
    async for entries in read_entries(request.app[PAGES], asked.wanted, asked.outline):
        new = sorted(entries.zones - described)
        described.update(new)
        yield head + b"".join([vtimezone(each) for each in new]) + entries.ics
        head = b""
    yield head + CLOSING


async def show_event(request: web.Request, query: Query) -> web.Response:
    """One event as a calendar file, to be taken over; or where it went."""
    pages, links = request.app[PAGES], request.app[LINKS]
    found = await read_one(pages, id_of(request))
    if found is None or found.kind != EVENT:
        raise HttpProblem(status=404, code="entity.not_found")
    if found.document is None:
        return elsewhere(found, links, suffix=".ics")
    tag = tag_of((found.mark, found.id, found.change, CALENDAR, query.canonical))
    headers = validators(tag, LIST, found.modified)
    if is_known(request, tag):
        return not_modified(headers)
    entries = await read_component(pages, found.id, query.values.get("lang"))
    body = opening(entries.zones) + entries.ics + CLOSING
    return full(body, {**headers, **_typed(str(found.id))}, MEDIA_TYPE)
