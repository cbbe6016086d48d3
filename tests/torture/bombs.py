"""Small answers that grow: each is refused within a second and takes no more than 64 MiB.

python -m tests.torture.bombs [--n 5] [--database sqlite|postgresql|URL]

N rounds of every bomb, each a whole run of a source of the house: some burst while they are
fetched, some while they are read. Memory is that of this process and the sandbox's children
together, at its peak. Exit code 1 on any violation.
"""

import argparse
import asyncio
import gzip
import io
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Final

import brotli  # type: ignore[import-untyped]

from aggregator.house import House
from tests.system.publishing import empty_database
from tests.torture.cuts import Driver, driver
from tests.upstreams.faults import EXPECTED, Script, answer, head

MOST_SECONDS: Final = 1.0
MOST_MEMORY: Final = 64 * 1024 * 1024
MEGABYTE: Final = 1_000_000
REFUSED: Final = frozenset({"refused", "incomplete"})
"""What a run over a bomb may end as; it publishes nothing either way."""


def coded(body: bytes, coding: str) -> Script:
    """An answer in a content coding."""
    return answer(body, f"Content-Encoding: {coding}", "Content-Type: application/json")


def endless() -> Script:
    """A body that does not end, as fast as it is read."""

    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, "Content-Type: application/json"))
        with suppress(*EXPECTED):
            while True:
                writer.write(b" " * MEGABYTE)
                await writer.drain()

    return script


def entities() -> bytes:
    """Ten times ten times ten …"""
    lines = [b'<!ENTITY e0 "ten characters">']
    lines += [b'<!ENTITY e%d "%b">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12)]
    name = b"<angebot angebotsId='1'><angebotsname>&e11;</angebotsname></angebot>"
    return b"<!DOCTYPE angebotsliste [%b]><angebotsliste>%b</angebotsliste>" % (
        b"".join(lines),
        name,
    )


def quadratic() -> bytes:
    """One long entity, used very often."""
    return b"<!DOCTYPE angebotsliste [<!ENTITY a '%b'>]><angebotsliste>%b</angebotsliste>" % (
        b"x" * 100_000,
        b"<angebot><angebotsname>&a;</angebotsname></angebot>" * 20_000,
    )


def spreadsheet() -> bytes:
    """Sheets of 200 MB, zipped, as a spreadsheet is."""
    kept = io.BytesIO()
    rows = b'<row r="1048576"/>' * (20 * MEGABYTE // 18)
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(10):
            file.writestr(f"xl/worksheets/sheet{number}.xml", rows)
    return kept.getvalue()


def deep(opening: bytes, count: int) -> bytes:
    """Something opened very often and never closed."""
    return opening * count


def attributes() -> bytes:
    """One element with very many attributes."""
    return b"<angebotsliste %b></angebotsliste>" % b" ".join(b'a%d=""' % n for n in range(20_000))


BOMBS: Final[dict[str, tuple[str, Callable[[], Script]]]] = {
    "gzip": ("json", lambda: coded(gzip.compress(bytes(300 * MEGABYTE), 1), "gzip")),
    "gzip, many members": ("json", lambda: coded(gzip.compress(bytes(MEGABYTE)) * 1000, "gzip")),
    "gzip in gzip": (
        "json",
        lambda: coded(gzip.compress(gzip.compress(bytes(200 * MEGABYTE), 1)), "gzip, gzip"),
    ),
    "deflate": ("json", lambda: coded(zlib.compress(bytes(300 * MEGABYTE), 1), "deflate")),
    "brotli": ("json", lambda: coded(brotli.compress(bytes(300 * MEGABYTE), quality=1), "br")),
    "endless": ("json", endless),
    "entities": ("freinet", lambda: answer(entities())),
    "one entity, used often": ("freinet", lambda: answer(quadratic())),
    "deep XML": ("freinet", lambda: answer(b"<angebotsliste>" + deep(b"<a>", 200_000))),
    "deep JSON": ("json", lambda: answer(b'{"records":' + deep(b"[", 200_000))),
    "attributes": ("freinet", lambda: answer(attributes())),
    "spreadsheet": ("freinet", lambda: answer(spreadsheet())),
    "spreadsheet for a calendar": ("calendar", lambda: answer(spreadsheet())),
}


@cache
def script_of(name: str) -> Script:
    """A bomb, packed once."""
    return BOMBS[name][1]()


class Watch:
    """The peak memory of some processes, looked at a few hundred times a second."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._over = Event()
        self.peak = 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look while the block runs; `peak` is what was added then."""
        for process in self._processes():
            with suppress(OSError):
                (process / "clear_refs").write_text("5")
        self._over.clear()
        self.peak, before = 0, self._memory("VmRSS:")
        looking = Thread(target=self._look)
        looking.start()
        try:
            yield
        finally:
            self._over.set()
            looking.join()
            self.peak = max(self.peak, self._memory("VmHWM:")) - before

    def _look(self) -> None:
        while not self._over.wait(0.003):
            self.peak = max(self.peak, self._memory("VmHWM:"))

    def _processes(self) -> list[Path]:
        pool = self._house.sandbox._pool
        children = [child.pid for child in (*pool._idle, *pool._lent)]
        return [Path("/proc/self"), *(Path(f"/proc/{pid}") for pid in children)]

    def _memory(self, name: str) -> int:
        """Bytes of all processes together."""
        found = 0
        for process in self._processes():
            with suppress(OSError):
                words = (process / "status").read_text().split()
                found += 1024 * int(words[words.index(name) + 1]) if name in words else 0
        return found


@dataclass(slots=True)
class Tally:
    """What happened, and what went wrong."""

    bombs: int = 0
    slowest: float = 0.0
    largest: int = 0
    violations: list[str] = field(default_factory=list)

    def tell(self) -> str:
        """All of it in a few lines."""
        said = f"{self.bombs} bombs, at most {self.slowest:.2f} s, +{self.largest / 2**20:.0f} MiB"
        return "\n".join([f"{said}: {len(self.violations)} violations", *self.violations[:20]])

    def note(self, name: str, outcome: str, seconds: float, memory: int) -> None:
        """One bomb."""
        self.bombs += 1
        self.slowest, self.largest = max(self.slowest, seconds), max(self.largest, memory)
        if outcome not in REFUSED or seconds > MOST_SECONDS or memory > MOST_MEMORY:
            said = f"{name}: {outcome} after {seconds:.2f} s, +{memory / 2**20:.0f} MiB"
            self.violations.append(said)


async def _warm(driving: Driver) -> None:
    """Every source once: what is imported and started for the first time is no bomb's."""
    for name in ("freinet", "json", "calendar"):
        for _ in range(2):
            await driving.sync(name, b"x", 1)


async def torture(database: str, rounds: int) -> Tally:
    """Every bomb, some rounds."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        async with driver(database, Path(folder)) as driving:
            await _warm(driving)
            watch = Watch(driving.house)
            for name, (source, _) in [*BOMBS.items()] * rounds:
                driving.served.script = script_of(name)
                began = monotonic()
                with watch.watching():
                    outcome = await driving.ask(source)
                tally.note(name, outcome, monotonic() - began, watch.peak)
    return tally


def main() -> None:
    """Read the options, burst, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=5)
    parser.add_argument("--database", default="sqlite")
    given = parser.parse_args()
    with empty_database(given.database) as url:
        tally = asyncio.run(torture(url, given.n))
    sys.stdout.write(f"{given.database}: {tally.tell()}\n")
    sys.exit(1 if tally.violations else 0)


if __name__ == "__main__":
    main()
