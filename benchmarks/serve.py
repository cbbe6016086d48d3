"""How near reading comes to a fixed body of the same size, in one run.

uv run python -m benchmarks.serve [--entries 10000 100000] [--database sqlite postgresql]
                                  [--rounds 5]

The server runs here, the client in a child. Each row is the processor's time a request against
the fixed body (or the bare 304) measured in turn with it: only such ratios mean anything from
one machine to the next. "Cold" is asked of a server that keeps no answers; "repeated" of one that
does. Milliseconds are the client's, one request after another.
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import process_time
from typing import Literal

from aiohttp import ClientSession, web

from aggregator.queries import Database
from aggregator.queries.bodies import Bodies
from aggregator.settings import HttpSettings, ServiceSettings, Settings
from aggregator.store.migrate import migrate
from api.app import make_app
from api.doors import open_doors
from api.heads import Head
from api.keeping import Kept
from api.keys import BODIES, LISTS
from api.open_lists import Lists, Under
from benchmarks.filling import SOURCES, fill
from benchmarks.hammering import CONNECTIONS, hammer, request, time_each
from benchmarks.questions import CHANGES, FILTERS, MIXTURES, REPEATED, SIZES, Question
from benchmarks.sync import database as database_of
from tests.api.seeding import FixedClock, add_source

TIMES = 200
"""Requests whose milliseconds are looked at."""
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Bench:
    """A server, the fixed bodies beside it, and who asks both."""

    pool: ProcessPoolExecutor
    port: int
    ceiling: int
    rounds: int

    async def cost(self, port: int, asked: Sequence[bytes]) -> float:
        """Seconds of this process's processor a request."""
        before = process_time()
        loop = asyncio.get_running_loop()
        answers = await loop.run_in_executor(self.pool, hammer, port, asked)
        return (process_time() - before) / answers

    async def share(self, asked: Sequence[bytes], bare: Sequence[bytes]) -> float:
        """The ceiling's cost as a share of ours; the median of rounds in turn."""
        shares = []
        for _ in range(self.rounds):
            base = await self.cost(self.ceiling, bare)
            shares.append(base / await self.cost(self.port, asked))
        return median(shares)

    async def milliseconds(self, asked: Sequence[bytes]) -> tuple[float, float]:
        """Median and 99th percentile, as the client sees them."""
        many = [*asked] * (TIMES // len(asked))
        loop = asyncio.get_running_loop()
        took = await loop.run_in_executor(self.pool, time_each, self.port, many)
        return median(took), quantiles(took, n=100)[98]


@contextmanager
def filled(kind: str, entries: int) -> Iterator[Database]:
    """A database with so many offers, a tenth of the events, and their sources."""
    with tempfile.TemporaryDirectory() as name, database_of(kind, Path(name)) as url:
        database = Database(url)
        database.write_now(migrate, "http://127.0.0.1/")
        for number in range(SOURCES):
            database.write_now(add_source, f"source-{number}")
        fill(database, "offer", entries)
        fill(database, "event", entries)
        yield database
        database.close()


def ceilings(bodies: dict[str, bytes]) -> web.Application:
    """Fixed bodies by path, and a bare 304: what the server itself can do."""
    app = web.Application()
    for path, body in bodies.items():

        async def fixed(_request: web.Request, body: bytes = body) -> web.Response:
            return web.Response(body=body, content_type=JSON)

        app.router.add_get(path, fixed)

    async def bare(_request: web.Request) -> web.Response:
        return web.Response(status=304)

    app.router.add_get("/304", bare)
    return app


async def listen(app: web.Application) -> tuple[web.AppRunner, int]:
    """Serve on a free port, without an access log."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, runner.addresses[0][1]


Remembered = Literal["repeated", "open", "cold"]


class NoLists(Lists):
    """Every list is opened anew."""

    def under(self, head: Head | None) -> Under:
        """What is known of the kinds under a head, and no list."""
        found = super().under(head)
        found.lists = Kept(0, lambda _: 1)
        return found


@asynccontextmanager
async def serving(
    database: Database, bodies: Sequence[bytes], rounds: int, remembered: Remembered
) -> AsyncIterator[Bench]:
    """Both servers."""
    fixed, ceiling = await listen(ceilings({f"/{n}": body for n, body in enumerate(bodies)}))
    with ProcessPoolExecutor(1) as pool:
        async with ours(database, remembered) as port:
            yield Bench(pool, port, ceiling, rounds)
    await fixed.cleanup()


@asynccontextmanager
async def ours(database: Database, remembered: Remembered = "repeated") -> AsyncIterator[int]:
    """The service as `allmende serve` has it, but for what it remembers → its port."""
    memory = 128 if remembered == "repeated" else 0
    settings = Settings(service=ServiceSettings(), http=HttpSettings(memory=memory))
    app = make_app(database, settings, FixedClock())
    if remembered == "cold":
        app[LISTS], app[BODIES] = NoLists(), Bodies(most=0)
    async with open_doors(app, "127.0.0.1", 0) as doors:
        yield doors.port


async def fetch(database: Database, paths: Sequence[str]) -> tuple[list[bytes], list[str]]:
    """Each path's body and tag."""
    found, tags = [], []
    async with ours(database) as port, ClientSession(raise_for_status=True) as session:
        for path in paths:
            answer = await session.get(f"http://127.0.0.1:{port}{path}")
            found.append(await answer.read())
            tags.append(answer.headers["ETag"])
    return found, tags


def line(name: str, size: int, share: float, times: tuple[float, float] | None = None) -> None:
    """Print a row."""
    said = "" if times is None else f"   {times[0]:7.2f} ms, p99 {times[1]:7.2f}"
    print(f"{name:26} {size:>9,} bytes   {share:5.2f}{said}", flush=True)


async def measure(database: Database, rounds: int) -> None:
    """Print a row for each question: repeated, 304; then open and cold."""
    questions = (*SIZES, *FILTERS, *MIXTURES, CHANGES)
    paths = [path for each in questions for path in each.paths]
    bodies, tags = await fetch(database, paths)
    places = {path: n for n, path in enumerate(paths)}

    def row(each: Question, count: int) -> tuple[list[bytes], list[bytes], int]:
        """What is asked of us, what of the ceiling, and how much that is."""
        at = [places[path] for path in each.paths[:count]]
        asked = [request(path) for path in each.paths[:count]]
        return asked, [request(f"/{n}") for n in at], len(bodies[at[0]])

    known = [request(SIZES[1].paths[0], If_None_Match=tags[places[SIZES[1].paths[0]]])]
    bare = [request("/304")]
    async with serving(database, bodies, rounds, "repeated") as bench:
        print("repeated")
        for each in (*SIZES, *REPEATED):
            asked, fixed, size = row(each, 1)
            line(each.name, size, await bench.share(asked, fixed))
        line("304", 0, await bench.share(known, bare))
    stages: tuple[Remembered, ...] = ("open", "cold")
    for stage in stages:
        async with serving(database, bodies, rounds, stage) as bench:
            print(stage)
            for each in questions:
                asked, fixed, size = row(each, CONNECTIONS)
                share = await bench.share(asked, fixed)
                line(each.name, size, share, await bench.milliseconds(asked))
            line("304", 0, await bench.share(known, bare))


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--database", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    for kind in given.database:
        for entries in given.entries:
            with filled(kind, entries) as database:
                print(f"\n{kind}, {entries:,} offers and as many events; median of {given.rounds}")
                asyncio.run(measure(database, given.rounds))


if __name__ == "__main__":
    main()
