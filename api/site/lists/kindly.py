"""A reading → the list it asks for; what cannot be followed becomes a fault at its field.

Reads what the list of data reads, by the same code, so that both show the same entries.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson
from aiohttp import web

from aggregator.queries.entities import read_one
from aggregator.queries.sources import source_names
from api.filter_words import Names
from api.keys import PAGES
from api.params import Query
from api.problems import HttpProblem
from api.records import Listing, listing_of
from api.site.cards import said_in
from api.site.lists.reading import Reading

BAD_REQUEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What of a reading could be followed, and the list that it asks for."""

    reading: Reading
    listing: Listing


async def followed(
    request: web.Request, reading: Reading, kind: str, usual: Query | None = None
) -> Followed:
    """The list a reading asks for. `usual` is asked for where the reading says nothing else."""
    usual = usual or Query()
    while True:
        query = reading.query
        asked = Query({**usual.values, **query.values}, {**usual.texts, **query.texts})
        try:
            return Followed(reading=reading, listing=await listing_of(request, asked, kind))
        except HttpProblem as problem:
            reading = _blamed(reading, problem)


def _blamed(reading: Reading, problem: HttpProblem) -> Reading:
    """The reading without the parameter that a problem names. Raises the problem anew where it
    names none that was given."""
    named = [error.get("parameter") for error in problem.errors]
    given = next((name for name in named if name in reading.query.values), None)
    if problem.status != BAD_REQUEST or given is None:
        raise problem
    return reading.without(given, "clash")


async def names_of(request: web.Request, texts: Mapping[str, str], language: str) -> Names:
    """What the values of a query name: its organisation, and every source there is."""
    pages = request.app[PAGES]
    names = {("source", id_): name for id_, name in (await source_names(pages)).items()}
    asked = texts.get("organisation")
    found = await read_one(pages, UUID(asked)) if asked and "," not in asked else None
    if asked and found and found.document:
        title = said_in(orjson.loads(found.document)["title"], language)
        names |= {("organisation", asked): title.text} if title else {}
    return names
