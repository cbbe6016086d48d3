"""`/embed`: a list as an HTML fragment that another server puts into its own page.

No head, no script, no style, no picture; only markup with class names. Every link is absolute.
Headings begin at the level asked for.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson
from aiohttp import web

from aggregator.queries.listing import read_page
from api.caching import HTML, full, is_known, not_modified, tag_of
from api.facet_params import one_of
from api.filter_params import NOW, OCCURRENCES
from api.keys import HOURS, LINKS, PAGES, SETTINGS, SITE
from api.links import encoded
from api.list_params import FILTERS, LISTED
from api.listings import Listing, listing_of
from api.params import LANGUAGE, LIMIT, Parameter, Query, read_query, whole_number
from api.records import KINDS
from api.site.agenda import Reader, days_of
from api.site.cards import carded
from api.site.lists.numbers import total_said
from api.site.provenance import Telling, licence_of
from api.site.words import LANGUAGES, language_for
from schema.entities import COLLECTIONS

DEFAULT: Final = "offers"
USUAL: Final = 10
"""Entries of a fragment that asks for no number of them."""
HIGHEST, LOWEST = 2, 4
"""Levels at which headings may begin."""
KIND: Final = Parameter(
    name="kind",
    form=f"one of {', '.join(KINDS)}; {DEFAULT} where it is left out.",
    parse=one_of(KINDS),
    schema={"enum": list(KINDS)},
    example="offers",
)
HEADING: Final = Parameter(
    name="heading",
    form=f"a whole number from {HIGHEST} to {LOWEST}: the level of the first headings.",
    parse=whole_number(HIGHEST, LOWEST),
    schema={"type": "integer", "minimum": HIGHEST, "maximum": LOWEST},
    example="3",
)
OWN: Final = (KIND, HEADING, LIMIT, LANGUAGE)
"""What every fragment takes; which filters there are depends on the kind."""
SHARED: Final = {"Access-Control-Allow-Origin": "*"}


async def show_embed(request: web.Request, query: Query) -> web.Response:
    """A list as a fragment. Raises a 400 `HttpProblem` for what the kind's list does not take."""
    app = request.app
    collection: str = query.values.get(KIND.name, DEFAULT)
    kind = KINDS[collection]
    asked = read_query(request.query, (*OWN, *FILTERS[kind], *_sort(kind)))
    language = language_for(asked.values.get(LANGUAGE.name), "")
    listing = await listing_of(request, _narrowed(asked, kind), kind)
    page = await read_page(app[PAGES], listing.opened, bodies=True)
    documents = [orjson.loads(body) for body in page.bodies]
    told = Telling(now=await app[HOURS].begun(), zone=app[SETTINGS].service.zone, language=language)
    html = app[SITE].render(
        "embed.html",
        language,
        kind=kind,
        collection=collection,
        level=asked.values.get(HEADING.name, HIGHEST),
        **_shown(kind, documents, told),
        **_around(request, listing, asked, told),
        sources=_sources(documents, listing.stale, told),
    )
    headers = {**listing.headers(tag_of([html])), "Content-Language": language, **SHARED}
    if is_known(request, headers["ETag"]):
        return not_modified(headers)
    return full(html.encode(), headers, HTML)


def _sort(kind: str) -> tuple[Parameter, ...]:
    return tuple(each for each in LISTED[kind] if each.name == "sort")


def _narrowed(asked: Query, kind: str) -> Query:
    """What the list is asked for: of events, what takes place from now on."""
    usual: dict[str, Any] = {"limit": USUAL}
    if kind == "event":
        usual |= {"from": NOW, "expand": OCCURRENCES}
    own = {each.name for each in OWN} - {LIMIT.name}
    values = {name: value for name, value in asked.values.items() if name not in own}
    texts = {name: text for name, text in asked.texts.items() if name not in own}
    said = {name: str(value) for name, value in usual.items()}
    return Query({**usual, **values}, {**said, **texts})


def _shown(kind: str, documents: Iterable[Mapping[str, Any]], told: Telling) -> dict[str, Any]:
    if kind == "event":
        reader = Reader(today=told.today, zone=told.zone, language=told.language)
        return {"days": days_of(documents, reader), "cards": []}
    return {"days": [], "cards": [carded(each, told.language) for each in documents]}


def _around(request: web.Request, listing: Listing, asked: Query, told: Telling) -> dict[str, Any]:
    """Where the links lead: to this instance, in the fragment's language."""
    links, legal = request.app[LINKS], request.app[SITE].legal
    language = {} if told.language == LANGUAGES[0] else {LANGUAGE.name: told.language}
    own = {each.name for each in OWN}
    filters = {name: text for name, text in asked.texts.items() if name not in own}
    kind = listing.wanted.kind
    counted = "occurrence" if kind == "event" else kind
    return {
        "whole": {
            name: page.address or links.absolute(f"/{name}", encoded(language))
            for name, page in legal.items()
        },
        "away": lambda path: links.absolute(path, encoded(language)),
        "all_of_it": links.absolute(f"/{COLLECTIONS[kind]}", encoded(filters | language)),
        "total": total_said(listing.total, counted, told.language) if listing.total.n else None,
    }


def _sources(
    documents: Iterable[Mapping[str, Any]], stale: tuple[str, ...], told: Telling
) -> list[dict[str, Any]]:
    """The sources behind what is shown, each once, with its licence and whether it is confirmed."""
    found = {each["id"]: each for document in documents for each in document.get("sources", ())}
    return [
        {
            "name": each.get("attribution") or each["name"],
            "licence": licence_of(each.get("licence", "unknown"), told.language),
            "fresh": id_ not in stale,
        }
        for id_, each in sorted(found.items())
    ]
