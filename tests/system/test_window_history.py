"""A calendar that lists the next ten days only: moving on is no news, a gap is."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from aggregator.house import House
from aggregator.runs import Outcome
from aggregator.settings import Settings
from tests.system.documents import CALENDAR, calendar
from tests.system.publisher import Publisher, publishing
from tests.system.stories import Break, Change, Day, Entry, Listing, play, reading

GAP: Final = 8
"""The day whose event is taken out of the calendar before it comes."""
EVENTS: Final = {day: Entry(uid=f"w{day}", title=f"Tag {day}", day=day) for day in range(40)}


def window(first: int, last: int, without: int | None = None) -> Change:
    """The calendar lists what takes place from one day to another."""

    def change(listing: Listing) -> Listing:
        del listing
        days = (day for day in range(first, last + 1) if day != without)
        return {EVENTS[day].uid: EVENTS[day] for day in days}

    return change


APPLIED: Final = Outcome.APPLIED
DAYS: Final = (
    Day(
        "ten days are new",
        window(0, 9),
        APPLIED,
        {"new": 10},
        10,
        tuple(f"Tag {day}" for day in range(10)),
    ),
    Day("it moves on", window(1, 10), APPLIED, {"new": 1, "same": 9}, 11, ("Tag 10",)),
    Day("and on", window(2, 11), APPLIED, {"new": 1, "same": 9}, 12, ("Tag 11",)),
    Day(
        "one in the middle is taken out",
        window(3, 12, GAP),
        APPLIED,
        {"new": 1, "same": 8, "missing": 1},
        13,
        ("Tag 12",),
    ),
    Day(
        "it is still out",
        window(4, 13, GAP),
        APPLIED,
        {"new": 1, "same": 8, "withdrawn": 1},
        13,
        ("-Tag 8", "Tag 13"),
    ),
    Day("only four days are listed", window(5, 8, GAP), APPLIED, {"same": 3}, 13),
    Day(
        "ten days again",
        window(6, 15, GAP),
        APPLIED,
        {"new": 2, "same": 7},
        15,
        ("Tag 14", "Tag 15"),
    ),
    Day(
        "it begins the day after tomorrow",
        window(9, 17),
        APPLIED,
        {"new": 2, "same": 7},
        17,
        ("Tag 16", "Tag 17"),
    ),
    Day("it is empty", Break.EMPTY, Outcome.INCOMPLETE, {}, 17),
    Day("it is cut", Break.CUT, Outcome.INCOMPLETE, {"same": 4}, 17),
    Day(
        "it moves on, ten days later",
        window(10, 19),
        APPLIED,
        {"new": 2, "same": 8},
        19,
        ("Tag 18", "Tag 19"),
    ),
)


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    """The calendar's server."""
    async with publishing(CALENDAR) as running:
        yield running


@pytest.fixture
def settings(database_setting: str, publisher: Publisher, tmp_path: Path) -> Settings:
    """The configuration of a house that reads a calendar of some days."""
    said = {"url": publisher.address, "listing": "window"}
    return reading(database_setting, tmp_path, "ical", said)


async def test_every_day_brings_exactly_what_is_said(house: House, publisher: Publisher) -> None:
    await play(house, publisher, DAYS, {}, calendar)
