"""`/v1/search`: entries of all kinds that have some words, in one list, with counts by kind and
category."""

from dataclasses import dataclass, replace
from typing import Any, Final

from aiohttp import web

from aggregator.queries.feed import FeedState, feed_state
from aggregator.queries.finding import Hunt, Quarry, open_hunt, read_quarry
from aggregator.queries.wanted import Page, Rank
from api.caching import LIST, asks_conditionally, full, is_known, not_modified, tag_of, validators
from api.envelope import Pagination, enveloped, link_header, neighbours
from api.facet_params import CATEGORY, SEVERAL, one_of, several
from api.filter_params import Q
from api.keys import FRESHNESS, LINKS, PAGES
from api.links import Links
from api.orders import Order
from api.params import CURSOR, DEFAULT_LIMIT, LIMIT, Parameter, Query
from schema.entities import KINDS

PATH: Final = "/v1/search"
ALL_KINDS: Final = ""
BY_RELEVANCE: Final = Order("relevance")
KIND: Final = Parameter(
    name="kind",
    form=f"one of {', '.join(KINDS)}, {SEVERAL}.",
    parse=several(one_of(KINDS)),
    schema={"type": "array", "minItems": 1, "items": {"enum": [*KINDS]}},
    example="offer",
)
SEARCH: Final = (replace(Q, required=True), KIND, CATEGORY, LIMIT, CURSOR)
"""Every parameter of a search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What an answer depends on besides its page; `at` is where in the list to go on."""

    query: Query
    quarry: Quarry
    feed: FeedState
    stale: tuple[str, ...]
    at: Rank | None
    limit: int

    @property
    def facets(self) -> dict[str, Any]:
        """How many there are by kind, and by category."""
        return {"kind": self.quarry.kinds, "category": self.quarry.categories}

    def headers(self, page: Page) -> dict[str, str]:
        """What an answer with this page says about itself."""
        fixed = (self.feed.mark, PATH, self.query.canonical, self.quarry.total, self.stale)
        return validators(tag_of((*fixed, self.facets, page.more, page.changes)), LIST)

    def links(self, page: Page, links: Links) -> dict[str, str]:
        """The public addresses of this page and of those beside it."""
        queries = {"first": self.query.but(cursor=None), "self": self.query.canonical}
        queries |= neighbours(page, self.query, self.feed.epoch)
        return {name: links.absolute(PATH, query) for name, query in queries.items()}


async def search(request: web.Request, query: Query) -> web.Response:
    """A page of what has the words: the best place first, or where many have them the newest
    change."""
    pages, answer = request.app[PAGES], await search_of(request, query)
    limit, at = answer.limit, answer.at
    if asks_conditionally(request):
        headers = answer.headers(await read_quarry(pages, answer.quarry, limit, at, bodies=False))
        if is_known(request, headers["ETag"]):
            return not_modified(headers)
    page = await read_quarry(pages, answer.quarry, limit, at, bodies=True)
    links = answer.links(page, request.app[LINKS])
    pagination = Pagination(answer.quarry.total, limit)
    told = {"facets": answer.facets, "stale_sources": answer.stale}
    body = enveloped(page.bodies, pagination, links, **told)
    return full(body, {**answer.headers(page), "Link": link_header(links)})


async def search_of(request: web.Request, query: Query) -> Search:
    """A checked query → what there is of it. Raises a 400 `HttpProblem` for a cursor that cannot
    be followed."""
    pages, values = request.app[PAGES], query.values
    feed = await feed_state(pages, ALL_KINDS)
    at = BY_RELEVANCE.position(query, feed.epoch)
    assert at is None or isinstance(at, Rank)
    hunt = Hunt(
        terms=values["q"], kinds=values.get("kind", ()), categories=values.get("category", ())
    )
    return Search(
        query=query,
        quarry=await open_hunt(pages, hunt),
        feed=feed,
        stale=await request.app[FRESHNESS].stale(),
        at=at,
        limit=values.get("limit", DEFAULT_LIMIT),
    )
