"""`/v1/{collection}` and `/v1/{collection}/{id}`: lists and single entries from stored bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from aiohttp import web

from aggregator.queries import Pages
from aggregator.queries.entities import Found, read_one
from aggregator.queries.facet_counts import FacetCounts, facet_counts
from aggregator.queries.feed import FeedState, feed_state
from aggregator.queries.listing import Opened, open_list, read_page
from aggregator.queries.wanted import Page, Total, Wanted
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
from api.envelope import Pagination, enveloped, link_header, narrowed, neighbours
from api.facet_params import NAMES
from api.filtering import asked_of
from api.keys import FRESHNESS, LINKS, PAGES
from api.links import Links
from api.orders import order_of
from api.params import DEFAULT_LIMIT, Query
from api.problems import HttpProblem
from schema.entities import COLLECTIONS

KINDS = {collection: kind for kind, collection in COLLECTIONS.items()}
"""The plural that stands in URLs → kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a list answer depends on besides its page. `meaning`: what its portal stands for."""

    path: str
    query: Query
    opened: Opened
    feed: FeedState
    meaning: str
    stale: tuple[str, ...]
    facets: Mapping[str, FacetCounts]

    @property
    def total(self) -> Total:
        """How many entries the whole list has."""
        return self.opened.total

    @property
    def wanted(self) -> Wanted:
        """Which page of it is asked for."""
        return self.opened.wanted

    def tag(self, page: Page) -> str:
        """The entity tag of an answer with this page."""
        fixed = (self.feed.mark, self.path, self.query.canonical, self.total, self.stale)
        return tag_of((*fixed, self.meaning, self.facets, page.more, page.changes))

    def headers(self, tag: str) -> dict[str, str]:
        """What an answer with this tag says about itself."""
        return validators(tag, LIST, self.feed.modified)

    def links(self, page: Page, links: Links) -> dict[str, str]:
        """The public addresses of this page of the list and of those beside it."""
        first = self.query.but(cursor=None)
        queries = {"first": first, "self": self.query.canonical}
        queries |= neighbours(page, self.query, self.feed.epoch)
        return {name: links.absolute(self.path, query) for name, query in queries.items()}


async def list_entities(request: web.Request, query: Query, *, kind: str) -> web.Response:
    """A page of the live entities of one kind, in the order asked for."""
    pages = request.app[PAGES]
    asked = await listing_of(request, query, kind)
    if asks_conditionally(request):
        tag = asked.tag(await read_page(pages, asked.opened, bodies=False))
        if is_known(request, tag):
            return not_modified(asked.headers(tag))
    page = await read_page(pages, asked.opened, bodies=True)
    links = asked.links(page, request.app[LINKS])
    pagination = Pagination(asked.total, asked.wanted.limit)
    said = {**links, **subscriptions(kind, asked.query, request.app[LINKS])}
    bodies = narrowed(page.bodies, asked.query.values.get("fields"))
    body = enveloped(bodies, pagination, said, stale_sources=asked.stale, **_beside(asked, page))
    return full(body, {**asked.headers(asked.tag(page)), "Link": link_header(links)})


def _beside(asked: Listing, page: Page) -> dict[str, object]:
    """What stands beside the entries where it is asked for."""
    said: dict[str, object] = {}
    if page.distances is not None:
        said["distances"] = page.distances
    if asked.facets:
        said["facets"] = {name: _counted(counts) for name, counts in asked.facets.items()}
    return said


def _counted(counts: FacetCounts) -> dict[str, object]:
    values = [{"value": value, "count": n} for value, n in counts.values]
    return {"of": counts.of, "values": values, **({"more": True} if counts.more else {})}


async def listing_of(request: web.Request, query: Query, kind: str) -> Listing:
    """A checked query for the live entities of a kind → the list it asks for. Raises a 400
    `HttpProblem` that names the parameter which cannot be followed."""
    pages = request.app[PAGES]
    asked = await asked_of(request, query, kind)
    query, order = asked.query, order_of(asked.query)
    feed = await feed_state(pages, kind)
    wanted = Wanted(
        kind=kind,
        limit=query.values.get("limit", DEFAULT_LIMIT),
        sort=order.sort,
        each=order.each,
        since=query.values.get("modified_since"),
        filters=asked.filters,
        position=order.position(query, feed.epoch),
    )
    opened = await open_list(pages, wanted)
    return Listing(
        path=f"/v1/{COLLECTIONS[kind]}",
        query=query,
        opened=opened,
        feed=feed,
        meaning=asked.meaning,
        stale=await request.app[FRESHNESS].stale(),
        facets=await _facets(pages, opened, query.values.get("facets", ())),
    )


async def _facets(pages: Pages, opened: Opened, asked: Sequence[str]) -> Mapping[str, FacetCounts]:
    """The counts that are asked for, by the names of parameters."""
    counts = await facet_counts(pages, opened, [NAMES.get(name, name) for name in asked])
    return {name: counts[NAMES.get(name, name)] for name in asked}


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
