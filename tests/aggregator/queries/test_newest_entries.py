"""Entries for pages, and what is kept about all of them."""

from aggregator.queries import Database
from aggregator.queries.entities import newest_entries
from aggregator.queries.feed import live_counts
from tests.api.seeding import add_entities, changed_at, identity, remove, touch


def test_the_newest_entries_come_with_their_documents(database: Database) -> None:
    database.write_now(add_entities, "organisation", 2)
    database.write_now(add_entities, "offer", 5)
    change = database.write_now(touch, "offer", 2, status="filled")
    database.write_now(remove, "offer", 5, "withdrawn")
    newest = database.read_now(newest_entries, "offer", 2)
    assert [entry.id for entry in newest] == [identity("offer", 2), identity("offer", 4)]
    assert newest[0].document["status"] == "filled"
    assert newest[0].modified == changed_at(change)


def test_live_entries_are_counted_by_kind(database: Database) -> None:
    database.write_now(add_entities, "organisation", 2)
    database.write_now(add_entities, "offer", 5)
    database.write_now(remove, "offer", 5, "erased")
    assert database.read_now(live_counts) == {"organisation": 2, "offer": 4}
