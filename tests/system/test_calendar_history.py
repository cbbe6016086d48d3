"""A club's calendar over 25 days, synced once a day: exactly what is said comes of every day."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from aggregator.house import House
from aggregator.runs import Outcome
from aggregator.settings import Settings
from tests.system.documents import CALENDAR, FROM_HERE_ON, UNNAMED, calendar
from tests.system.publisher import Publisher, publishing
from tests.system.stories import Break, Day, Entry, add, drop, edit, nothing, play, reading, rename

FAR: Final = 40
"""What is no part of a turn lies so many days ahead, or more."""
SINGLES: Final = [
    Entry(uid=f"{number}@verein.example", title=f"Termin {number}", day=FAR + number)
    for number in range(1, 21)
]
SOON: Final = [
    Entry(uid=f"soon-{day}@verein.example", title=f"Bald {day}", day=day) for day in (4, 9)
]
SERIES: Final = Entry(
    uid="treff@verein.example", title="Treff", day=1, series=("RRULE:FREQ=WEEKLY",)
)
DATED: Final = Entry(uid="fest-<start>@verein.example", title="Fest", day=FAR)
"""Its UID holds its date."""
NAMELESS: Final = Entry(uid=UNNAMED, title="Ohne Namen", day=FAR)
FIRST: Final = {entry.uid: entry for entry in (*SINGLES, *SOON, SERIES, DATED, NAMELESS)}
DOUBTED: Final = tuple(
    entry.title for entry in FIRST.values() if entry not in {*SINGLES[:3], SOON[0]}
)
"""What is marked as doubtful when three are left: all others that are not over."""
TITLES: Final = tuple(entry.title for entry in FIRST.values())


def uid(number: int) -> str:
    """The id of a single event."""
    return f"{number}@verein.example"


APPLIED: Final = Outcome.APPLIED
DAYS: Final = (
    Day("the calendar is new", nothing, APPLIED, {"new": 25}, 25, TITLES),
    Day("nothing but its stamps", nothing, APPLIED, {"same": 25}, 25),
    Day(
        "a text is edited",
        edit(uid(1), text="Bitte anmelden."),
        APPLIED,
        {"changed": 1, "same": 24},
        25,
        ("Termin 1",),
    ),
    Day(
        "one is called off by its status",
        edit(uid(2), called_off=True, sequence=1),
        APPLIED,
        {"changed": 1, "same": 24},
        25,
        ("Termin 2",),
    ),
    Day(
        "one is called off by its title",
        edit(uid(3), title="ABGESAGT: Termin 3"),
        APPLIED,
        {"changed": 1, "same": 24},
        25,
        ("Termin 3",),
    ),
    Day(
        "one is moved to another day",
        edit(uid(4), day=FAR + 30, sequence=1),
        APPLIED,
        {"changed": 1, "same": 24},
        25,
        ("Termin 4",),
    ),
    Day(
        "an old one gets a new UID",
        rename(uid(5), to="neu-{}"),
        APPLIED,
        {"same": 25},
        25,
    ),
    Day(
        "one whose UID holds its date is moved",
        edit(DATED.uid, day=FAR + 3),
        APPLIED,
        {"changed": 1, "same": 24},
        25,
        ("Fest",),
    ),
    Day(
        "one without a UID is edited",
        edit(UNNAMED, text="Bitte anmelden."),
        APPLIED,
        {"changed": 1, "same": 24},
        25,
        ("Ohne Namen",),
    ),
    Day("a calendar of three", Break.SHRUNK, Outcome.HELD, {"same": 3}, 25, DOUBTED),
    Day("it is whole again", nothing, APPLIED, {"same": 25}, 25, DOUBTED),
    Day("an empty calendar", Break.EMPTY, Outcome.INCOMPLETE, {}, 25),
    Day("again", Break.EMPTY, Outcome.INCOMPLETE, {}, 25),
    Day("it is whole again", nothing, APPLIED, {"same": 25}, 25),
    Day("the calendar is cut", Break.CUT, Outcome.INCOMPLETE, {"same": 12}, 25),
    Day("a page for logging in", Break.PAGE, Outcome.REFUSED, {}, 25),
    Day("the server fails", Break.FAILING, Outcome.REFUSED, {}, 25),
    Day("one leaves", drop(uid(6)), APPLIED, {"same": 24, "missing": 1}, 25),
    Day(
        "it is still gone",
        nothing,
        APPLIED,
        {"same": 24, "withdrawn": 1},
        24,
        ("-Termin 6",),
    ),
    Day(
        "it comes back",
        add(FIRST[uid(6)]),
        APPLIED,
        {"same": 24, "new": 1, "returned": 1},
        25,
        ("Termin 6",),
    ),
    Day(
        "what is over falls out",
        drop("soon-4@verein.example", "soon-9@verein.example"),
        APPLIED,
        {"same": 23},
        25,
    ),
    Day(
        "an occasion is left out",
        edit(SERIES.uid, series=(*SERIES.series, "EXDATE{22}")),
        APPLIED,
        {"changed": 1, "same": 22},
        25,
        ("Treff",),
    ),
    Day(
        "an occasion is an hour later",
        edit(SERIES.uid, overrides=((29, ("DTSTART{29+1}", "DTEND{29+3}")),)),
        APPLIED,
        {"changed": 1, "same": 22},
        25,
        ("Treff",),
    ),
    Day(
        "that occasion is called off",
        edit(SERIES.uid, overrides=((29, ("STATUS:CANCELLED",)),)),
        APPLIED,
        {"changed": 1, "same": 22},
        25,
        ("Treff",),
    ),
    Day(
        "it takes place after all",
        edit(SERIES.uid, overrides=()),
        APPLIED,
        {"changed": 1, "same": 22},
        25,
        ("Treff",),
    ),
    Day(
        "from an occasion on it is elsewhere",
        edit(SERIES.uid, overrides=((36, (FROM_HERE_ON, "SUMMARY:Treff im Hof")),)),
        APPLIED,
        {"new": 1, "same": 22},
        26,
        ("Treff", "Treff im Hof"),
    ),
    Day("two come", add(*(replace(SINGLES[0], uid=f"n{n}", title=f"Neu {n}") for n in (1, 2))),
        APPLIED, {"new": 2, "same": 23}, 28, ("Neu 1", "Neu 2")),
    Day("all get new UIDs", rename(to="ganz-neu-{}"), APPLIED, {"same": 25}, 28),
    Day("and again", rename(to="{}-wieder"), APPLIED, {"same": 25}, 28),
)  # fmt: skip


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    """The club's server."""
    async with publishing(CALENDAR) as running:
        yield running


@pytest.fixture
def settings(database_setting: str, publisher: Publisher, tmp_path: Path) -> Settings:
    """The configuration of a house that reads the calendar."""
    return reading(database_setting, tmp_path, "ical", {"url": publisher.address})


async def test_every_day_brings_exactly_what_is_said(house: House, publisher: Publisher) -> None:
    reader = await play(house, publisher, DAYS, FIRST, calendar)
    assert reader.entry("Termin 2")["status"] == reader.entry("Termin 3")["status"] == "cancelled"
    assert "recurrence" in reader.entry("Treff")
