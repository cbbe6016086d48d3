"""A random key is looked for in everything the house says, writes and keeps, fault by fault.

python -m tests.torture.secrets [--n 21] [--echo] [--database sqlite|postgresql|URL] [--seed N]

The whole chain runs against the fake city at DEBUG level of every logger, under each fault: sync,
commands, routes, pages. Then every log line, output, answer, database row, document and file is
searched for the key, in any spelling. With --echo the source itself repeats the key in what it
publishes. Exit code 1 on any hit.
"""

import argparse
import asyncio
import logging
import os
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from random import Random
from string import ascii_letters, digits
from subprocess import PIPE
from tempfile import TemporaryDirectory
from urllib.parse import quote

import aiohttp
from sqlalchemy import Connection, select, update

from aggregator.commands.sync import sync_source
from aggregator.configuration import load
from aggregator.fetch.redact import redact_logging
from aggregator.house import House, open_house
from aggregator.store.tables import entity, metadata, source
from aggregator.working.worker import silent
from api.cli.listening import listening
from api.demo.city import City, Fault, fake_city
from api.demo.offers import Offer
from api.routes import ROUTES
from schema.problems import MEANINGS
from tests.torture.judging import database
from tests.torture.loud import LOGGERS
from tests.torture.spellings import hits, spellings

SOURCE = "city"
ENVIRONMENT = "ALLMENDE_TORTURE_SECRET"
ODD = "/+&=%ü#"
"""Letters that are spelled otherwise in addresses."""
SECONDS = 2.0
"""After so many a sync that hangs is interrupted."""
FEW = 40
"""Offers of the city."""
ECHO = "echo"
"""The city repeats the key, also as a password, in the offers' own texts."""
FAULTS: tuple[Fault | str | None, ...] = (None, *Fault)
COMMANDS = (
    ("sources",),
    ("sources", "--json"),
    ("runs",),
    ("runs", "--json"),
    ("check",),
    ("check", "--json"),
    ("sync", "--dry-run"),
    ("sync", "--json"),
    ("runs", "show", "1", "--diff"),
    ("runs", "show", "1", "--diff", "--json"),
    ("quarantine", "--raw"),
    ("quarantine", "--raw", "--json"),
    ("replay", "city", "--dry-run", "--json"),
)
CONFIGURATION = """
[service]
public_url = "http://127.0.0.1:8080/"
database = "{database}"
data = "{folder}/data"
port = 0
[fetch]
allow_loopback = true
[[source]]
id = "{source}"
connector = "freinet"
every = "1s"
[source.settings]
base_url = "{city}query/api/"
agency = 177
key = "env:{environment}"
"""


@dataclass(slots=True)
class Tally:
    """What was searched, and what was found where."""

    faults: int = 0
    searched: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def tell(self) -> str:
        """All of it in a few lines."""
        sinks = ", ".join(f"{n} {sink}" for sink, n in sorted(self.searched.items()))
        pairs = f"{self.faults} faults × {len(self.searched)} sinks"
        lines = [f"{pairs}: {sum(self.found.values())} hits", f"searched: {sinks}"]
        return "\n".join([*lines, *self.examples[:20]])


@dataclass(slots=True)
class Sweep:
    """Searches whatever it is given for the secrets."""

    wanted: frozenset[bytes]
    tally: Tally = field(default_factory=Tally)
    fault: str = ""

    def look(self, sink: str, data: bytes | str, where: str = "") -> None:
        """Search one thing."""
        raw = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
        self.tally.searched[sink] += 1
        if hits(raw, self.wanted):
            self.tally.found[sink] += 1
            self.tally.examples.append(f"{self.fault}: {sink} {where}")

    def look_at_rows(self, connection: Connection) -> None:
        """Every value of every table."""
        for name, table in metadata.tables.items():
            for row in connection.execute(select(table)):
                for column, value in row._mapping.items():
                    kept = bytes(value) if isinstance(value, bytes | memoryview) else str(value)
                    self.look("row", kept, f"{name}.{column}")

    def look_at_files(self, folder: Path) -> None:
        """Every file, the database's own among them."""
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "postgresql" not in path.parts:
                self.look("file", path.read_bytes(), path.name)
                self.look("file name", str(path), path.name)


def new_key(chance: Random) -> str:
    """A key nobody has seen."""
    return "".join(chance.choices(ascii_letters + digits, k=16)) + ODD


