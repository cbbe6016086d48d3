"""Stories of a source: what happens there day by day, and exactly what must come of it here.

A day says what the publisher changes or how it breaks, and what the run of that day must bring:
its outcome, its counts, how much is public afterwards, and what the change feed tells of it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from aggregator.house import House
from aggregator.queries.changes import read_changes
from aggregator.runs import Outcome, Report
from aggregator.settings import FetchSettings, ServiceSettings, Settings, SourceSettings
from aggregator.store.pages import open_pages
from aggregator.store.tables import feed
from tests.postgres import PUBLIC_URL
from tests.system.household import DAY, SOURCE, later, live, rows, sound, sync
from tests.system.publisher import Publisher

ZONE: Final = ZoneInfo("Europe/Berlin")
LEFT: Final = 3
"""So many entries are left of a document that shrank."""
PAGE: Final = "<!DOCTYPE html><html><title>Login</title><form><input type=password></form></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a publisher lists: `day` days after the story's beginning, for two hours."""

    uid: str
    title: str
    day: int
    text: str = "Alle sind willkommen."
    place: str = "Rathaus"
    called_off: bool = False
    sequence: int = 0
    series: tuple[str, ...] = ()
    """Further lines, where it comes again."""
    overrides: tuple[tuple[int, tuple[str, ...]], ...] = ()
    """Days of occasions that are otherwise, and lines that say how."""


Listing = Mapping[str, Entry]
Change = Callable[[Listing], Listing]
Write = Callable[[Listing, datetime, datetime], bytes]
"""Writes a listing as a document: the story's beginning and what time it is, in wall time."""


class Break(Enum):
    """How a publisher breaks for a day."""

    EMPTY = auto()
    SHRUNK = auto()
    CUT = auto()
    PAGE = auto()
    FAILING = auto()


def nothing(listing: Listing) -> Listing:
    """Nothing changes but the stamps."""
    return listing


def edit(key: str, /, **changes: Any) -> Change:
    """An entry says something else."""

    def change(listing: Listing) -> Listing:
        return {**listing, key: replace(listing[key], **changes)}

    return change


def rename(*uids: str, to: str) -> Change:
    """Entries get other ids and say the same."""

    def change(listing: Listing) -> Listing:
        return {
            key: replace(entry, uid=to.format(entry.uid)) if key in uids or not uids else entry
            for key, entry in listing.items()
        }

    return change


def drop(*uids: str) -> Change:
    """Entries are not listed any more."""
    return lambda listing: {uid: entry for uid, entry in listing.items() if uid not in uids}


def add(*entries: Entry) -> Change:
    """Entries come, first of all."""
    return lambda listing: {**{entry.uid: entry for entry in entries}, **listing}


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `counts` names what is not nought, `found` aside; `feed` are the titles of what
    the change feed brings, with a minus before what is gone."""

    what: str
    change: Change | Break
    outcome: Outcome
    counts: Mapping[str, int]
    public: int
    feed: tuple[str, ...] = ()


@dataclass(slots=True)
class Reader:
    """Whoever follows the change feed, and what they hold."""

    house: House
    after: int = 0
    held: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def news(self) -> list[str]:
        """The titles of what is new, with a minus before what is gone, sorted."""
        async with open_pages(self.house.database) as pages:
            changes = await read_changes(pages, self.after, 1_000)
        told = []
        for number, body in zip(changes.numbers, changes.documents, strict=True):
            self.after = number
            if body is None:
                told.append(f"-{_title(self.held.pop(changes.gone[number].id))}")
            else:
                said = orjson.loads(body)
                self.held[said["id"]] = said
                told.append(_title(said))
        return sorted(told)

    def entry(self, title: str) -> dict[str, Any]:
        """What is held under a title."""
        (found,) = (one for one in self.held.values() if _title(one) == title)
        return found


def _title(document: dict[str, Any]) -> str:
    title: str = document["title"]["de"]
    return title


def reading(database: str, folder: Path, connector: str, said: dict[str, Any]) -> Settings:
    """The configuration of a house whose only source is the publisher."""
    return Settings(
        service=ServiceSettings(public_url=PUBLIC_URL, database=database, data=str(folder)),
        fetch=FetchSettings(allow_loopback=True),
        sources=(SourceSettings(id=SOURCE, connector=connector, settings=said),),
    )


async def play(
    house: House, publisher: Publisher, days: Iterable[Day], first: Listing, write: Write
) -> Reader:
    """Live through the days. Fails at the first day of which something else came."""
    born = _now(house)
    reader, listing = Reader(house), first
    for number, day in enumerate(days):
        if not isinstance(day.change, Break):
            listing = day.change(listing)
        _publish(publisher, day.change, listing, lambda some: write(some, born, _now(house)))
        before = rows(house, feed)[0].head
        report = await sync(house)
        news = await reader.news()
        today = f"day {number}: {day.what}"
        told = (report.outcome, _counts(report), live(house).get("event", 0), news)
        wanted = (day.outcome, dict(day.counts), day.public, sorted(day.feed))
        assert told == wanted, f"{today}: {told}, not {wanted}; findings: {report.findings}"
        assert rows(house, feed)[0].head - before == len(news), today
        assert report.counts.add_up()
        later(house, DAY)
    assert sound(house)
    return reader


def _publish(
    publisher: Publisher, change: object, listing: Listing, write: Callable[[Listing], bytes]
) -> None:
    match change:
        case Break.EMPTY:
            publisher.say(write({}))
        case Break.SHRUNK:
            publisher.say(write(dict(list(listing.items())[:LEFT])))
        case Break.CUT:
            whole = write(listing)
            publisher.say(whole[: len(whole) // 2])
        case Break.PAGE:
            publisher.fail(200, PAGE)
        case Break.FAILING:
            publisher.fail(503, PAGE)
        case _:
            publisher.say(write(listing))


def _now(house: House) -> datetime:
    """The house's time as a wall clock in the publisher's city shows it."""
    now = house.database.read_now(house.clock.now)
    return now.astimezone(ZONE).replace(tzinfo=None, microsecond=0)


def _counts(report: Report) -> dict[str, int]:
    counts = report.counts.as_dict()
    return {name: count for name, count in counts.items() if count and name != "found"}


def start_of(entry: Entry, born: datetime, day: int | None = None) -> datetime:
    """When an entry, or its occasion on another day, begins: in the hour of the beginning."""
    first = born.replace(minute=0, second=0) + timedelta(hours=1)
    return first + timedelta(days=entry.day if day is None else day)
