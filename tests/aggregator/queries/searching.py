"""A database to search in: entities of any kind that are found by words of any kind."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from aggregator.store.search import Searchable, seal_rest, write_searchable
from aggregator.store.tables import feed
from schema import Offer
from schema.searching import naming, words_of
from tests.api.seeding import add_entities

Said = tuple[str, str]
"""What an entity is found by: marks, and three lines of words."""


def titled(title: str, kind: str = "offer", terms: str = "unmapped", **texts: str) -> Said:
    """What an entity with this title is found by; `text` is its description, `who` it names."""
    fields = {"description": {"de": texts["text"]}} if "text" in texts else {}
    offer = Offer.model_validate({"native_id": "1", "title": {"de": title}, **fields})
    return f"{kind} {terms}", naming(words_of(offer), texts.get("who"))


def add_found(connection: Connection, said: Sequence[Said], *, sealed: bool = True) -> None:
    """Entities that are found by this, numbered on, each with a newer change; in blocks or not."""
    last = connection.execute(select(feed.c.last_entity)).scalar_one()
    for kind in dict.fromkeys(marks.split()[0] for marks, _ in said):
        of_kind = [each for each in said if each[0].split()[0] == kind]
        first = connection.execute(select(feed.c.last_entity)).scalar_one() + 1
        add_entities(connection, kind, len(of_kind), first)
        numbered = enumerate(of_kind, first)
        write_searchable(
            connection, {no: Searchable(marks, words) for no, (marks, words) in numbered}, ()
        )
    while sealed and last >= 0 and seal_rest(connection):
        pass
