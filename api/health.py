"""`/healthz` (the process lives) and `/readyz` (it can be sent requests). Never cached."""

from collections.abc import Iterator

import orjson
from aiohttp import web

from aggregator.queries import UNAVAILABLE
from aggregator.queries.health import Readiness
from api.caching import JSON, NEVER
from api.keys import READY
from api.params import Query
from schema.problems import MEANINGS


async def alive(_request: web.Request, _query: Query) -> web.Response:
    """200 as long as the process answers at all."""
    return _answer({"status": "alive"}, 200)


async def ready(request: web.Request, _query: Query) -> web.Response:
    """200 when schema, database, derived rows and first runs are there; else 503, what is missing,
    and what mends it."""
    try:
        found = await request.app[READY].asked()
    except UNAVAILABLE:
        said = {"status": "waiting", "database": "unavailable"}
        return _answer({**said, "reasons": [_reason("database.unavailable")]}, 503)
    return _answer(_said(found), 200 if found.ready else 503)


def _said(found: Readiness) -> dict[str, object]:
    return {
        "status": "ready" if found.ready else "waiting",
        "reasons": [_reason(code) for code in _wanting(found)],
        "database": "available",
        "schema": "current" if found.schema_current else "outdated",
        "waiting_for": found.waiting,
        "never_succeeded": found.never_succeeded,
    }


def _wanting(found: Readiness) -> Iterator[str]:
    """Codes of what keeps it from being ready."""
    if not found.schema_current:
        yield "database.outdated"
    if not found.filled.whole:
        yield "database.not_filled"
    if found.waiting:
        yield "source.not_asked"


def _reason(code: str) -> dict[str, str]:
    meaning = MEANINGS[code]
    return {"code": code, "title": meaning.title, "advice": meaning.advice}


def _answer(said: dict[str, object], status: int) -> web.Response:
    headers = {"Content-Type": JSON, "Cache-Control": NEVER}
    return web.Response(status=status, body=orjson.dumps(said), headers=headers)
