"""`/v1/sources`: where the entries come from, under which licence, and how fresh they are."""

from typing import Any

import orjson
from aiohttp import web
from sqlalchemy import Connection

from aggregator.queries.sources import SourceState, source_states
from aggregator.queries.wanted import Total
from aggregator.working.clock import Clock
from api.caching import LIST, full, is_known, not_modified, tag_of, validators
from api.envelope import Pagination, enveloped
from api.keys import CLOCK, DATABASE, LINKS
from api.params import Query

PATH = "/v1/sources"
UTC_Z = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS


async def list_sources(request: web.Request, _query: Query) -> web.Response:
    """Every source with its freshness. There are few of them, so there is one page."""
    app = request.app
    states = await app[DATABASE].read(states_now, app[CLOCK])
    bodies = [orjson.dumps(said(state), option=UTC_Z) for state in states]
    tag = tag_of(bodies)
    headers = validators(tag, LIST)
    if is_known(request, tag):
        return not_modified(headers)
    links = {name: app[LINKS].absolute(PATH) for name in ("first", "self")}
    pagination = Pagination(Total(len(states)), len(states))
    return full(enveloped(bodies, pagination, links), headers)


def states_now(connection: Connection, clock: Clock) -> tuple[SourceState, ...]:
    """The sources as they are now."""
    return source_states(connection, clock.now(connection))


def said(state: SourceState) -> dict[str, Any]:
    """A source as the public sees it; what is absent is left out."""
    members = {
        "id": state.id,
        "name": state.name,
        "url": state.url,
        "licence": state.licence,
        "attribution": state.attribution,
        "freshness": "fresh" if state.fresh else "stale",
        "condition": state.condition,
        "outcome": state.outcome,
        "checked": state.checked,
        "succeeded": state.succeeded,
        "entries": state.live,
    }
    return {name: value for name, value in members.items() if value is not None}
