"""`allmende demo`: a fake city, a server and a worker, all on this machine, to look at."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.options import AsJson

if TYPE_CHECKING:
    from aggregator.foundation import Foundation
    from api.demo.city import City
    from api.demo.folder import Kept

Data = Annotated[Path, typer.Option("--data", help="Folder in which the demo keeps everything.")]
Port = Annotated[
    int | None,
    typer.Option("--port", min=1, max=65535, help="Port to listen on.", show_default=False),
]
Say = Callable[[str, dict[str, Any]], None]
"""Takes an event's name and what belongs to it."""


def demo(*, data: Data = Path("allmende-demo"), port: Port = None, as_json: AsJson = False) -> None:
    """Start a fake city and everything around it, to look at."""
    began = monotonic()
    from api.cli.demo_telling import telling
    from api.cli.logs import log_to_stderr
    from api.cli.running import Failure, explained, run
    from api.demo.folder import InUse, occupied

    with explained(as_json=as_json), telling(as_json=as_json) as say:
        try:
            with occupied(data):
                log_to_stderr()
                run(lambda stop: _demo(data.resolve(), port, stop, say, began))
        except InUse:
            said = f"a demo is running in {data} already"
            raise Failure("settings.invalid", said) from None
        say("ended", {"data": str(data)})


async def _demo(
    folder: Path, port: int | None, stop: asyncio.Event, say: Say, began: float
) -> None:
    from aggregator import configuration
    from aggregator.configuring.published import write
    from aggregator.foundation import open_foundation
    from api.cli.listening import Working, keep_working, listening
    from api.demo.folder import CONFIGURATION, settle

    say("starting", {"data": str(folder)})
    now = await _now(folder)
    kept = settle(folder, now, port)
    (folder / "allmende.schema.json").write_text(write(), "utf-8")
    file = folder / CONFIGURATION
    with (folder / "worker.log").open("a") as log:
        async with (
            _running_city(folder, kept, now) as city,
            open_foundation(configuration.load(file)) as ground,
            listening(ground) as url,  # to the end: it watches itself through its own door
        ):
            say("listening", {"url": url, "city": city.url, "log": str(folder / "worker.log")})
            async with _beside(_tell(ground, url, city, say, began)):
                await keep_working(ground, file, Working.PROCESS, stop, log_to=log)


async def _now(folder: Path) -> int:
    """The database's time, in Unix seconds."""
    from aggregator.queries import Database
    from aggregator.working.clock import DatabaseClock

    database = Database(f"sqlite:///{folder / 'allmende.db'}")
    try:
        return int((await database.read(DatabaseClock().now)).timestamp())
    finally:
        database.close()


@asynccontextmanager
async def _running_city(folder: Path, kept: "Kept", now: int) -> AsyncIterator["City"]:
    """The city, as old as it is by now."""
    from api.demo.city import City, fake_city
    from api.demo.folder import key

    began = monotonic()

    def minute() -> int:
        return max(0, int(now - kept.birth + monotonic() - began) // 60)

    city = City(key=key(folder), seed=kept.seed, birth=kept.birth, minute=minute)
    async with fake_city(city, port=kept.city_port):
        yield city


@asynccontextmanager
async def _beside(work: Any) -> AsyncIterator[None]:
    """Run something beside the body, until the body ends."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _tell(ground: "Foundation", url: str, city: "City", say: Say, began: float) -> None:
    """Say how far the first run is, when all is ready, and then what every run changed."""
    from api.cli.demo_watching import first_run, later_runs

    def tell(standing: dict[str, int]) -> None:
        say("progress", {"asked": len(city.visits), **standing})

    standing = await first_run(ground, url, tell)
    pages = {name: url + path for name, path in PAGES.items()} | {"city": city.url}
    say("ready", {**standing, "seconds": round(monotonic() - began, 1), "urls": pages})
    async for run in later_runs(ground):
        say("run", run)


PAGES = {
    "start": "",
    "offers": "v1/offers",
    "events": "v1/events",
    "calendar": "v1/events.ics",
    "changes": "v1/changes",
    "monitor": "admin",
}
