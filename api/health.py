"""`/healthz` (the process lives) and `/readyz` (it can be sent requests). Never cached."""

import orjson
from aiohttp import web

from aggregator.queries import UNAVAILABLE
from aggregator.queries.health import Readiness, readiness
from api.caching import JSON, NEVER
from api.keys import DATABASE
from api.params import Query


async def alive(_request: web.Request, _query: Query) -> web.Response:
    """200 as long as the process answers at all."""
    return _answer({"status": "alive"}, 200)


async def ready(request: web.Request, _query: Query) -> web.Response:
    """200 when schema, database and first runs are there; else 503 and what is missing."""
    try:
        found = await request.app[DATABASE].read(readiness)
    except UNAVAILABLE:
        return _answer({"status": "waiting", "database": "unavailable"}, 503)
    return _answer(_said(found), 200 if found.ready else 503)


def _said(found: Readiness) -> dict[str, object]:
    return {
        "status": "ready" if found.ready else "waiting",
        "database": "available",
        "schema": "current" if found.schema_current else "outdated",
        "waiting_for": found.waiting,
        "never_succeeded": found.never_succeeded,
    }


def _answer(said: dict[str, object], status: int) -> web.Response:
    headers = {"Content-Type": JSON, "Cache-Control": NEVER}
    return web.Response(status=status, body=orjson.dumps(said), headers=headers)
