"""What a running service knows, in place of what was made up: most ids, cursors, portals, sources,
places and tags that look like such become ones that are there. Judges no answer.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from schemathesis import HookContext

from tests.contract.serving import Served

Values = dict[str, Any] | None
Hook = Callable[[HookContext, Values], Values]
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
TEXT = re.compile("[^,]{1,200}")
CURSOR = re.compile("[A-Za-z0-9_-]+")
NEAR = re.compile("[0-9]{5}|[0-9.-]+,[0-9.-]+")
BOX = re.compile("[0-9.-]+(,[0-9.-]+){3}")
PLACES = ("06108", "51.48,11.97", "-90,180")
BOXES = ("11,51,13,52", "170,-10,-170,80.5", "-180,-90,180,90")
COLLECTIONS = ("organisations", "offers", "events", "projects")
FACETS = ("city", "tag", "source")
PAGED = {
    "newest": COLLECTIONS,
    "start": ("events?from=2026-11-01",),
    "occurrences": ("events?expand=occurrences",),
    "title": ("organisations?sort=title", "offers?sort=title"),
    "distance": ("events?near=06108&radius=200&sort=distance",),
    "relevance": ("search?q=energie", "offers?q=energie&sort=relevance"),
}
"""Order → lists in it, whose cursors are good for others in it."""
SECONDS = 20


@dataclass(frozen=True, slots=True)
class Known:
    """Values of a parameter that are there, and what a made-up one looks like."""

    form: re.Pattern[str]
    there: Sequence[str]

    def instead(self, made: object) -> object:
        """Three of four that look so become one that is there; of several, each for itself."""
        if isinstance(made, list):
            return [self.instead(each) for each in made]
        if not isinstance(made, str) or not self.form.fullmatch(made):
            return made
        number = sum(map(ord, made))
        return self.there[number // 4 % len(self.there)] if number % 4 and self.there else made


def known_paths(found: Served) -> Hook:
    """Most ids that look like ids become those of entries that are there, or were."""

    def known(context: HookContext, values: Values) -> Values:
        id_ = (values or {}).get("id")
        if not values or not isinstance(id_, str) or not UUID.fullmatch(id_):
            return values
        number, path = int(id_[:8], 16), context.operation.path if context.operation else ""
        kind = path.split("/")[2].removesuffix("s")
        there = (found.live, found.live, found.former, {})[number % 4].get(kind)
        return {**values, "id": there[number // 4 % len(there)]} if there else values

    return known


def known_queries(found: Served) -> Hook:
    """Most values of a query that name something become such as name something there is."""
    known = _known(found)
    cursors = {
        order: Known(CURSOR, [c for each in lists for c in _cursors(f"{found.url}/v1/{each}")])
        for order, lists in PAGED.items()
    }

    def named(context: HookContext, values: Values) -> Values:
        if not values:
            return values
        path = context.operation.path if context.operation else ""
        there = {**known, "cursor": cursors[_order(path, values)]}
        if "radius" in values:  # nothing lies around nowhere
            values = {"near": PLACES[0], **values}
        return {n: there[n].instead(made) if n in there else made for n, made in values.items()}

    return named


def _order(path: str, values: Mapping[str, Any]) -> str:
    """The order of what is asked for."""
    usual = "relevance" if "q" in values or path == "/v1/search" else "newest"
    if path == "/v1/events" and "expand" in values:
        usual = "occurrences"
    elif path == "/v1/events" and {"from", "to"} & {*values}:
        usual = "start"
    chosen = str(values.get("sort"))
    return chosen if chosen in PAGED else usual


def _known(found: Served) -> Mapping[str, Known]:
    portals = requests.get(f"{found.url}/v1", timeout=SECONDS).json()["portals"]
    return {
        "portal": Known(TEXT, [portal["id"] for portal in portals]),
        "organisation": Known(UUID, found.live["organisation"]),
        "near": Known(NEAR, PLACES),
        "bbox": Known(BOX, BOXES),
        **{name: Known(TEXT, sorted(_values(found.url, name))) for name in FACETS},
    }


def _values(url: str, facet: str) -> set[str]:
    """The values of a facet that entries have."""
    asked = [f"{url}/v1/{collection}?limit=1&facets={facet}" for collection in COLLECTIONS]
    told = [requests.get(each, timeout=SECONDS).json()["facets"][facet] for each in asked]
    return {value["value"].replace(",", "\\,") for each in told for value in each["values"]}


def _cursors(address: str) -> Iterator[str]:
    """The cursors of the pages after a list's first, and back again."""
    plain, _, query = address.partition("?")
    query += "&limit=1"
    for relation in ("next", "prev"):
        link = requests.get(f"{plain}?{query}", timeout=SECONDS).json()["links"].get(relation)
        if link is None:
            return
        query = urlsplit(link).query
        yield parse_qs(query)["cursor"][0]
