"""A checked query → what it asks for: filters, and the query in the spelling that answers keep.

Here stands what depends on the instance: `now` is the hour that began last and is written into
the query, a date is a day of the instance's zone, a source must be one there is, a city's name
must be that of one city.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from aiohttp import web

from aggregator.occurrences import Window
from aggregator.queries.cities import ambiguous
from aggregator.queries.filters import Choice, Circle, Filters
from aggregator.queries.search import Sought, seek
from aggregator.queries.sources import source_ids
from api.facet_params import FACETS, NAMES
from api.filter_params import DEFAULT_RADIUS, NOW
from api.keys import FRESHNESS, HOURS, PAGES, SETTINGS
from api.params import Query
from api.problems import invalid_parameter
from schema.normal.names import fold_name
from schema.normal.words import Term
from schema.when import instant

CITY_CODE: Final = re.compile(r"(ags|lau|wikidata):\S+")
APART: Final = frozenset({"status", "freshness"})
"""Parameters that are no facet alone: a status may be an occurrence's."""
BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
END: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, and the query whose canonical text says it without a clock."""

    query: Query
    filters: Filters


async def asked_of(
    request: web.Request, query: Query, kind: str, default: Window | None = None
) -> Asked:
    """A request for a list or a calendar of a kind → what it asks for. `default` is the window of
    one that names none. Raises a 400 `HttpProblem` where parameters do not go together."""
    query = await _settled(request, query)
    values = query.values
    if "radius" in values and "near" not in values:
        raise invalid_parameter("radius", "it needs `near`.")
    zone = request.app[SETTINGS].service.zone
    facets = await _facets(request, query, kind)
    filters = Filters(
        window=window_of(values.get("from"), values.get("to"), zone) or default,
        status=values.get("status", ()),
        facets=facets,
        near=_circle(query),
        within=(values["bbox"],) if "bbox" in values else (),
        sought=await _sought(request, values.get("q"), kind),
    )
    return Asked(query, await _fresh(request, filters, values.get("freshness")))


async def _sought(request: web.Request, terms: tuple[Term, ...] | None, kind: str) -> Sought | None:
    """What looking for words finds among entries of the kind."""
    return None if terms is None else await seek(request.app[PAGES], terms, ((kind,),))


async def _facets(request: web.Request, query: Query, kind: str) -> tuple[Choice, ...]:
    """The facets that a query names, but for those of which more must be known."""
    found = []
    for parameter in FACETS[kind]:
        values = query.values.get(parameter.name)
        if values is None or parameter.name in APART:
            continue
        if parameter.name == "source":
            await _there_are(request, values)
        if parameter.name == "city":
            values = await _cities(request, values)
        found.append(Choice(NAMES.get(parameter.name, parameter.name), values))
    return tuple(found)


async def _fresh(request: web.Request, filters: Filters, asked: str | None) -> Filters:
    """Filters with what is asked about confirmation. What nobody confirmed follows from the
    states of the sources."""
    if asked is None:
        return filters
    if asked == "withheld":
        return replace(filters, facets=(*filters.facets, Choice("freshness", (asked,))))
    stale = await request.app[FRESHNESS].stale()
    return replace(filters, confirmed=asked == "confirmed", stale=stale)


async def _cities(request: web.Request, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Codes and names of cities → the values they are kept under. Raises a 400 `HttpProblem` for
    a name that several cities have."""
    found = []
    for text in asked:
        if CITY_CODE.fullmatch(text):
            found.append(text)
            continue
        name = fold_name(text)
        codes = await ambiguous(request.app[PAGES], name)
        if codes:
            said = f"{text} is the name of several cities; write one of {', '.join(codes)}."
            raise invalid_parameter("city", said)
        found.append(name)
    return tuple(found)


async def _settled(request: web.Request, query: Query) -> Query:
    """The query with the hour in place of `now`. Who wants occurrences gets those from now on."""
    values = dict(query.values)
    if "expand" in values:
        values.setdefault("from", NOW)
    clocked = [name for name in ("from", "to") if values.get(name) == NOW]
    if not clocked:
        return query
    hour = await request.app[HOURS].begun()
    said = hour.isoformat().replace("+00:00", "Z")
    values |= dict.fromkeys(clocked, hour)
    return Query(values, {**query.texts, **dict.fromkeys(clocked, said)})


def _circle(query: Query) -> Circle | None:
    if "near" not in query.values:
        return None
    lat, lon = query.values["near"]
    return Circle(lat=lat, lon=lon, radius=query.values.get("radius", DEFAULT_RADIUS))


async def _there_are(request: web.Request, asked: tuple[str, ...]) -> None:
    known = await source_ids(request.app[PAGES])
    if not set(asked) <= set(known):
        there = f"accepted are {', '.join(known)}." if known else "there is none yet."
        raise invalid_parameter("source", f"there is no such source; {there}")


def window_of(start: date | None, end: date | None, zone: str) -> Window | None:
    """The ends of a window, each an aware instant or a date → the window; None where neither is
    given. A date as `end` takes that whole day in. Raises a 400 `HttpProblem` for a window that
    holds nothing."""
    if start is None and end is None:
        return None
    after = _instant(start, zone) if start else BEGINNING
    before = _instant(end, zone, days=1) if end else END
    if before <= after:
        raise invalid_parameter("to", "it must be later than `from`.")
    return Window(after=after, before=before)


def _instant(bound: date, zone: str, days: int = 0) -> datetime:
    """An instant as it is; of a date, the first instant of it, or of one some days later. At the
    ends of the calendar, the last instant there is."""
    if isinstance(bound, datetime):
        return bound
    try:
        return instant(datetime.combine(bound + timedelta(days=days), time.min), zone)
    except OverflowError:
        return BEGINNING if bound.year == 1 else END
