"""What the fake city's calendars plan, as it stands in a data file. No dates yet, no formats."""

import tomllib
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).parent / "data" / "programme.toml"
ROUND: Final = 56
"""After so many days everything that is no series comes again."""
CITY: Final = "Musterstadt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something happens. Not every place of the city has been measured."""

    name: str
    street: str
    postal_code: str
    lat: float | None = None
    lon: float | None = None

    @property
    def address(self) -> str:
        """The place in one line."""
        return f"{self.name}, {self.street}, {self.postal_code} {CITY}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """Something planned: `minutes` long from `at` on, or for whole `days`."""

    number: int
    calendar: str
    title: str
    text: str
    place: Place
    words: tuple[str, ...]
    day: int = 0
    """Days after a Monday, below `ROUND`."""
    at: time | None = None
    """Wall time in the city; None: whole days."""
    minutes: int = 0
    days: int = 0
    every: str | None = None
    """`week`, `fortnight` or `month` for a series."""


@cache
def ideas(calendar: str) -> tuple[Idea, ...]:
    """What a calendar plans, in the order of the file."""
    return _listed("idea", calendar)


@cache
def spontaneous(calendar: str) -> Idea:
    """What a calendar now and then announces at short notice."""
    return _listed("spontaneous", calendar)[0]


def _listed(table: str, calendar: str) -> tuple[Idea, ...]:
    data = _data()
    places = {key: Place(**said) for key, said in data["place"].items()}
    return tuple(
        Idea(**said | {"place": places[said["place"]], "words": tuple(said["words"])})
        for said in data[table]
        if said["calendar"] == calendar
    )


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))
