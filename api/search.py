"""`/v1/search`: entries of all kinds that have some words, in one list, with counts by kind and
category, narrowed down by the filters that lists of all kinds share."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from aiohttp import web

from aggregator.queries.feed import FeedState, feed_state
from aggregator.queries.filters import EVERYTHING
from aggregator.queries.finding import Hunt, Quarry, open_hunt, read_quarry
from aggregator.queries.sieving import CATEGORY as TOPIC
from aggregator.queries.sieving import Sieve
from aggregator.queries.wanted import Page, Rank
from api.caching import LIST, asks_conditionally, full, is_known, not_modified, tag_of, validators
from api.envelope import Pagination, enveloped, link_header, neighbours
from api.facet_params import ALWAYS, ORGANISATION, SEVERAL, one_of, several
from api.filter_params import BBOX, NEAR, PORTAL, RADIUS, Q
from api.filtering import Asked, checked, narrowed_to
from api.keys import FRESHNESS, LINKS, PAGES
from api.links import Links
from api.list_params import FILTERS
from api.orders import Order
from api.params import CURSOR, DEFAULT_LIMIT, LIMIT, MODIFIED_SINCE, Parameter, Query
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
SHARED: Final = (*ALWAYS, ORGANISATION, NEAR, RADIUS, BBOX, PORTAL)
"""Filters of lists that mean something among all kinds; a kind that does not know one has nothing
that passes it."""
SEARCH: Final = (replace(Q, required=True), KIND, *SHARED, MODIFIED_SINCE, LIMIT, CURSOR)
"""Every parameter of a search."""
KNOWN: Final = {kind: {each.name for each in filters} for kind, filters in FILTERS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What an answer depends on besides its page; `at` is where in the list to go on, `meaning`
    what its portal stands for."""

    query: Query
    quarry: Quarry
    feed: FeedState
    stale: tuple[str, ...]
    at: Rank | None
    limit: int
    meaning: str = ""

    @property
    def facets(self) -> dict[str, Any]:
        """How many there are by kind, and by category."""
        return {"kind": self.quarry.kinds, "category": self.quarry.categories}

    def headers(self, page: Page) -> dict[str, str]:
        """What an answer with this page says about itself."""
        fixed = (self.feed.mark, PATH, self.query.canonical, self.quarry.total, self.stale)
        return validators(
            tag_of((*fixed, self.meaning, self.facets, page.more, page.changes)), LIST
        )

    def links(self, page: Page, links: Links) -> dict[str, str]:
        """The public addresses of this page and of those beside it."""
        queries = {"first": self.query.first, "self": self.query.canonical}
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
    told: dict[str, Any] = {"facets": answer.facets, "stale_sources": answer.stale}
    if page.distances is not None:
        told["distances"] = page.distances
    body = enveloped(page.bodies, pagination, links, **told)
    return full(body, {**answer.headers(page), "Link": link_header(links)})


async def search_of(request: web.Request, query: Query) -> Search:
    """A checked query → what there is of it. Raises a 400 `HttpProblem` that names the parameter
    which cannot be followed."""
    pages, values = request.app[PAGES], query.values
    query = await checked(request, query)
    feed = await feed_state(pages, ALL_KINDS)
    at = BY_RELEVANCE.position(query, feed.epoch)
    assert at is None or isinstance(at, Rank)
    asked = {kind: await narrowed_to(request, query, kind) for kind in _knowing(query)}
    first = next(iter(asked.values()))
    hunt = Hunt(
        terms=first.terms,
        kinds=values.get("kind", ()),
        categories=values.get("category", ()),
        sieve=_sieve(query, asked),
    )
    return Search(
        query=query,
        quarry=await open_hunt(pages, hunt),
        feed=feed,
        stale=await request.app[FRESHNESS].stale(),
        at=at,
        limit=values.get("limit", DEFAULT_LIMIT),
        meaning=" ".join(each.meaning for each in asked.values()).strip(),
    )


def _knowing(query: Query) -> list[str]:
    """The kinds that know every filter that is asked for."""
    asked = {each.name for each in SHARED if each.name in query.values}
    return [kind for kind, known in KNOWN.items() if asked <= known]


def _sieve(query: Query, asked: Mapping[str, Asked]) -> Sieve | None:
    """What is asked for besides words, kinds and categories."""
    filters = {kind: each.filters for kind, each in asked.items()}
    since = query.values.get("modified_since")
    left = [each.without(TOPIC) for each in filters.values()]
    if since is None and left == [EVERYTHING] * len(KNOWN):
        return None
    return Sieve(of_kind=filters, since=since)
