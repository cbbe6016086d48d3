"""A reading → the list it asks for; what cannot be followed becomes a fault at its field.

Reads what the list of data reads, by the same code, so that both show the same entries.
"""

from dataclasses import dataclass
from uuid import UUID

import orjson
from aiohttp import web

from aggregator.queries.entities import read_one
from aggregator.queries.sources import source_names
from api.filter_words import Names
from api.keys import PAGES, PORTALS
from api.listings import Listing, listing_of
from api.params import Query
from api.problems import HttpProblem
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
            reading = blamed(reading, problem)


def blamed(reading: Reading, problem: HttpProblem) -> Reading:
    """The reading without the parameter that a problem names. Raises the problem anew where it
    names none that was given."""
    named = [error.get("parameter") for error in problem.errors]
    given = next((name for name in named if name in reading.query.values), None)
    if problem.status != BAD_REQUEST or given is None:
        raise problem
    return reading.without(given, "clash")


async def named(request: web.Request, query: Query, known: Names, language: str) -> Names:
    """What values name: every source and portal there is, and the organisations asked for
    besides those that are known."""
    pages = request.app[PAGES]
    names = {("source", id_): name for id_, name in (await source_names(pages)).items()}
    names.update(request.app[PORTALS].names)
    names.update(known)
    asked = query.values.get("organisation", ())
    for id_ in (each for each in asked if ("organisation", each) not in names):
        found = await read_one(pages, UUID(id_))
        if found is not None and found.document is not None:
            title = said_in(orjson.loads(found.document)["title"], language)
            names |= {("organisation", id_): title.text} if title else {}
    return names
