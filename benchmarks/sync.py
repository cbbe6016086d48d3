"""What a sync of a big volunteer list costs, as a ratio to parsing it and doing nothing else.

uv run python -m benchmarks.sync [--offers 30030] [--database sqlite|postgresql|URL]

The list is sent by another process on loopback. Each row is a run of the whole chain: fetching,
sandbox, deciding, applying in chunks. The ceiling, bare parsing to dicts, is taken in this run.
"""

import argparse
import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aggregator.commands.sync import sync_source
from aggregator.house import House, open_house
from aggregator.runs import Report
from aggregator.settings import FetchSettings, ServiceSettings, Settings, SourceSettings
from benchmarks.lists import Making, make_list
from benchmarks.measuring import Ceiling, Peak, bare_parse, watched
from benchmarks.upstream import upstream
from tests.postgres import server

TWIN = 429
KEY = "ALLMENDE_BENCHMARK_KEY"


@dataclass(frozen=True, slots=True)
class Row:
    """One measured run."""

    name: str
    report: Report
    peak: Peak
    ceiling: Ceiling

    def line(self) -> str:
        """What stands in the table."""
        report = self.report
        counts = f"{report.counts.new:,} new, {report.counts.changed:,} changed"
        own = report.seconds - report.stages.get("fetch", 0.0)
        return (
            f"{self.name:<34} {report.outcome:<10} {report.seconds:7.2f} s  without fetching"
            f" {own:6.2f} s = {self.ceiling.seconds / own:6.3f} of bare parsing's speed"
            f"  computing {self.peak.computing:6.2f} s"
            f" = {self.ceiling.computing / max(self.peak.computing, 0.01):6.3f}"
            f"  +{self.peak.above_idle:4.0f} MiB  {counts}"
        )

    def stages(self) -> str:
        """Seconds by stage."""
        parts = (f"{name} {seconds:.2f}" for name, seconds in self.report.stages.items())
        return f"    {' · '.join(parts)}"


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database of this kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'allmende.db'}"
    elif kind == "postgresql":
        with server(folder / "postgresql") as admin:
            plain = admin.set(drivername="postgresql")
            yield plain.render_as_string(hide_password=False)
    else:
        yield kind


def settings(folder: Path, url: str, base_url: str, offers: int) -> Settings:
    """One source: the big list."""
    os.environ[KEY] = "benchmark"
    source = SourceSettings(
        id="benchmark",
        connector="freinet",
        settings={
            "base_url": base_url,
            "agency": 177,
            "key": f"env:{KEY}",
            "limit": offers + 1000,
        },
    )
    return Settings(
        service=ServiceSettings(database=url, data=str(folder)),
        fetch=FetchSettings(allow_loopback=True),
        sources=(source,),
    )


async def measure(house: House, folder: Path, copies: int, sender: int) -> list[Row]:
    """All rows, in the order in which each finds what the one before left."""
    one_percent = copies * TWIN // 100
    steps = [
        ("first", Making(copies), None),
        ("same bytes", None, None),
        ("same bytes, ETag learnt", Making(copies, remark="a"), '"1"'),
        ("304", None, '"1"'),
        ("changed bytes, same records", Making(copies, remark="b"), '"2"'),
        ("1 % changed", Making(copies, one_percent, "c"), '"3"'),
    ]
    rows = []
    for name, making, etag in steps:
        if making is not None:
            (folder / "list.xml").write_bytes(make_list(making))
        if etag is not None:
            (folder / "etag").write_text(etag)
        ceiling = bare_parse(folder / "list.xml")
        with watched(without=sender) as peak:
            report = await sync_source(house, "benchmark", progress=lambda _: None)
        rows.append(Row(name, report, peak, ceiling))
        print(rows[-1].line(), rows[-1].stages(), sep="\n", flush=True)
    return rows


async def run(kind: str, copies: int) -> None:
    """Measure on one kind of database."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "list.xml").write_bytes(make_list(Making(copies)))
        with database(kind, folder) as url, upstream(folder) as (base_url, sender):
            async with open_house(settings(folder, url, base_url, copies * TWIN)) as house:
                await house.sandbox.prewarm("freinet")
                print(f"\n{kind}: {copies * TWIN:,} offers", flush=True)
                await measure(house, folder, copies, sender)


def main() -> None:
    """Parse the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=30_030)
    parser.add_argument("--database", default="sqlite")
    given = parser.parse_args()
    asyncio.run(run(given.database, max(1, given.offers // TWIN)))


if __name__ == "__main__":
    main()
