"""Which list a query asks for, and which page of it. Renders nothing.

A list is opened once under a head: what it asks for, its plan, its total and the counts beside it
hold for all its pages, whatever is shown of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from aiohttp import web

from aggregator.queries import Pages
from aggregator.queries.facet_counts import FacetCounts, facet_counts
from aggregator.queries.feed import FeedState, feed_state
from aggregator.queries.listing import Opened, is_light, open_list, read_page
from aggregator.queries.wanted import Page, Total, Wanted
from api.caching import LIST, tag_of, validators
from api.envelope import neighbours
from api.facet_params import NAMES
from api.filtering import asked_of, settled
from api.heads import HEAD
from api.keys import FRESHNESS, LISTS, PAGES
from api.links import Links
from api.open_lists import LENGTHY, OpenList
from api.orders import order_of
from api.params import DEFAULT_LIMIT, Query
from schema.entities import COLLECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of a list, before it is read."""

    path: str
    query: Query
    list: OpenList
    opened: Opened

    @property
    def light(self) -> bool:
        """Whether a page that is read without bodies lacks nothing else."""
        return self.list.light

    @property
    def total(self) -> Total:
        """How many entries the whole list has."""
        return self.opened.total

    @property
    def wanted(self) -> Wanted:
        """Which page of it is asked for."""
        return self.opened.wanted

    @property
    def feed(self) -> FeedState:
        """Where the feed stands."""
        return self.list.feed

    @property
    def stale(self) -> tuple[str, ...]:
        """The sources that are not confirmed."""
        return self.list.stale

    def tag(self, page: Page) -> str:
        """The entity tag of an answer with this page."""
        of, total = self.list, self.opened.total
        fixed = (of.feed.mark, self.path, self.query.canonical, total.n, total.at_least, of.stale)
        return tag_of((*fixed, of.meaning, of.facets, page.more, orjson.dumps(page.changes)))

    def headers(self, tag: str) -> dict[str, str]:
        """What an answer with this tag says about itself."""
        return validators(tag, LIST, self.list.feed.modified)

    def links(self, page: Page, links: Links) -> dict[str, str]:
        """The public addresses of this page of the list and of those beside it."""
        queries = {"first": self.query.first, "self": self.query.canonical}
        queries |= neighbours(page, self.query, self.list.feed.epoch)
        return {name: links.absolute(self.path, query) for name, query in queries.items()}


async def listing_of(request: web.Request, query: Query, kind: str) -> Listing:
    """A checked query for the live entities of a kind → the page it asks for. Raises a 400
    `HttpProblem` that names the parameter which cannot be followed."""
    query = await settled(request, query)
    under = request.app[LISTS].under(request.get(HEAD))
    limit = query.values.get("limit", DEFAULT_LIMIT)
    near_by = query.values.get("sort") == "distance"  # where the length decides about the plan
    asked = (kind, query.narrowing, limit if near_by else None)
    found = under.lists.get(asked)
    if found is None:
        found = await _opened(request, query, kind, under.feeds)
        if len(query.narrowing) <= LENGTHY:
            under.lists.put(asked, found)
    position = found.order.position(query, found.feed.epoch)
    return Listing(
        path=f"/v1/{COLLECTIONS[kind]}",
        query=query,
        list=found,
        opened=found.opened.at(limit, position),
    )


async def read_outline(pages: Pages, asked: Listing) -> Page:
    """A page without its bodies."""
    wanted, beginning = asked.wanted, asked.list.beginning
    if wanted.position is not None or wanted.sort != "newest":
        return await read_page(pages, asked.opened, bodies=False)
    page = beginning.of(wanted.limit)
    if page is None:
        page = await read_page(pages, asked.opened, bodies=False)
        beginning.keep(page)
    return page


async def _opened(
    request: web.Request, query: Query, kind: str, feeds: dict[str, FeedState]
) -> OpenList:
    pages = request.app[PAGES]
    asked = await asked_of(request, query, kind)
    order = order_of(query)
    feed = feeds.get(kind)
    if feed is None:
        feed = feeds[kind] = await feed_state(pages, kind)
    wanted = Wanted(
        kind=kind,
        limit=query.values.get("limit", DEFAULT_LIMIT),
        sort=order.sort,
        each=order.each,
        since=query.values.get("modified_since"),
        filters=asked.filters,
    )
    opened = await open_list(pages, wanted)
    return OpenList(
        light=is_light(wanted),
        opened=opened.lean,
        order=order,
        feed=feed,
        meaning=asked.meaning,
        stale=await request.app[FRESHNESS].stale(),
        facets=await _facets(pages, opened, query.values.get("facets", ())),
    )


async def _facets(pages: Pages, opened: Opened, asked: Sequence[str]) -> Mapping[str, FacetCounts]:
    """The counts that are asked for, by the names of parameters."""
    if not asked:
        return {}
    counts = await facet_counts(pages, opened, [NAMES.get(name, name) for name in asked])
    return {name: counts[NAMES.get(name, name)] for name in asked}
