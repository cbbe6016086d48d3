"""A checked query → what it asks for: filters, and the query in the spelling that answers keep.

Here stands what depends on the instance: `now` is the hour that began last and is written into
the query, a date is a day of the instance's zone, a source must be one there is, a city's name
must be that of one city.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from aiohttp import web

from aggregator.occurrences import Window
from aggregator.queries.cities import ambiguous
from aggregator.queries.filters import EVERYTHING, Choice, Circle, Filters
from aggregator.queries.joining import bounded
from aggregator.queries.search import seek
from aggregator.queries.sources import source_ids
from api.facet_params import FACETS, NAMES
from api.filter_params import DEFAULT_RADIUS, NOW, PORTAL
from api.keys import FRESHNESS, HOURS, PAGES, PORTALS, SETTINGS
from api.params import Query
from api.portals import Portal
from api.problems import invalid_parameter
from api.spans import ends_of, window_of
from schema.normal.names import fold_name
from schema.normal.words import Term

CITY_CODE: Final = re.compile(r"(ags|lau|wikidata):\S+")
APART: Final = frozenset({"status", "freshness"})
"""Parameters that are no facet alone: a status may be an occurrence's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, and the query whose canonical text says it without a clock. `meaning`:
    what the name of a portal stands for in it; `terms`: the words that both ask for."""

    query: Query
    filters: Filters
    meaning: str = ""
    terms: tuple[Term, ...] = ()


async def asked_of(
    request: web.Request, query: Query, kind: str, default: Window | None = None
) -> Asked:
    """A request for a list or a calendar of a kind → what it asks for. `default` is the window of
    one that names none, nor does its portal. Raises a 400 `HttpProblem` where parameters do not go
    together."""
    asked = await narrowed_to(request, await checked(request, query), kind, default)
    if not asked.terms:
        return asked
    sought = await seek(request.app[PAGES], asked.terms, ((kind,),))
    return replace(asked, filters=replace(asked.filters, sought=sought))


async def checked(request: web.Request, query: Query) -> Query:
    """The query with the hour in place of `now`. Raises a 400 `HttpProblem` for what cannot be
    followed."""
    query = await settled(request, query)
    await _refuse(request, query)
    return query


async def narrowed_to(
    request: web.Request, query: Query, kind: str, default: Window | None = None
) -> Asked:
    """What a query that `checked` gave asks of a kind; its words are not looked for yet. Raises a
    400 `HttpProblem` for a portal there is not."""
    zone, portal = request.app[SETTINGS].service.zone, _portal(request, query)
    behind = await settled(request, portal.of_kind[kind]) if portal else Query()
    window = window_of(query.values.get("from"), query.values.get("to"), zone)
    filters = await _filters(request, query, kind, window)
    window = ends_of(behind.values.get("from"), behind.values.get("to"), zone)
    bounds = await _filters(request, behind, kind, window) if portal else EVERYTHING
    terms = (*query.values.get("q", ()), *behind.values.get("q", ()))
    if filters.window is None and bounds.window is None and default is not None:
        filters = replace(filters, window=default)
    return Asked(
        query=query,
        filters=bounded(filters, bounds) if portal else filters,
        meaning=f"{portal.said} {bounds.window}" if portal else "",
        terms=tuple(dict.fromkeys(terms)),
    )


async def _filters(request: web.Request, query: Query, kind: str, window: Window | None) -> Filters:
    """What a query asks for besides words."""
    values = query.values
    filters = Filters(
        window=window,
        status=values.get("status", ()),
        facets=_facets(query, kind),
        near=_circle(query),
        within=(values["bbox"],) if "bbox" in values else (),
    )
    return await _fresh(request, filters, values.get("freshness"))


def _portal(request: web.Request, query: Query) -> Portal | None:
    """The portal that a query names."""
    asked = query.values.get(PORTAL.name)
    if asked is None:
        return None
    portals = request.app[PORTALS].by_id
    if asked not in portals:
        there = f"accepted are {', '.join(portals)}." if portals else "there is none here."
        raise invalid_parameter(PORTAL.name, f"there is no such portal; {there}")
    return portals[asked]


async def _refuse(request: web.Request, query: Query) -> None:
    """Raises a 400 `HttpProblem` for what cannot be followed: a radius around nothing, a source
    there is not, a name of several cities. A portal's words are followed as well as may be: what
    was right when the service started must not fail its readers when entries come in."""
    values = query.values
    if "radius" in values and "near" not in values:
        raise invalid_parameter("radius", "it needs `near`.")
    await refuse_unknown_sources(request, values.get("source", ()))
    await _one_of_a_name(request, values.get("city", ()))


def _facets(query: Query, kind: str) -> tuple[Choice, ...]:
    """The facets that a query names, but for those of which more must be known."""
    found = []
    for parameter in FACETS[kind]:
        values = query.values.get(parameter.name)
        if values is None or parameter.name in APART:
            continue
        if parameter.name == "city":
            values = tuple(map(_city, values))
        found.append(Choice(NAMES.get(parameter.name, parameter.name), values))
    return tuple(found)


def _city(text: str) -> str:
    """The code or the name of a city → the value it is kept under."""
    return text if CITY_CODE.fullmatch(text) else fold_name(text)


async def _fresh(request: web.Request, filters: Filters, asked: str | None) -> Filters:
    """Filters with what is asked about confirmation. What nobody confirmed follows from the
    states of the sources."""
    if asked is None:
        return filters
    if asked == "withheld":
        return replace(filters, facets=(*filters.facets, Choice("freshness", (asked,))))
    stale = await request.app[FRESHNESS].stale()
    return replace(filters, confirmed=asked == "confirmed", stale=stale)


async def _one_of_a_name(request: web.Request, asked: tuple[str, ...]) -> None:
    """Raises a 400 `HttpProblem` for a name that several cities have."""
    for text in asked:
        codes = (
            () if CITY_CODE.fullmatch(text) else await ambiguous(request.app[PAGES], _city(text))
        )
        if codes:
            said = f"{text} is the name of several cities; write one of {', '.join(codes)}."
            raise invalid_parameter("city", said)


async def settled(request: web.Request, query: Query) -> Query:
    """The query with the hour in place of `now`. Who wants occurrences gets those from now on."""
    asked = query.values
    begin = asked.get("from", NOW if "expand" in asked else None)
    ends = {"from": begin, "to": asked.get("to")}
    clocked = [name for name, end in ends.items() if end == NOW]
    if not clocked:
        return query
    values = dict(asked)
    hour = await request.app[HOURS].begun()
    said = hour.isoformat().replace("+00:00", "Z")
    values |= dict.fromkeys(clocked, hour)
    return Query(values, {**query.texts, **dict.fromkeys(clocked, said)})


def _circle(query: Query) -> Circle | None:
    if "near" not in query.values:
        return None
    lat, lon = query.values["near"]
    return Circle(lat=lat, lon=lon, radius=query.values.get("radius", DEFAULT_RADIUS))


async def refuse_unknown_sources(request: web.Request, asked: tuple[str, ...]) -> None:
    """Raises a 400 `HttpProblem` that names the sources there are."""
    if not asked:
        return
    known = await source_ids(request.app[PAGES])
    if not set(asked) <= set(known):
        there = f"accepted are {', '.join(known)}." if known else "there is none yet."
        raise invalid_parameter("source", f"there is no such source; {there}")
