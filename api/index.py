"""`/v1`: where everything is that programs ask, to begin with. Reads no data."""

import orjson
from aiohttp import web

from api.caching import LIST, full, is_known, not_modified, tag_of, validators
from api.keys import LINKS, SETTINGS
from api.params import Query

ROOT = "/v1"
BESIDE = {"openapi": "/openapi.json", "docs": "/docs"}


async def show_index(request: web.Request, _query: Query) -> web.Response:
    """The addresses of all lists and feeds, and of what describes them."""
    links = request.app[LINKS]
    below = sorted(path for path in _paths(request.app) if "{" not in path)
    named = {path.removeprefix(f"{ROOT}/"): links.absolute(path) for path in below}
    beside = {name: links.absolute(path) for name, path in BESIDE.items()}
    said = {
        "title": request.app[SETTINGS].service.title,
        "links": {"self": links.absolute(ROOT), **named, **beside},
    }
    body = orjson.dumps(said)
    headers = validators(tag_of([body]), LIST)
    if is_known(request, headers["ETag"]):
        return not_modified(headers)
    return full(body, headers)


def _paths(app: web.Application) -> set[str]:
    """The paths of all routes below the root."""
    found = {resource.canonical for resource in app.router.resources()}
    return {path for path in found if path.startswith(f"{ROOT}/")}
