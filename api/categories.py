"""`/v1/categories`: the schemes with their terms in five languages, and how many entries have each,
from kept counts. What has no category is counted too."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from aiohttp import web

from aggregator.queries.topics import category_counts
from aggregator.queries.wanted import Total
from api.caching import LIST, full, is_known, not_modified, tag_of, validators
from api.envelope import Pagination, enveloped
from api.keys import DATABASE, LINKS
from api.params import Query
from schema import schemes
from schema.entities import COLLECTIONS
from schema.index import UNMAPPED
from schema.schemes import Scheme, Term

PATH: Final = "/v1/categories"
Counts = Mapping[str, Mapping[str, int]]


async def list_categories(request: web.Request, _query: Query) -> web.Response:
    """Every scheme. There are few of them, so there is one page."""
    app = request.app
    counts = await app[DATABASE].read(category_counts)
    found = [schemes.scheme(name) for name in schemes.names()]
    bodies = [orjson.dumps(_scheme(each, counts)) for each in found]
    unmapped = _counted(counts.get(UNMAPPED, {}))
    tag = tag_of((PATH, *bodies, unmapped))
    headers = validators(tag, LIST)
    if is_known(request, tag):
        return not_modified(headers)
    links = {name: app[LINKS].absolute(PATH) for name in ("first", "self")}
    pagination = Pagination(Total(len(found)), len(found))
    return full(enveloped(bodies, pagination, links, unmapped=unmapped), headers)


def _scheme(scheme: Scheme, counts: Counts) -> dict[str, Any]:
    return {
        "id": scheme.id,
        "default": scheme.id == schemes.DEFAULT,
        "labels": scheme.labels,
        "terms": [_term(term, counts) for term in scheme.terms.values()],
    }


def _term(term: Term, counts: Counts) -> dict[str, Any]:
    """A term; `category` is how filters name it, `related` are terms of other schemes that mean
    about the same."""
    category = f"{term.scheme}:{term.id}"
    return {
        "id": term.id,
        "category": category,
        "labels": term.labels,
        "sentence": term.sentence,
        "examples": term.examples,
        **({"related": term.related} if term.related else {}),
        "entries": _counted(counts.get(category, {})),
    }


def _counted(by_kind: Mapping[str, int]) -> dict[str, int]:
    """Kind → entries, as `/v1/sources` counts them; kinds without any are left out."""
    return {kind: by_kind[kind] for kind in COLLECTIONS if by_kind.get(kind)}
