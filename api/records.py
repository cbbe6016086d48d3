"""`/v1/{collection}` and `/v1/{collection}/{id}`: lists and single entries from stored bytes."""

from functools import partial
from uuid import UUID

from aiohttp import web

from aggregator.queries.entities import Found, read_one
from aggregator.queries.facet_counts import FacetCounts
from aggregator.queries.listing import read_page
from aggregator.queries.wanted import Page
from api.caching import (
    GONE,
    LIST,
    asks_conditionally,
    full,
    is_known,
    not_modified,
    tag_of,
    validators,
)
from api.calendar_links import subscriptions
from api.envelope import Pagination, enveloped, link_header, narrowed
from api.keys import BODIES, LINKS, PAGES
from api.links import Links
from api.listings import Listing, listing_of, read_outline
from api.params import Query
from api.problems import HttpProblem
from schema.entities import COLLECTIONS

KINDS = {collection: kind for kind, collection in COLLECTIONS.items()}
"""The plural that stands in URLs → kind."""


async def list_entities(request: web.Request, query: Query, *, kind: str) -> web.Response:
    """A page of the live entities of one kind, in the order asked for."""
    app = request.app
    asked = await listing_of(request, query, kind)
    page, conditional = None, asks_conditionally(request)
    if conditional or asked.light:
        page = await read_outline(app[PAGES], asked)
        if conditional and is_known(request, tag := asked.tag(page)):
            return not_modified(asked.headers(tag))
    page = await _with_bodies(app, asked, page)
    links = asked.links(page, app[LINKS])
    pagination = Pagination(asked.total, asked.wanted.limit)
    said = {**links, **subscriptions(kind, asked.query, app[LINKS])}
    bodies = narrowed(page.bodies, asked.query.values.get("fields"))
    body = enveloped(bodies, pagination, said, stale_sources=asked.stale, **_beside(asked, page))
    return full(body, {**asked.headers(asked.tag(page)), "Link": link_header(links)})


async def _with_bodies(app: web.Application, asked: Listing, page: Page | None) -> Page:
    """A page that was read without bodies, or not yet, with them: from memory where all are
    there, else read in one statement."""
    if not asked.light:
        return await read_page(app[PAGES], asked.opened, bodies=True)
    shelf = app[BODIES].under(asked.feed.mark)
    found = page and shelf.filled(page)
    if found is None:
        found = await read_page(app[PAGES], asked.opened, bodies=True)
        shelf.keep(found.changes, found.bodies)
    return found


def _beside(asked: Listing, page: Page) -> dict[str, object]:
    """What stands beside the entries where it is asked for."""
    said: dict[str, object] = {}
    if page.distances is not None:
        said["distances"] = page.distances
    if asked.list.facets:
        counted = {name: _counted(counts) for name, counts in asked.list.facets.items()}
        said["facets"] = counted
    return said


def _counted(counts: FacetCounts) -> dict[str, object]:
    values = [{"value": value, "count": n} for value, n in counts.values]
    return {"of": counts.of, "values": values, **({"more": True} if counts.more else {})}


async def show_entity(request: web.Request, _query: Query, *, kind: str) -> web.Response:
    """One entity: its document, or where it went."""
    found = await read_one(request.app[PAGES], id_of(request))
    if found is None or found.kind != kind:
        raise HttpProblem(status=404, code="entity.not_found")
    if found.document is None:
        return elsewhere(found, request.app[LINKS])
    tag = tag_of((found.mark, found.id, found.change))
    headers = validators(tag, LIST, found.modified)
    if is_known(request, tag):
        return not_modified(headers)
    return full(found.document, headers)


def id_of(request: web.Request) -> UUID:
    """The id in an entry's address. Raises a 404 `HttpProblem` for what is none as we write it."""
    text = request.match_info["id"]
    try:
        id_ = UUID(text)
    except ValueError:
        id_ = None
    if id_ is None or str(id_) != text:
        raise HttpProblem(status=404, code="entity.not_found")
    return id_


def elsewhere(found: Found, links: Links, suffix: str = "") -> web.Response:
    """Where an entry went that is not live any more, in the form asked for (".ics"). Raises a 410
    `HttpProblem` where it went nowhere."""
    if found.state == "merged" and found.merged_into is not None:
        survivor = f"/v1/{COLLECTIONS[found.kind]}/{found.merged_into}{suffix}"
        headers = {"Location": links.absolute(survivor), "Cache-Control": GONE}
        return web.Response(status=308, headers=headers)
    if found.state == "withdrawn":
        more = {"id": found.id, "kind": found.kind, "deleted": True, "modified": found.modified}
        raise HttpProblem(status=410, code="entity.gone", more=more)
    raise HttpProblem(status=410, code="entity.gone")


LISTS = {collection: partial(list_entities, kind=kind) for collection, kind in KINDS.items()}
SINGLES = {collection: partial(show_entity, kind=kind) for collection, kind in KINDS.items()}
