"""How long a big calendar takes to the first and to the last byte, beside a fixed body of its size.

uv run python -m benchmarks.calendar_out [--events 10000] [--rounds 7]

The server runs in this process, the client in a child; times are the client's, in milliseconds,
and the processor's that the server took. Cold: nothing is kept. Repeated: asked again. After one
change: one event changed, everything else is kept by the database alone.
"""

import argparse
import asyncio
import socket
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from aggregator.queries import Database
from aggregator.settings import ServiceSettings, Settings
from aggregator.store.migrate import migrate
from api.app import make_app
from api.calendar_store import Calendars
from api.keys import CALENDARS, SERVING
from benchmarks.hammering import request
from benchmarks.serve import ceilings, listen
from schema.entities import Event
from tests.api.programme import evening, put, put_all
from tests.api.seeding import FixedClock, add_source

PATH = "/v1/events.ics"
TEXT = "Wir treffen uns im Park und gießen gemeinsam die jungen Bäume. "


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds to the first and the last byte, octets received, and the tag."""

    first: float
    last: float
    size: int
    tag: str


def asked(port: int, path: str, tag: str = "") -> Took:
    """One request on a connection of its own."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        began = perf_counter()
        condition = {"If_None_Match": tag} if tag else {}
        said = request(path, Connection="close", **condition)
        connection.sendall(said)
        got = [connection.recv(1 << 18)]
        first = perf_counter()
        while piece := connection.recv(1 << 18):
            got.append(piece)
        last = perf_counter()
    body = b"".join(got)
    found = body.partition(b"\r\n\r\n")[0].lower().partition(b"etag: ")[2].partition(b"\r\n")[0]
    return Took((first - began) * 1e3, (last - began) * 1e3, len(body), found.decode())


def event(number: int) -> Event:
    """One of many events of a year, as long as real ones."""
    place = {"name": "Stadtpark", "locality": "Halle (Saale)", "lat": 51.48, "lon": 11.97}
    return evening(
        number % 390, f"Bäume gießen {number}", place=place, description={"de": TEXT * 5}
    )


class Rows:
    """Asks and prints."""

    def __init__(self, pool: ProcessPoolExecutor, rounds: int) -> None:
        self._pool = pool
        self._rounds = rounds

    async def ask(self, port: int, path: str, tag: str = "") -> Took:
        """One request from the child."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, asked, port, path, tag)

    async def row(self, name: str, port: int, before: Callable[[], str], path: str = PATH) -> Took:
        """Print the medians of one kind of request; `before` prepares each and gives the tag."""
        took, computing = [], []
        for _ in range(self._rounds):
            tag = before()
            began = process_time()
            took.append(await self.ask(port, path, tag))
            computing.append((process_time() - began) * 1e3)
        first, last = median(each.first for each in took), median(each.last for each in took)
        size = f"{took[-1].size:>12,} bytes"
        print(f"{name:18} {size} {first:8.1f} {last:8.1f} {median(computing):8.1f}")
        return took[-1]


async def measure(database: Database, rounds: int) -> None:
    """Print a row for each state."""
    app = make_app(database, Settings(service=ServiceSettings()), FixedClock())
    ours, port = await listen(app)
    changes = iter(range(1, 1_000))

    def forget() -> str:
        app[CALENDARS].outlines = Calendars().outlines
        app[SERVING].forget()
        return ""

    def change() -> str:
        database.write_now(put, number := next(changes), event(number + 1))
        return ""

    with ProcessPoolExecutor(1) as pool:
        rows = Rows(pool, rounds)
        print(f"{'':18} {'size':>18} {'first ms':>8} {'last ms':>8} {'cpu ms':>8}")
        cold = await rows.row("cold", port, forget)
        await rows.row("repeated", port, str)
        await rows.row("after one change", port, change)
        known = (await rows.ask(port, PATH)).tag
        await rows.row("304", port, lambda: known)
        fixed, ceiling = await listen(ceilings({"/fixed": b"x" * cold.size}))
        await rows.row("fixed body", ceiling, str, "/fixed")
        await fixed.cleanup()
    await ours.cleanup()


def main() -> None:
    """Read the options, fill a database, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        database.write_now(migrate, "http://127.0.0.1/")
        database.write_now(add_source)
        database.write_now(put_all, [event(n) for n in range(1, given.events + 1)])
        print(f"a calendar of {given.events} events, SQLite; medians of {given.rounds}")
        asyncio.run(measure(database, given.rounds))
        database.close()


if __name__ == "__main__":
    main()