def echoing(key: str) -> Callable[[tuple[Offer, ...]], tuple[Offer, ...]]:
    """Offers whose texts repeat the key as the request had it, and as a password."""
    said = f"https://stadt.example/?accessKey={quote(key)} http://portal:{quote(key)}@b.example/"

    def edit(offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
        return tuple(offer.with_value("beschreibung", said) for offer in offers[:FEW])

    return edit


@contextmanager
def heard() -> Iterator[StringIO]:
    """Everything that is logged meanwhile, by whomever, as a handler writes it."""
    said = StringIO()
    handler = logging.StreamHandler(said)
    redact_logging()
    logging.getLogger().addHandler(handler)
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield said
    finally:
        logging.getLogger().removeHandler(handler)


async def suffer(house: House, city: City, fault: Fault | str | None, sweep: Sweep) -> None:
    """The whole chain under one fault, and a look at all it said."""
    city.fault = city.details_fault = fault if isinstance(fault, Fault) else None
    city.edit = echoing(city.key) if fault == ECHO else lambda offers: offers[:FEW]
    with heard() as said:
        await sync_twice(house, sweep)
        await visit(house, sweep)
    sweep.look("log", said.getvalue())
    await house.database.read(sweep.look_at_rows)


async def sync_twice(house: House, sweep: Sweep) -> None:
    """Two runs; what hangs is interrupted, what is raised is looked at."""
    for _ in range(2):
        await house.database.write(lambda c: c.execute(update(source).values(lease_until=None)))
        try:
            async with asyncio.timeout(SECONDS):
                report = await sync_source(house, SOURCE, progress=silent)
            sweep.look("report", repr(report))
        except TimeoutError as error:
            sweep.look("error", "".join(traceback.format_exception(error)))


async def visit(house: House, sweep: Sweep) -> None:
    """Every route, and some that are not there: status line, headers and body."""
    async with listening(house) as url, aiohttp.ClientSession() as session:
        for path in await house.database.read(addresses):
            async with session.get(f"{url}{path}", allow_redirects=False) as response:
                sweep.look("header", repr((response.reason, *response.raw_headers)), path)
                sweep.look("page", await response.read(), path)


def addresses(connection: Connection) -> list[str]:
    """The path of every route, with what fits into it, and wrong ones."""
    ids = list(connection.execute(select(entity.c.id).limit(3)).scalars())
    fitting = {"id": ids or ["none"], "code": sorted(MEANINGS)[:5], "name": ["style.css"]}
    found = [
        "nothing/here",
        "v1/offers?cursor=?accessKey=nothing",
        "v1/changes?afterChangeNumber=x",
    ]
    for route in ROUTES:
        name = route.path.partition("{")[2].partition("}")[0]
        found += [route.path.replace(f"{{{name}}}", str(one)) for one in fitting.get(name, [""])]
    return [path.lstrip("/") for path in found]


def command(arguments: Sequence[str], config: Path, sweep: Sweep) -> None:
    """One command in a process of its own, and what it says."""
    called = [sys.executable, "-m", "tests.torture.loud", *arguments, "--config", str(config)]
    with subprocess.Popen(called, stdout=PIPE, stderr=PIPE, cwd=Path.cwd()) as process:
        try:
            out, err = process.communicate(timeout=2 * SECONDS)
        except subprocess.TimeoutExpired:
            process.terminate()
            out, err = process.communicate()
    sweep.look("output", out, " ".join(arguments))
    sweep.look("standard error", err, " ".join(arguments))


async def torture(folder: Path, url: str, faults: Sequence[Fault | str | None], seed: int) -> Tally:
    """Run all of it on one database."""
    key = new_key(Random(seed))
    os.environ[ENVIRONMENT] = key
    sweep = Sweep(spellings(key))
    async with fake_city(City(key=key)) as city:
        config = folder / "allmende.toml"
        names = {"source": SOURCE, "environment": ENVIRONMENT, "folder": folder}
        config.write_text(CONFIGURATION.format(database=url, city=city.url, **names))
        for fault in faults:
            sweep.fault = str(fault)
            sweep.tally.faults += 1
            async with open_house(load(config)) as house:
                await suffer(house, city, fault, sweep)
            for arguments in COMMANDS:
                await asyncio.to_thread(command, arguments, config, sweep)
    sweep.look_at_files(folder)
    return sweep.tally


def main() -> None:
    """Parse the command line, run, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=len(FAULTS))
    parser.add_argument("--echo", action="store_true", help="the source repeats the key")
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with TemporaryDirectory() as name, database(given.database, Path(name)) as url:
        faults = (ECHO,) if given.echo else FAULTS[-given.n :]
        tally = asyncio.run(torture(Path(name), url, faults, given.seed))
    sys.stdout.write(f"{given.database}, seed {given.seed}: {tally.tell()}\n")
    sys.exit(1 if tally.found else 0)


if __name__ == "__main__":
    main()
