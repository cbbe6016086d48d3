"""A city's feed over 20 days, synced once a day: exactly what is said comes of every day."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from aggregator.commands.replay import replay
from aggregator.house import House
from aggregator.runs import Outcome
from aggregator.settings import Settings
from tests.system.documents import RSS, rss
from tests.system.household import SOURCE, sync
from tests.system.publisher import Publisher, publishing
from tests.system.stories import Break, Day, Entry, add, drop, edit, nothing, play, reading, rename

FAR: Final = 40
"""What is no part of a turn lies so many days ahead, or more."""
ITEMS: Final = [
    Entry(uid=f"{number}", title=f"Termin {number}", day=FAR + number) for number in range(1, 21)
]
SOON: Final = [Entry(uid=f"9{day}", title=f"Bald {day}", day=day) for day in (3, 8)]
BORN: Final = datetime.fromisoformat("2026-03-01T08:00:00")
FIRST: Final = {entry.uid: entry for entry in (*ITEMS, *SOON)}
TITLES: Final = tuple(entry.title for entry in FIRST.values())
APPLIED: Final = Outcome.APPLIED
DAYS: Final = (
    Day("the feed is new", nothing, APPLIED, {"new": 22}, 22, TITLES),
    Day("nothing but its stamps", nothing, APPLIED, {"same": 22}, 22),
    Day(
        "a text is edited",
        edit("1", text="Bitte anmelden."),
        APPLIED,
        {"changed": 1, "same": 21},
        22,
        ("Termin 1",),
    ),
    Day(
        "one is called off by its title",
        edit("2", called_off=True),
        APPLIED,
        {"changed": 1, "same": 21},
        22,
        ("Termin 2",),
    ),
    Day(
        "it takes place after all",
        edit("2", called_off=False),
        APPLIED,
        {"changed": 1, "same": 21},
        22,
        ("Termin 2",),
    ),
    Day(
        "one is moved to another day",
        edit("4", day=FAR + 30),
        APPLIED,
        {"changed": 1, "same": 21},
        22,
        ("Termin 4",),
    ),
    Day("an empty feed", Break.EMPTY, Outcome.INCOMPLETE, {}, 22),
    Day("it is whole again", nothing, APPLIED, {"same": 22}, 22),
    Day("the feed is cut", Break.CUT, Outcome.INCOMPLETE, {"same": 10}, 22),
    Day("a page for logging in", Break.PAGE, Outcome.REFUSED, {}, 22),
    Day("the server fails", Break.FAILING, Outcome.REFUSED, {}, 22),
    Day("one leaves", drop("6"), APPLIED, {"same": 21, "missing": 1}, 22),
    Day("an empty feed, after one left", Break.EMPTY, Outcome.INCOMPLETE, {}, 22),
    Day(
        "it is still gone",
        nothing,
        APPLIED,
        {"same": 21, "withdrawn": 1},
        21,
        ("-Termin 6",),
    ),
    Day(
        "it comes back",
        add(FIRST["6"]),
        APPLIED,
        {"same": 21, "new": 1, "returned": 1},
        22,
        ("Termin 6",),
    ),
    Day("what is over falls out", drop("93", "98"), APPLIED, {"same": 20}, 22),
    Day("one leaves for a day", drop("7"), APPLIED, {"same": 19, "missing": 1}, 22),
    Day("and is back", add(FIRST["7"]), APPLIED, {"same": 20, "returned": 1}, 22),
    Day("an old one gets a new id", rename("8", to="8{}"), APPLIED, {"same": 20}, 22),
    Day("all get new ids", rename(to="5{}"), APPLIED, {"same": 20}, 22),
)
"""Whoever reads a feed of everything that is to come."""
LATEST: Final = (
    Day("the feed is new", nothing, APPLIED, {"new": 22}, 22, TITLES),
    Day("half of it", drop(*(f"{n}" for n in range(1, 12))), APPLIED, {"same": 11}, 22),
    Day("still half of it", edit("12", text="x"), APPLIED, {"changed": 1, "same": 10}, 22,
        ("Termin 12",)),
)  # fmt: skip
"""Whoever reads a feed of what was written last."""


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    """The city's server."""
    async with publishing(RSS) as running:
        yield running


@pytest.fixture
def listing() -> str:
    """What the feed names."""
    return "everything"


@pytest.fixture
def settings(database_setting: str, publisher: Publisher, tmp_path: Path, listing: str) -> Settings:
    """The configuration of a house that reads the feed."""
    said: dict[str, Any] = {"items": "events", "dates": "published", "listing": listing}
    return reading(database_setting, tmp_path, "feed", {"url": publisher.address, **said})


async def test_every_day_brings_exactly_what_is_said(house: House, publisher: Publisher) -> None:
    reader = await play(house, publisher, DAYS, FIRST, rss)
    assert reader.entry("Termin 2")["status"] == "scheduled"


@pytest.mark.parametrize("listing", ["latest"])
async def test_a_feed_of_the_latest_removes_nothing(house: House, publisher: Publisher) -> None:
    await play(house, publisher, LATEST, FIRST, rss)


@pytest.mark.parametrize("listing", ["latest", "everything"])
async def test_a_feed_is_asked_whole_once(house: House, publisher: Publisher) -> None:
    publisher.etag = '"7"'
    publisher.say(rss(FIRST, BORN, BORN))
    outcomes = [(await sync(house)).outcome for _ in range(3)]
    assert outcomes == [Outcome.APPLIED, Outcome.UNCHANGED, Outcome.UNCHANGED]
    assert publisher.conditions == [None, '"7"', '"7"']
    assert (await replay(house, SOURCE, say=lambda _: None)).outcome is Outcome.APPLIED
    assert (await sync(house)).outcome is Outcome.UNCHANGED
