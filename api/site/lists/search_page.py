"""`/search`: entries of all kinds that have some words, for people, and the ways to narrow down."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
from aiohttp import web

from aggregator.queries.finding import read_quarry
from aggregator.queries.wanted import Page
from api.envelope import neighbours
from api.facet_params import CATEGORY
from api.filter_params import Q
from api.filter_words import Names, Speech, labelled, quoted
from api.keys import HOURS, LINKS, PAGES, SETTINGS
from api.links import Links
from api.params import LIMIT, MODIFIED_SINCE, Query
from api.problems import HttpProblem
from api.search import KIND, SEARCH, Search, search_of
from api.search import PATH as DATA
from api.site.answering import language_of
from api.site.cards import Card, carded
from api.site.here import Here
from api.site.lists.answers import given, tidied
from api.site.lists.chips import Chip, chips_of, words_of
from api.site.lists.kindly import blamed, named
from api.site.lists.numbers import number, total_said
from api.site.lists.reading import Reading, read
from api.site.lists.shown import PLACES, asked_for, faults_of
from api.site.moments import day_said, wall_of
from api.site.words import words_in
from schema import schemes
from schema.entities import COLLECTIONS
from schema.index import UNMAPPED

PATH: Final = "/search"
ON_A_PAGE: Final = 24
TOPICS: Final = 8
"""Topics offered to narrow down by, the most frequent first."""
ASKED: Final = tuple(each for each in SEARCH if each not in {LIMIT, MODIFIED_SINCE})
OWN: Final = frozenset({Q.name, KIND.name, CATEGORY.name, *PLACES})
"""What the page shows in ways of its own; every other filter is named in a line, to be dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A way to narrow down: in words, with its number, its address, and whether it is chosen."""

    said: str
    count: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """A search as it is told; `search` is None where no words were given. `names`: what values
    of filters name."""

    reading: Reading
    language: str
    zone: str
    today: date
    search: Search | None
    names: Names

    @property
    def here(self) -> Here:
        """Where the reader is."""
        return Here(path=PATH, query=self.reading.query.texts)

    @property
    def narrowing(self) -> Query:
        """The filters that have no place of their own on the page."""
        query = self.reading.query
        left = {name: value for name, value in query.values.items() if name not in OWN}
        return Query(left, {name: query.texts[name] for name in left})

    @property
    def chips(self) -> tuple[Chip, ...]:
        """The same in words."""
        speech = Speech(language=self.language, zone=self.zone, names=self.names)
        return chips_of(self.narrowing, speech)


async def show_search(request: web.Request, query: Query) -> web.Response:
    """What has the words, in the reader's language; without words, a place to write them."""
    reading = read(query)
    if tidier := tidied(request, reading):
        return tidier
    reading, search = await _followed(request, reading)
    zone, language = request.app[SETTINGS].service.zone, language_of(request, query)
    hour = await request.app[HOURS].begun()
    searched = Searched(
        reading=reading,
        language=language,
        zone=zone,
        today=hour.astimezone(ZoneInfo(zone)).date(),
        search=search,
        names=await named(request, reading.query, {}, language),
    )
    links = request.app[LINKS]
    values = _shown(searched, links)
    if search is not None:
        pages, at = request.app[PAGES], search.at
        page = await read_quarry(pages, search.quarry, ON_A_PAGE, at, bodies=True)
        values |= _found(searched, search, page, links)
    return given(request, "search.html", searched, values)


async def _followed(request: web.Request, reading: Reading) -> tuple[Reading, Search | None]:
    """The search a reading asks for; what cannot be followed becomes a fault."""
    while "q" in reading.query.values:
        try:
            return reading, await search_of(request, reading.query)
        except HttpProblem as problem:
            reading = blamed(reading, problem)
    return reading, None


def _shown(searched: Searched, links: Links) -> dict[str, Any]:
    reading, language, chips = searched.reading, searched.language, searched.chips
    name = words_in(language)["found.search"]
    text = " ".join(reading.typed.get("q", "").split())
    said = " · ".join(filter(None, (quoted(text, language) if text else "", words_of(chips))))
    texts, narrowing = reading.query.texts, searched.narrowing.texts
    return {
        "heading": f"{name}: {said}" if said else name,
        "chips": [(chip, _again(searched, links, **dict.fromkeys(chip.drops))) for chip in chips],
        "text": text,
        "faults": faults_of(reading, language),
        "further": "cursor" in reading.query.texts,
        "kept": {n: t for n, t in texts.items() if n in {"kind", "lang", *narrowing}},
        "found": False,
    }


def _found(searched: Searched, search: Search, page: Page, links: Links) -> dict[str, Any]:
    reading, language = searched.reading, searched.language
    beside = neighbours(page, reading.query, search.feed.epoch)
    return {
        "found": True,
        "total": total_said(search.quarry.total, "entry", language),
        "cards": [_card(orjson.loads(body), searched) for body in page.bodies],
        "kinds": _kinds(searched, search, links),
        "topics": _topics(searched, search, links),
        "lists": _lists(searched, search),
        "pager": {name: f"{links.local(PATH)}?{to}" for name, to in beside.items()},
        "json": links.absolute(DATA, asked_for(reading.query)),
    }


def _lists(searched: Searched, search: Search) -> list[tuple[str, str, dict[str, str]]]:
    """The list of each kind that was found, and what is asked of it too."""
    query = searched.reading.query
    kept = {n: t for n, t in query.texts.items() if n not in {KIND.name, *PLACES}}
    return [(kind, f"/{COLLECTIONS[kind]}", kept) for kind in search.quarry.kinds]


def _card(said: dict[str, Any], searched: Searched) -> tuple[str, Card, str | None]:
    """An entry's kind, its card, and of events the day."""
    kind, day = said["kind"], None
    if "when" in said:
        first = wall_of(said["when"]["start"]).date()
        day = day_said(first, searched.today, searched.language)
    return kind, carded(said, searched.language), day


def _kinds(searched: Searched, search: Search, links: Links) -> list[Facet]:
    asked = searched.reading.query.values.get("kind", ())
    say, counts = words_in(searched.language), search.quarry.kinds
    every = Facet(
        said=say["found.all"],
        count=number(sum(counts.values()), searched.language),
        href=_again(searched, links, kind=None),
        chosen=not asked,
    )
    return [every] + [
        Facet(
            said=say[f"list.{kind}"],
            count=number(n, searched.language),
            href=_again(searched, links, kind=kind),
            chosen=asked == (kind,),
        )
        for kind, n in counts.items()
    ]


def _topics(searched: Searched, search: Search, links: Links) -> list[Facet]:
    asked = searched.reading.query.values.get("category", ())
    counts = search.quarry.categories
    shown = [*asked, *(each for each in counts if each not in asked and each != UNMAPPED)]
    return [
        Facet(
            said=_topic(value, searched.language),
            count=number(counts.get(value, 0), searched.language),
            href=_again(searched, links, category=None if (value,) == asked else value),
            chosen=value in asked,
        )
        for value in shown[:TOPICS]
    ]


def _topic(value: str, language: str) -> str:
    term = schemes.find(value)
    return schemes.label(term, language) if term else labelled(value, language) or value


def _again(searched: Searched, links: Links, **changes: str | None) -> str:
    """The same search otherwise narrowed down, from its beginning."""
    return searched.here.again(links, {"cursor": None, **changes})
