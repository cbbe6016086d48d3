"""A body cut at every point, in four formats: nothing is withdrawn, no run is called complete.

python -m tests.torture.cuts [--n 1000] [--database sqlite|postgresql|URL]

Each format's source is synced whole, then with its body cut at N points: once with the whole
body's length declared, once without any; a day passes between two syncs. Exit code 1 on any
violation.
"""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import monotonic

import orjson
from sqlalchemy import func, select

from aggregator.commands.sync import sync_source
from aggregator.house import House, open_house
from aggregator.settings import FetchSettings, ServiceSettings, Settings, SourceSettings
from aggregator.store.tables import entity, source
from aggregator.working.clock import ShiftedClock
from tests.system.publishing import empty_database
from tests.torture.formats import offered
from tests.upstreams.faults import Script, Upstream, answer, serving

RECORDS = 30
DAY = timedelta(days=1)
RAN = frozenset({"incomplete", "refused"})
"""What a run over a cut body may end as."""


def bodies() -> dict[str, bytes]:
    """One small listing in every format."""
    numbers = range(1, RECORDS + 1)
    xml = "".join(
        f'<angebot angebotsId="{n}"><angebotsname>Bäume gießen {n}</angebotsname>'
        "<beschreibung>Montags &amp; freitags im Park.</beschreibung></angebot>\n"
        for n in numbers
    )
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}@stadt.example\r\nSUMMARY:Bäume gießen {n}\r\nEND:VEVENT\r\n"
        for n in numbers
    )
    items = "".join(
        f"<item><guid>{n}</guid><title>Bäume gießen {n}</title></item>\n" for n in numbers
    )
    records = [{"id": n, "title": f"Bäume gießen {n}"} for n in numbers]
    return {
        "freinet": f"<angebotsliste>\n{xml}</angebotsliste>".encode(),
        "Json": orjson.dumps({"records": records}),
        "Calendar": f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR".encode(),
        "Feed": f'<rss version="2.0"><channel>\n{items}</channel></rss>'.encode(),
    }


def cut_points(body: bytes, count: int) -> list[int]:
    """Up to `count` lengths, spread over all that are shorter than the body."""
    return sorted({len(body) * number // count for number in range(count)} | {len(body) - 1})


@dataclass(slots=True)
class Tally:
    """What happened, and what went wrong."""

    cuts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def tell(self) -> str:
        """All of it in a few lines."""
        cuts = ", ".join(f"{n} × {name}" for name, n in sorted(self.cuts.items()))
        ended = ", ".join(f"{n} {outcome}" for outcome, n in sorted(self.outcomes.items()))
        lines = [f"{cuts}: {ended}; {len(self.violations)} violations", *self.violations[:20]]
        return "\n".join(lines)


class Served:
    """What every address answers now."""

    def __init__(self) -> None:
        self.script: Script = answer()

    async def __call__(self, writer: asyncio.StreamWriter) -> None:
        await self.script(writer)


@dataclass(slots=True)
class Driver:
    """Cuts one house's sources."""

    house: House
    clock: ShiftedClock
    served: Served
    tally: Tally = field(default_factory=Tally)

    async def cut(self, name: str, body: bytes, points: list[int]) -> None:
        """One format: whole, cut at every point, and looked at."""
        await self.sync(name, body, len(body))
        before = self.state(name)
        if before != (RECORDS, before[1]) or before[1] is None:
            self.tally.violations.append(f"{name}: the whole listing gave {before}")
        for at in points:
            for length in (len(body), -1):
                self.clock.push(DAY)
                outcome = await self.sync(name, body[:at], length)
                self.tally.cuts[name] += 1
                self.tally.outcomes[outcome] += 1
                if outcome not in RAN or self.state(name) != before:
                    said = f"{name} cut at {at} of {len(body)}, length {length}"
                    self.tally.violations.append(f"{said}: {outcome}, {self.state(name)}")

    async def sync(self, name: str, body: bytes, length: int) -> str:
        """One run → its outcome."""
        self.served.script = answer(body, "Content-Type: text/plain", length=length)
        return await self.ask(name.lower())

    async def ask(self, source_id: str) -> str:
        """One run over whatever is served → its outcome."""
        report = await sync_source(self.house, source_id, progress=lambda _: None)
        return str(report.outcome)

    def state(self, name: str) -> tuple[int, int | None]:
        """How much of a source is public, and its last complete run."""
        live = select(func.count()).select_from(entity)
        live = live.where(entity.c.state == "live", entity.c.kind == "offer")
        complete = select(source.c.complete_run).where(source.c.id == name.lower())
        counted = self.house.database.read_now(lambda c: c.execute(live).scalar_one())
        others = RECORDS * (len(self.tally.cuts) - (name in self.tally.cuts))
        return counted - others, self.house.database.read_now(
            lambda c: c.execute(complete).scalar_one()
        )


def sources(upstream: Upstream, names: dict[str, str]) -> Iterator[SourceSettings]:
    """One source for each format."""
    address = {"address": f"{upstream.url}list"}
    yield SourceSettings(
        id="freinet", connector="freinet", settings={"mode": "full_export", **address}
    )
    for name, known in names.items():
        yield SourceSettings(id=name.lower(), connector=known, settings=address)


@asynccontextmanager
async def driver(database: str, folder: Path) -> AsyncIterator[Driver]:
    """A house over a database, with the sources and a server for them."""
    served, clock = Served(), ShiftedClock()
    script: Script = served
    (folder / "site").mkdir()
    with offered(folder / "site") as names:
        async with serving(script) as upstream:
            settings = Settings(
                service=ServiceSettings(database=database, data=str(folder)),
                fetch=FetchSettings(allow_loopback=True),
                sources=tuple(sources(upstream, names)),
            )
            async with open_house(settings, clock=clock) as house:
                yield Driver(house, clock, served)


async def torture(database: str, count: int) -> Tally:
    """Cut every format at `count` points."""
    with tempfile.TemporaryDirectory() as folder:
        async with driver(database, Path(folder)) as driving:
            for name, body in bodies().items():
                await driving.cut(name, body, cut_points(body, count))
            return driving.tally


def main() -> None:
    """Read the options, cut, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--database", default="sqlite")
    given = parser.parse_args()
    began = monotonic()
    with empty_database(given.database) as url:
        tally = asyncio.run(torture(url, given.n))
    seconds = monotonic() - began
    sys.stdout.write(f"{given.database}: {tally.tell()}; {seconds:.0f} s\n")
    sys.exit(1 if tally.violations else 0)


if __name__ == "__main__":
    main()
