"""What syncs of many calendars or feeds cost, as a ratio to the bare library's parse.

uv run python -m benchmarks.streams [--sources 100] [--entries 100] [--big 10000]
                                    [--database sqlite|postgresql|URL]

Each row is the whole chain over all sources, as many at a time as a worker runs: fetching from
another process on loopback, sandbox, deciding, applying. The ceiling, `icalendar` or
`feedparser` parsing the same bytes and doing nothing else, is taken in this run.
"""

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from aggregator.commands.sync import sync_source
from aggregator.house import House, open_house
from aggregator.settings import FetchSettings, ServiceSettings, Settings, SourceSettings
from benchmarks.files import files
from benchmarks.measuring import Ceiling, Peak, in_rounds, watched
from benchmarks.programmes import Making, calendar, feed
from benchmarks.sync import database


@dataclass(frozen=True, slots=True)
class Stream:
    """One format: how its documents are made, which connector reads them, what the ceiling is."""

    name: str
    make: Callable[[Making], bytes]
    connector: str
    settings: dict[str, Any]
    parse: Callable[[list[bytes]], None]


def parse_calendars(documents: list[bytes]) -> None:
    """The bare library over all of them."""
    from icalendar import Calendar

    for document in documents:
        Calendar.from_ical(document)


def parse_feeds(documents: list[bytes]) -> None:
    """The bare library over all of them."""
    import feedparser

    for document in documents:
        feedparser.parse(document)


STREAMS: Final = (
    Stream("calendars", calendar, "ical", {}, parse_calendars),
    Stream("feeds", feed, "feed", {"items": "events"}, parse_feeds),
)


@dataclass(frozen=True, slots=True)
class Bench:
    """An open house over a folder of documents, one for each source."""

    house: House
    folder: Path
    stream: Stream
    sender: int

    def write(self, makings: list[Making]) -> list[bytes]:
        """Put new documents up."""
        documents = [self.stream.make(making) for making in makings]
        for number, document in enumerate(documents):
            (self.folder / f"{number}.doc").write_bytes(document)
        return documents

    async def row(self, name: str, ceiling: Ceiling) -> None:
        """Visit every source once, and print what it took."""
        began = perf_counter()
        limit = asyncio.Semaphore(self.house.settings.fetch.parallel)
        with watched(without=self.sender) as peak:
            runs = (self._visit(source.id, limit) for source in self.house.settings.sources)
            counts = sum(await asyncio.gather(*runs), Counter[str]())
        print(_line(name, perf_counter() - began, ceiling, peak, counts), flush=True)

    async def _visit(self, source: str, limit: asyncio.Semaphore) -> Counter[str]:
        async with limit:
            report = await sync_source(self.house, source, progress=lambda _: None)
        counts = report.counts
        return Counter(
            {
                report.outcome.value: 1,
                "new": counts.new,
                "changed": counts.changed,
                "bad": counts.quarantined,
            }
        )


def _line(name: str, seconds: float, ceiling: Ceiling, peak: Peak, counts: Counter[str]) -> str:
    said = ", ".join(f"{n:,} {what}" for what, n in counts.items() if n)
    return (
        f"{name:<38} {seconds:7.2f} s = {ceiling.seconds / seconds:7.3f} of bare parsing's speed"
        f" ({ceiling.seconds:.2f} s)  computing {peak.computing:6.2f} s"
        f" = {ceiling.computing / max(peak.computing, 0.01):7.3f}"
        f"  +{peak.above_idle:4.0f} MiB  {said}"
    )


async def measure(bench: Bench, makings: list[Making], size: str) -> None:
    """First visit, the same bytes, other bytes that say the same, and one change."""
    steps: tuple[tuple[str, dict[str, Any] | None], ...] = (
        ("first", {}),
        ("same bytes", None),
        ("changed bytes, same entries", {"remark": "b"}),
        ("one entry changed", {"remark": "c", "edited": 1}),
    )
    ceiling = Ceiling(0.0, 0.0)
    for name, changes in steps:
        if changes is not None:
            documents = bench.write([_with(making, changes) for making in makings])
            ceiling = in_rounds(bench.stream.parse, documents)
        await bench.row(f"{size}, {name}", ceiling)


def _with(making: Making, changes: dict[str, Any]) -> Making:
    return Making(making.entries, changes.get("edited", 0), changes.get("remark", ""), making.seed)


def settings(folder: Path, url: str, base: str, stream: Stream, sources: int) -> Settings:
    """As many sources as there are documents."""
    return Settings(
        service=ServiceSettings(database=url, data=str(folder)),
        fetch=FetchSettings(allow_loopback=True),
        sources=tuple(
            SourceSettings(
                id=f"{stream.name}-{number}",
                connector=stream.connector,
                settings={"url": f"{base}{number}.doc", **stream.settings},
            )
            for number in range(sources)
        ),
    )


async def run(kind: str, stream: Stream, makings: list[Making]) -> None:
    """One stream on one kind of database."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with database(kind, folder) as url, files(folder) as (base, sender):
            opened = settings(folder, url, base, stream, len(makings))
            async with open_house(opened) as house:
                await house.sandbox.prewarm(stream.connector)
                entries = makings[0].entries
                size = f"{len(makings)} × {entries:,} {stream.name}"
                await measure(Bench(house, folder, stream, sender), makings, size)


def main() -> None:
    """Parse the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=100)
    parser.add_argument("--entries", type=int, default=100)
    parser.add_argument("--big", type=int, default=10_000)
    parser.add_argument("--database", default="sqlite")
    given = parser.parse_args()
    many = [Making(given.entries, seed=number) for number in range(given.sources)]
    print(f"\n{given.database}", flush=True)
    for stream in STREAMS:
        asyncio.run(run(given.database, stream, many))
    if given.big:
        asyncio.run(run(given.database, STREAMS[0], [Making(given.big)]))


if __name__ == "__main__":
    main()
