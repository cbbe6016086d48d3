"""`/v1/stats`: how many entries there were over time, from counts that are kept by day."""

from datetime import date, timedelta
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

import orjson
from aiohttp import web

from aggregator.queries.stats import Asked, By, Interval, Point, count_over_time, days_of
from api.caching import LIST, full, is_known, not_modified, tag_of, validators
from api.facet_params import one_of
from api.filtering import refuse_unknown_sources
from api.keys import DATABASE, HOURS, LINKS, SETTINGS
from api.params import DATE, Parameter, Query
from api.problems import invalid_parameter
from schema.entities import KINDS

PATH: Final = "/v1/stats"
USUAL: Final = timedelta(days=30)
MOST_POINTS: Final = 1_000


def day(text: str) -> date:
    """A date as ISO 8601 writes it. Raises `ValueError`."""
    if not DATE.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


_DATE: Final = {"type": "string", "format": "date"}
KIND: Final = Parameter(
    name="kind",
    form=f"one of {', '.join(KINDS)}; offer where it is left out.",
    parse=one_of(KINDS),
    schema={"enum": list(KINDS), "default": "offer"},
    example="offer",
)
OF_SOURCE: Final = Parameter(
    name="source",
    form="the id of a source, as `/v1/sources` has it: only what it leads.",
    parse=str,
    schema={"type": "string", "minLength": 1},
    example="stadtkalender",
)
BY: Final = Parameter(
    name="by",
    form=f"one of {', '.join(get_args(By))}: counts apart by it; in all where it is left out.",
    parse=one_of(get_args(By)),
    schema={"enum": list(get_args(By))},
    example="status",
)
FIRST: Final = Parameter(
    name="from",
    form="a date: the first day; 30 days before the last one where it is left out.",
    parse=day,
    schema=_DATE,
    example="2026-11-01",
)
LAST: Final = Parameter(
    name="to",
    form="a date: the last day; today where it is left out or later.",
    parse=day,
    schema=_DATE,
    example="2026-11-30",
)
INTERVAL: Final = Parameter(
    name="interval",
    form="one of day, week, month: how the days stood at the end of each; day where it is left "
    "out.",
    parse=one_of(get_args(Interval)),
    schema={"enum": list(get_args(Interval)), "default": "day"},
    example="week",
)
PARAMETERS: Final = (KIND, OF_SOURCE, BY, FIRST, LAST, INTERVAL)


async def show_stats(request: web.Request, query: Query) -> web.Response:
    """How many live entries of a kind there were at the end of each interval."""
    app = request.app
    asked = await _asked(request, query)
    points = await app[DATABASE].read(count_over_time, asked)
    settled = {"from": asked.first.isoformat(), "to": asked.last.isoformat()}
    whole = query.but(**settled)
    said: dict[str, Any] = {
        "kind": asked.kind,
        **({"source": asked.source} if asked.source else {}),
        **({"by": asked.by} if asked.by else {}),
        "interval": asked.interval,
        "zone": app[SETTINGS].service.zone,
        "data": [_said(point, asked.by) for point in points],
        "links": {"self": app[LINKS].absolute(PATH, whole)},
    }
    body = orjson.dumps(said)
    tag = tag_of((PATH, body))
    headers = validators(tag, LIST)
    return not_modified(headers) if is_known(request, tag) else full(body, headers)


def _said(point: Point, by: By | None) -> dict[str, Any]:
    if by is None:
        return {"day": point.day, "total": point.counts[""]}
    total = {} if by == "category" else {"total": sum(point.counts.values())}
    return {"day": point.day, **total, "counts": point.counts}


async def _asked(request: web.Request, query: Query) -> Asked:
    values = query.values
    zone = ZoneInfo(request.app[SETTINGS].service.zone)
    today = (await request.app[HOURS].begun()).astimezone(zone).date()
    last = min(values.get("to", today), today)
    first = values.get("from") or _before(last)
    if first > last:
        raise invalid_parameter("from", "it must not be later than `to`, nor than today.")
    interval: Interval = values.get("interval", "day")
    if (last - first).days > MOST_POINTS and interval == "day":
        raise invalid_parameter(
            "interval", f"more than {MOST_POINTS} days: ask for week or month, or for fewer days."
        )
    if sum(1 for _ in days_of(first, last, "month")) > MOST_POINTS:
        raise invalid_parameter("from", "too long ago.")
    source = values.get("source")
    await refuse_unknown_sources(request, () if source is None else (source,))
    return Asked(
        kind=values.get("kind", "offer"),
        first=first,
        last=last,
        interval=interval,
        source=source,
        by=values.get("by"),
    )


def _before(last: date) -> date:
    return max(last, date.min + USUAL) - USUAL
