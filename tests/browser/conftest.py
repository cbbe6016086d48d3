"""A real browser before a served instance with the kinds of content that break layouts.

Needs the `browser` extra and a Chromium; `CHROMIUM` names another one than the system's.
Screenshots go to the folder `SCREENSHOTS` names, else to a temporary one.
"""

import os
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from pathlib import Path
from shutil import copy
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import Connection

from aggregator.queries import Database
from aggregator.settings import ServiceSettings, Settings
from aggregator.store.compression import compress
from aggregator.store.tables import record_version, withheld
from api.app import make_app
from tests.api.seeding import (
    HOUR,
    NOW,
    FixedClock,
    add_day_count,
    add_entities,
    add_entity,
    add_event,
    add_record,
    add_run,
    add_source,
    body,
    touch,
)
from tests.browser.furnishing import furnish_pages

HERE = Path(__file__).parent
NPM = ("--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
PROBLEM = '{{"code": "{}", "path": "", "message": ""}}'
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
DESCRIPTION = "Wir gießen junge Bäume, pflegen Beete und reden mit allen, die vorbeikommen. " * 9


class Visit:
    """A page in the browser, what it asked for and what went wrong on it."""

    def __init__(self, page: Any, origin: str, shots: Path) -> None:
        self.page = page
        self.origin = origin
        self.shots = shots
        self.asked: list[str] = []
        self.troubles: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda said: self.troubles.append(said.text))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))

    async def open(self, path: str, status: int = 200) -> None:
        """Go to a path of the instance."""
        answer = await self.page.goto(f"{self.origin}{path}")
        assert answer.status == status

    async def shoot(self, name: str) -> None:
        """Keep a picture of the whole page."""
        await self.page.screenshot(path=self.shots / f"{name}.png", full_page=True)

    def foreign(self) -> list[str]:
        """Addresses asked for that are not of this instance."""
        host = urlsplit(self.origin).netloc
        return [address for address in self.asked if urlsplit(address).netloc != host]


Visiting = Callable[..., AbstractAsyncContextManager[Visit]]


def furnish(connection: Connection) -> None:
    """Sources in every condition, runs of every kind, offers with much, little and odd text."""
    add_source(connection)
    add_source(connection, "stadtkalender", outcome="unchanged", checked=NOW - 2 * HOUR)
    add_source(connection, "altstadt", next_due=NOW - 30 * HOUR)
    failed = PROBLEM.format("source.refused")
    add_source(connection, "kaputt", outcome="refused", failures=7, problem=failed)
    held = PROBLEM.format("run.held")
    add_source(connection, "leer", outcome="held", problem=held)
    never = {"outcome": None, "checked": None, "succeeded": None, "next_due": None}
    facts = f'{{"id": "neu", "name": "{LONG}", "licence": "unknown"}}'
    add_source(connection, "neu", facts=facts, **never)
    add_day_count(connection, date(2026, 11, 20), "offer", "open", 429)
    add_day_count(connection, date(2026, 11, 20), "organisation", "", 249)
    add_record(connection, 1, missing_since=NOW - HOUR)
    for outcome, problem in (("unchanged", None), ("refused", failed), ("held", held)):
        add_run(connection, "kaputt", outcome=outcome, problem=problem)
    add_run(connection, ended=None, outcome=None, counts=None)
    add_entities(connection, "organisation", 4)
    add_entities(connection, "offer", 9)
    _odd_offers(connection)
    _events(connection)
    _held_run(connection)
    furnish_pages(connection)


