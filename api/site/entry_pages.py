"""`/offers/{id}`, `/events/{id}`, `/organisations/{id}`, `/projects/{id}`: one entry for people, or
where it went.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

import orjson
from aiohttp import web
from sqlalchemy import Connection

from aggregator.queries.details import (
    Confirmation,
    coming_of,
    confirmations,
    count_of,
    newest_of,
    next_occurrences,
)
from aggregator.queries.entities import Entry, Found, read_one
from aggregator.working.clock import Clock
from api.caching import GONE, HTML
from api.keys import CLOCK, DATABASE, LINKS, PAGES, SETTINGS, SITE
from api.links import encoded
from api.params import Query
from api.problems import HttpProblem
from api.records import id_of
from api.site.answering import answered, language_of
from api.site.cards import beginning, card_of
from api.site.happening import Date, dates_of, timing_of
from api.site.here import Here
from api.site.provenance import Telling, behind
from api.site.sheets import Sheet, sheet_of
from schema.entities import COLLECTIONS, KINDS

DATES: Final = 12
"""Occurrences of an event that are named."""
MORE: Final = 6
"""Further entries of the same organisation."""
DESCRIBED: Final = 160
"""Characters of a page's description for those who list pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What is read about an entry besides its document. `offers` and `events` are those of the
    organisation it shows, or that it is; `counts` says how many offers there are (of events only
    those that come are listed, which nobody counts)."""

    now: datetime
    known: Mapping[str, Confirmation]
    next: tuple[Mapping[str, Any], ...]
    offers: tuple[Entry, ...]
    events: tuple[Mapping[str, Any], ...]
    counts: Mapping[str, int]


def _read(connection: Connection, clock: Clock, said: Mapping[str, Any]) -> _Around:
    now = clock.now(connection)
    whose = _organisation(said)
    is_event = said["kind"] == "event"
    own = UUID(said["id"])
    return _Around(
        now=now,
        known=confirmations(connection, [each["id"] for each in said["sources"]], now),
        next=next_occurrences(connection, own, now, DATES) if is_event else (),
        offers=newest_of(connection, whose, "offer", MORE + 1) if whose else (),
        events=coming_of(connection, whose, now, MORE + 1) if whose else (),
        counts={"offer": count_of(connection, whose, "offer")} if whose else {},
    )


def _organisation(said: Mapping[str, Any]) -> UUID | None:
    """The organisation an entry shows, or that it is."""
    if said["kind"] == "organisation":
        return UUID(said["id"])
    named = said.get(KINDS[said["kind"]].reference or "")
    return UUID(named["id"]) if named else None


async def show_entry(request: web.Request, query: Query, *, kind: str) -> web.Response:
    """The page of one entry in the reader's language. Raises a 404 `HttpProblem`."""
    app = request.app
    found = await read_one(app[PAGES], id_of(request))
    if found is None or found.kind != kind:
        raise HttpProblem(status=404, code="entity.not_found")
    if found.document is None:
        return await _elsewhere(request, query, found)
    said = orjson.loads(found.document)
    around = await app[DATABASE].read(_read, app[CLOCK], said)
    language = language_of(request, query)
    told = Telling(now=around.now, zone=app[SETTINGS].service.zone, language=language)
    path = f"/{COLLECTIONS[kind]}/{found.id}"
    here = Here(path=path, query=query.texts, section=COLLECTIONS[kind])
    values = _values(said, around, told)
    return answered(request, "entry.html", language, here, **values)


def _values(said: Mapping[str, Any], around: _Around, told: Telling) -> dict[str, Any]:
    sheet = sheet_of(said, told)
    text = sheet.lead.text if sheet.lead else sheet.text.html.striptags() if sheet.text else ""
    return {
        "sheet": sheet,
        "timing": timing_of(said, around.next, told) if sheet.kind == "event" else None,
        "sources": behind(said, around.known, told),
        "since": told.dated(datetime.fromisoformat(said["created"])) if "created" in said else None,
        "described": beginning(text, DESCRIBED) if text else None,
        "collection": COLLECTIONS[sheet.kind],
        "whose": _whose(sheet),
        "offers": [
            card_of(each, told.language) for each in around.offers if str(each.id) != sheet.id
        ][:MORE],
        "events": _others(sheet, dates_of(around.events, told)),
        "counts": around.counts,
    }


def _whose(sheet: Sheet) -> Mapping[str, str] | None:
    """The organisation whose further entries are shown."""
    if sheet.kind == "organisation":
        return {"id": sheet.id, "name": sheet.title.text}
    named = sheet.organisation
    return {"id": named.path.rpartition("/")[2], "name": named.name} if named else None


def _others(sheet: Sheet, events: tuple[Date, ...]) -> tuple[Date, ...]:
    return tuple(each for each in events if not each.path.endswith(sheet.id))[:MORE]


async def _elsewhere(request: web.Request, query: Query, found: Found) -> web.Response:
    """Where an entry went: on to its survivor, or a page that says it is gone."""
    app, collection = request.app, COLLECTIONS[found.kind]
    if found.state == "merged" and found.merged_into is not None:
        survivor = app[LINKS].absolute(f"/{collection}/{found.merged_into}", encoded(query.texts))
        return web.Response(status=308, headers={"Location": survivor, "Cache-Control": GONE})
    language = language_of(request, query)
    now = await app[DATABASE].read(app[CLOCK].now)
    told = Telling(now=now, zone=app[SETTINGS].service.zone, language=language)
    here = Here(path=f"/{collection}/{found.id}", query=query.texts, section=collection)
    withdrawn = told.dated(found.modified) if found.state == "withdrawn" else None
    html = app[SITE].render(
        "gone.html",
        language,
        here=here,
        withdrawn=withdrawn,
        kind=found.kind,
        collection=collection,
    )
    headers = {"Content-Type": HTML, "Cache-Control": GONE, "Content-Language": language}
    return web.Response(
        status=410, body=html.encode(), headers=headers | {"Vary": "Accept-Language"}
    )


ENTRIES = {collection: partial(show_entry, kind=kind) for kind, collection in COLLECTIONS.items()}
