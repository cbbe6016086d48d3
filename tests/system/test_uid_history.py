"""A calendar whose UIDs do not last, day by day: who is whom, and when nobody can tell."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from aggregator.house import House
from aggregator.runs import Outcome
from aggregator.settings import Settings
from tests.system.documents import CALENDAR, calendar
from tests.system.publisher import Publisher, publishing
from tests.system.stories import (
    Break,
    Change,
    Day,
    Entry,
    Listing,
    add,
    drop,
    edit,
    nothing,
    play,
    reading,
    rename,
)

FAR: Final = 40
SINGLES: Final = [Entry(uid=f"u{n}", title=f"Termin {n}", day=FAR + n) for n in range(1, 11)]
TWINS: Final = [Entry(uid=f"twin-{n}", title="Zwilling", day=FAR) for n in (1, 2)]
SERIES: Final = Entry(uid="treff", title="Treff", day=1, series=("RRULE:FREQ=WEEKLY",))
DATED: Final = [
    Entry(uid=f"kurs-{n}-<start>", title=f"Kurs {n}", day=FAR + n, text="Kurs") for n in (1, 2)
]
FIRST: Final = {entry.uid: entry for entry in (*SINGLES, *TWINS, SERIES, *DATED)}
TITLES: Final = tuple(entry.title for entry in FIRST.values())
APPLIED: Final = Outcome.APPLIED


def both(*changes: Change) -> Change:
    """Several things happen on one day."""

    def change(listing: Listing) -> Listing:
        for each in changes:
            listing = each(listing)
        return listing

    return change


DAYS: Final = (
    Day("the calendar is new", nothing, APPLIED, {"new": 15}, 15, TITLES),
    Day("all get new UIDs", rename(to="a-{}"), APPLIED, {"same": 15}, 15),
    Day(
        "all get new UIDs, and one says more",
        both(rename(to="b-{}"), edit("u1", text="Bitte anmelden.")),
        APPLIED,
        {"changed": 1, "same": 14},
        15,
        ("Termin 1",),
    ),
    Day(
        "all get new UIDs, and one is called off",
        both(rename(to="c-{}"), edit("u2", called_off=True)),
        APPLIED,
        {"changed": 1, "same": 14},
        15,
        ("Termin 2",),
    ),
    Day(
        "all get new UIDs, and one is moved: it cannot be known",
        both(rename(to="d-{}"), edit("u3", day=FAR + 20)),
        APPLIED,
        {"new": 1, "same": 14, "missing": 1},
        16,
        ("Termin 3",),
    ),
    Day(
        "what it was is gone the day after",
        rename(to="e-{}"),
        APPLIED,
        {"same": 15, "withdrawn": 1},
        15,
        ("-Termin 3",),
    ),
    Day("an empty calendar", Break.EMPTY, Outcome.INCOMPLETE, {}, 15),
    Day(
        "the series gets a new UID and an exception",
        edit("treff", uid="neu", series=(*SERIES.series, "EXDATE{15}")),
        APPLIED,
        {"changed": 1, "same": 14},
        15,
        ("Treff",),
    ),
    Day(
        "one of two that are alike leaves, both under new UIDs: nobody can tell which",
        both(rename(to="f-{}"), drop("twin-1")),
        APPLIED,
        {"new": 1, "same": 13, "missing": 2},
        16,
        ("Zwilling",),
    ),
    Day(
        "and a day later only one is left",
        nothing,
        APPLIED,
        {"same": 14, "withdrawn": 2},
        14,
        ("-Zwilling", "-Zwilling"),
    ),
    Day(
        "one that was called off is taken out",
        drop("u2"),
        APPLIED,
        {"same": 13, "missing": 1},
        14,
    ),
    Day("which is so", nothing, APPLIED, {"same": 13, "withdrawn": 1}, 13, ("-Termin 2",)),
    Day(
        "a UID is used for something else",
        edit("u4", title="Ganz anderes", day=FAR + 25),
        APPLIED,
        {"changed": 1, "same": 12},
        13,
        ("Ganz anderes",),
    ),
    Day(
        "the series ends, and another one comes",
        both(drop("treff"), add(Entry(uid="chor", title="Chor", day=14, series=SERIES.series))),
        APPLIED,
        {"new": 1, "same": 12, "missing": 1},
        14,
        ("Chor",),
    ),
    Day("which is so", nothing, APPLIED, {"same": 13, "withdrawn": 1}, 13, ("-Treff",)),
    Day(
        "those whose UIDs hold their dates are moved",
        both(edit("kurs-1-<start>", day=FAR + 6), edit("kurs-2-<start>", day=FAR + 5)),
        APPLIED,
        {"changed": 2, "same": 11},
        13,
        ("Kurs 1", "Kurs 2"),
    ),
)


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    """The calendar's server."""
    async with publishing(CALENDAR) as running:
        yield running


@pytest.fixture
def settings(database_setting: str, publisher: Publisher, tmp_path: Path) -> Settings:
    """The configuration of a house that reads the calendar."""
    return reading(database_setting, tmp_path, "ical", {"url": publisher.address})


async def test_every_day_brings_exactly_what_is_said(house: House, publisher: Publisher) -> None:
    await play(house, publisher, DAYS, FIRST, calendar)