def _events(connection: Connection) -> None:
    """What goes on, recurs, is called off, has a long name, or another language and zone."""
    add_event(connection, 1, (NOW - 100 * HOUR, NOW + 200 * HOUR))
    add_event(connection, 2, *((NOW + n * 24 * HOUR, NOW + (n * 24 + 2) * HOUR) for n in range(9)))
    cancelled = {"status": "cancelled", "organiser": {"name": LONG}}
    odd: list[dict[str, Any]] = [
        {"title": {"de": LONG}, "place": {"name": LONG, "locality": "Halle (Saale)"}, **cancelled},
        {"title": {"pt": "Plantar árvores no parque da cidade"}, "status": "moved_online"},
        {"title": {"de": DESCRIPTION}, "status": "postponed", "url": None, "place": None},
        {"attendance": "online", "status": "rescheduled", "place": None},
    ]
    for number, fields in enumerate(odd, 3):
        add_event(connection, number, (NOW + number * HOUR, NOW + (number + 1) * HOUR))
        touch(connection, "event", number, **fields)


def _held_run(connection: Connection) -> None:
    """Run 5: it changed much, and would remove something with a long name."""
    add_source(connection, "rastend", paused=True, paused_why="run.rolled_back")
    add_run(
        connection,
        outcome="held",
        held='[["offer", "2", "removal"], ["offer", "fort", "change"]]',
        problem=PROBLEM.format("run.held"),
        findings='{"text.cut": {"count": 3, "examples": []}}',
        cause="request",
    )
    long = orjson.dumps({"title": {"de": LONG}, "description": {"de": LONG * 9}})
    add_record(connection, 2, body=long, first_run=1)
    short = orjson.dumps({"title": {"de": "Kurz"}, "description": {"de": DESCRIPTION}})
    kept = {"run": 5, "superseded": NOW, "body": compress(short)}
    connection.execute(record_version.insert().values(record_no=2, **kept))
    item = {"source": "agentur", "kind": "offer", "native_id": "2", "what": "removal"}
    connection.execute(withheld.insert().values(**item, since=NOW - HOUR, run=5))


def _odd_offers(connection: Connection) -> None:
    odd: list[dict[str, Any]] = [
        {"title": {"de": LONG}, "description": {"de": LONG * 3}, "summary": None},
        {"title": {"pt": "Plantar árvores no parque da cidade"}, "summary": {"pt": "Ao sábado."}},
        {"title": {"de": "Ohne alles"}, **dict.fromkeys(("summary", "url", "respond", "status"))},
        {"title": {"de": "Viel Text"}, "summary": None, "description": {"de": DESCRIPTION}},
    ]
    for number, fields in enumerate(odd, 50):
        add_entity(connection, "offer", number, body("offer", number, **fields))


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core as one script, installed by npm into a folder that is thrown away."""
    folder = tmp_path_factory.mktemp("axe")
    copy(HERE / "package.json", folder)
    subprocess.run(["npm", "install", *NPM], cwd=folder, check=True)
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture
async def instance(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a furnished instance, without a slash at its end."""
    database = Database(f"sqlite:///{copy(sqlite_template, tmp_path / 'browser.db')}")
    database.write_now(furnish)
    settings = Settings(service=ServiceSettings(title="Klima in Halle"))
    async with TestServer(make_app(database, settings, FixedClock())) as server:
        yield str(server.make_url("")).rstrip("/")
    database.close()


@pytest.fixture
def visiting(instance: str, tmp_path: Path) -> Visiting:
    """Open a browser window of a size: `async with visiting(width, height) as visit`."""
    shots = Path(os.environ.get("SCREENSHOTS", tmp_path))
    shots.mkdir(parents=True, exist_ok=True)
    return visiting_at(instance, shots)


def visiting_at(instance: str, shots: Path) -> Visiting:
    """As `visiting`, for the instance at an address."""

    @asynccontextmanager
    async def visit(width: int, height: int = 900, **context: Any) -> AsyncIterator[Visit]:
        from playwright.async_api import async_playwright  # only these tests need the extra

        async with async_playwright() as driver:
            browser = await driver.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=QUIET
            )
            page = await browser.new_page(
                viewport={"width": width, "height": height}, locale="de-DE", **context
            )
            yield Visit(page, instance, shots)
            await browser.close()

    return visit
