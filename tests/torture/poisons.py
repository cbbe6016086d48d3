"""One poisoned record among many, at every place: all others are published, it is set aside.

python -m tests.torture.poisons [--n 1000] [--records 1000] [--database sqlite|postgresql|URL]

N places × 15 poisons: each time a list of `--records` offers, one of them poisoned, is read by the
sandbox and applied to an empty database. Exit code 1 on any violation.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy
from time import monotonic
from typing import Final

from sqlalchemy import func, select

from aggregator.harvest import Harvest
from aggregator.sandbox.parent import Limits, Opening, Sandbox, Session
from aggregator.store.database import Database
from aggregator.store.tables import entity, quarantine
from connectors.base import Document, Facts
from tests.aggregator.making import Bench
from tests.aggregator.soundness import faults
from tests.aggregator.wiping import wipe
from tests.system.publishing import empty_database

LIMITS: Final = Limits(max_bytes=256_000_000, max_seconds=60)
OPENING: Final = Opening(
    connector="freinet",
    settings={"mode": "full_export", "address": "https://stadt.example/export.xml"},
    facts=Facts(),
)
SOUND_EVERY: Final = 50
Poison = Callable[[int], bytes]


def offer(number: int, title: bytes = b"Garten", more: bytes = b"") -> bytes:
    """A small offer."""
    return (
        b'<angebot angebotsId="%d"><angebotsname>%b</angebotsname>'
        b"<einrichtungsname>Verein</einrichtungsname>%b</angebot>\n" % (number, title, more)
    )


def titled(title: bytes) -> Poison:
    """An offer with such a title."""
    return lambda number: offer(number, title)


POISONS: Final[dict[str, Poison]] = {
    "a NUL": titled(b"Gar\0ten"),
    "a vertical tab": titled(b"Gar\x0bten"),
    "a lone surrogate": titled(b"Gar&#xD800;ten"),
    "a byte that is no UTF-8": titled(b"Gr\xfcn"),
    "a reference to NUL": titled(b"Gar&#0;ten"),
    "a noncharacter": titled("Gar\ufffften".encode()),
    "a C1 control": titled("Gar\x85ten".encode()),
    "DEL": titled(b"Gar\x7ften"),
    "no title": titled(b""),
    "a title of spaces": titled(" \u00a0\t ".encode()),
    "a title of markup": titled(b"&lt;b&gt;&lt;/b&gt;"),
    "a title that nobody sees": titled("\u200b\u2060\u00ad".encode()),
    "a title of 10 MB": titled(b"x" * 10_000_000),
    "a text that is too long": lambda number: offer(
        number, more=b"<beschreibung>%b</beschreibung>" % (b"wort " * 50_000)
    ),
    "no id": lambda number: offer(number).replace(b' angebotsId="%d"' % number, b""),
}


def listing(count: int, place: int, poison: Poison) -> bytes:
    """A list in which the record at a place is poisoned."""
    offers = (poison(n) if n == place else offer(n) for n in range(1, count + 1))
    return b"<angebotsliste>%b</angebotsliste>" % b"".join(offers)


@dataclass(slots=True)
class Tally:
    """What happened, and what went wrong."""

    cases: Counter[str] = field(default_factory=Counter)
    published: int = 0
    quarantined: int = 0
    seconds: float = 0.0
    violations: list[str] = field(default_factory=list)

    def tell(self) -> str:
        """All of it in a few lines."""
        number = self.cases.total()
        each = self.seconds / max(number, 1)
        said = f"{number} cases of {len(self.cases)} poisons, {self.published} published"
        said += f", {self.quarantined} quarantined, {each:.2f} s each"
        return "\n".join([f"{said}: {len(self.violations)} violations", *self.violations[:20]])


class Databases:
    """A fresh, migrated database for each case: a copied file, or an emptied PostgreSQL."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder
        self._template = Path(url.removeprefix("sqlite:///")) if "sqlite" in url else None

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        """One of them, opened."""
        url = self._url
        if self._template is None:
            wipe(url)
        else:
            path = self._folder / "case.db"
            for old in self._folder.glob("case.db*"):
                old.unlink()
            copy(self._template, path)
            url = f"sqlite:///{path}"
        database = Database(url)
        try:
            yield database
        finally:
            database.close()


@dataclass(slots=True)
class Driver:
    """Takes one poison after the other."""

    session: Session
    databases: Databases
    folder: Path
    records: int
    tally: Tally = field(default_factory=Tally)

    async def take(self, name: str, place: int) -> None:
        """One case."""
        path = self.folder / "list.xml"
        path.write_bytes(listing(self.records, place, POISONS[name]))
        document = Document(path=str(path), url="https://stadt.example/export.xml")
        began = monotonic()
        harvest = Harvest()
        async for batch in self.session.read(document, LIMITS):
            harvest.add(batch)
        with self.databases.fresh() as database:
            Bench(database).run(harvest)
            self.tally.seconds += monotonic() - began
            self._judge(database, name, place)
        harvest.spool.close()

    def _judge(self, database: Database, name: str, place: int) -> None:
        live = select(func.count()).select_from(entity)
        live = live.where(entity.c.kind == "offer", entity.c.state == "live")
        aside = select(func.count()).select_from(quarantine)
        published = database.read_now(lambda c: c.execute(live).scalar_one())
        quarantined = database.read_now(lambda c: c.execute(aside).scalar_one())
        self.tally.cases[name] += 1
        self.tally.published += published
        self.tally.quarantined += quarantined
        where = f"{name} at {place} of {self.records}"
        if (published, quarantined) != (self.records - 1, 1):
            said = f"{where}: {published} published, {quarantined} quarantined"
            self.tally.violations.append(said)
        if self.tally.cases.total() % SOUND_EVERY == 1:
            found = database.read_now(faults)
            self.tally.violations.extend(f"{where}: {fault}" for fault in found)


def places(count: int, records: int) -> list[int]:
    """`count` places among the records, the first and the last among them."""
    return sorted({1 + (records - 1) * n // max(count - 1, 1) for n in range(count)})


async def torture(url: str, count: int, records: int) -> Tally:
    """Every poison at `count` places."""
    memory = Path("/dev/shm")
    where = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=where, prefix="allmende-") as name:
        folder = Path(name)
        async with Sandbox(1) as sandbox, sandbox.session(OPENING) as session:
            driver = Driver(session, Databases(url, folder), folder, records)
            for place in places(count, records):
                for poison in POISONS:
                    await driver.take(poison, place)
    return driver.tally


def main() -> None:
    """Read the options, poison, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--database", default="sqlite")
    given = parser.parse_args()
    with empty_database(given.database) as url:
        tally = asyncio.run(torture(url, given.n, given.records))
    sys.stdout.write(f"{given.database}: {tally.tell()}\n")
    sys.exit(1 if tally.violations else 0)


if __name__ == "__main__":
    main()
