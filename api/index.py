"""`/v1`: where everything is that programs ask, to begin with. Reads no data."""

import orjson
from aiohttp import web

from api.caching import LIST, full, is_known, not_modified, tag_of, validators
from api.calendar_links import CALENDAR
from api.filter_params import PORTAL
from api.keys import LINKS, PORTALS, SETTINGS
from api.links import Links, encoded
from api.params import Query
from api.portals import Portal
from schema.entities import COLLECTIONS

ROOT = "/v1"
BESIDE = {"openapi": "/openapi.json", "docs": "/docs"}


async def show_index(request: web.Request, _query: Query) -> web.Response:
    """The addresses of all lists and feeds, and of what describes them."""
    links = request.app[LINKS]
    below = sorted(path for path in _paths(request.app) if "{" not in path)
    named = {path.removeprefix(f"{ROOT}/"): links.absolute(path) for path in below}
    beside = {name: links.absolute(path) for name, path in BESIDE.items()}
    said: dict[str, object] = {
        "title": request.app[SETTINGS].service.title,
        "links": {"self": links.absolute(ROOT), **named, **beside},
    }
    portals = [_portal(each, links) for each in request.app[PORTALS].by_id.values()]
    if portals:
        said["portals"] = portals
    body = orjson.dumps(said)
    headers = validators(tag_of([body]), LIST)
    if is_known(request, headers["ETag"]):
        return not_modified(headers)
    return full(body, headers)


def _portal(portal: Portal, links: Links) -> dict[str, object]:
    """A portal, and where what it shows is."""
    query = encoded({PORTAL.name: portal.id})
    paths = {name: f"{ROOT}/{name}" for name in COLLECTIONS.values()} | {"calendar": CALENDAR}
    return {
        "id": portal.id,
        "title": portal.title,
        "links": {name: links.absolute(path, query) for name, path in paths.items()},
    }


def _paths(app: web.Application) -> set[str]:
    """The paths of all routes below the root."""
    found = {resource.canonical for resource in app.router.resources()}
    return {path for path in found if path.startswith(f"{ROOT}/")}
