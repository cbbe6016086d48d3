"""The invented town and the demo's city behind a real server, in a process of its own.

`python -m tests.contract.serving DATABASE FOLDER` fills an empty, migrated database, says on its
first line of output where it listens and which entries there are, and serves until its input ends.
"""

import asyncio
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from urllib.parse import urlsplit

import orjson
from sqlalchemy import Connection, select

from aggregator.commands.sync import sync_source
from aggregator.house import House, open_house
from aggregator.settings import (
    FetchSettings,
    PortalSettings,
    ServiceSettings,
    Settings,
    SourceSettings,
)
from aggregator.store.database import Database
from aggregator.store.tables import entity
from api.cli.listening import listening
from api.demo.city import City, fake_city
from api.demo.configuration import first_configuration
from api.demo.folder import KEY
from tests.contract.world import settle
from tests.postgres import PUBLIC_URL

MINUTES = (0, 90)
"""How old the city is at each visit."""
PORTALS = {
    "alles": "to=2099-12-31",
    "energie": "category=energy,mobility,unmapped&near=06108&radius=200",
    "gruen": "climate=adaptation,none,unassessed&has_lang=de,en&freshness=confirmed",
    "bald": "from=now&to=2027-12-31&status=open,scheduled,moved_online,cancelled",
    "worte": "q=energie&status=scheduled,open&attendance=onsite,online&type=workshop,association",
    "stadt": "city=musterstadt,ags:15002000&licence=cc-zero,cc-by/4.0",
    "haus": "source=agentur&bbox=11,51,13,52",
    "datumsgrenze": "bbox=170,-10,-170,80&tag=gibt%20es%20nicht",
}
"""Portal → its filter: each way of narrowing occurs."""


@dataclass(frozen=True, slots=True)
class Served:
    """Where the service listens (without a slash), and kind → ids of what is there, and of what
    was there once."""

    url: str
    live: dict[str, list[str]]
    former: dict[str, list[str]]


@contextmanager
def served(database_url: str, folder: Path) -> Iterator[Served]:
    """A filled service in a process of its own, ended afterwards."""
    command = [sys.executable, "-m", "tests.contract.serving", database_url, str(folder)]
    with Popen(command, stdin=PIPE, stdout=PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Served(**orjson.loads(process.stdout.readline()))
        process.stdin.close()
        assert process.wait(30) == 0


def settings(database_url: str, folder: Path, city: City) -> Settings:
    """The demo's sources, of a city that runs here."""
    port = urlsplit(city.url).port or 0
    (folder / KEY).write_text(city.key)
    text = first_configuration(1, port).replace(f"file:{KEY}", f"file:{folder / KEY}")
    said = tomllib.loads(text.replace("details = true", "details = false"))
    service = ServiceSettings(
        public_url=PUBLIC_URL, database=database_url, data=str(folder), port=0
    )
    return Settings(
        service=service,
        fetch=FetchSettings(allow_loopback=True),
        sources=tuple(SourceSettings(**source) for source in said["source"]),
        portals=tuple(PortalSettings(id=name, filter=text) for name, text in PORTALS.items()),
    )


async def fill(house: House, city: City) -> None:
    """Have the city's sources asked, and asked again when things have changed."""
    for minute in MINUTES:
        city.minute = minute
        for source in house.settings.sources:
            await sync_source(house, source.id, progress=lambda _: None)


def known(connection: Connection) -> dict[str, dict[str, list[str]]]:
    """Kind → ids: of what is live, and of what was."""
    wanted = select(entity.c.kind, entity.c.state, entity.c.id).order_by(entity.c.no)
    found: dict[str, dict[str, list[str]]] = {"live": {}, "former": {}}
    for kind, state, id_ in connection.execute(wanted):
        group = found["live" if state == "live" else "former"]
        group.setdefault(kind, []).append(str(id_))
    return found


async def serve(database_url: str, folder: Path) -> None:
    """Fill, say where, and serve until the input ends."""
    database = Database(database_url)
    settle(database)
    database.close()
    async with fake_city() as city, open_house(settings(database_url, folder, city)) as house:
        await fill(house, city)
        there = house.database.read_now(known)
        async with listening(house) as url:
            sys.stdout.write(orjson.dumps({"url": url.rstrip("/"), **there}).decode() + "\n")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))
