"""Serve an open database over HTTP, and keep a worker beside it. Commands decide when to stop.

What asks sources is loaded only where it works in this process: serving does without.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

from aggregator.foundation import Foundation
from aggregator.working.supervisor import supervise
from api.app import make_app
from api.cli.running import Failure
from api.doors import Doors, open_doors

EVERYWHERE: Final = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared with, never bound


class Working(StrEnum):
    """Where the worker lives: in a process of its own, in this one, or elsewhere."""

    PROCESS = "process"
    INSIDE = "inside"
    ELSEWHERE = "elsewhere"


@asynccontextmanager
async def listening(ground: Foundation, stop: asyncio.Event | None = None) -> AsyncIterator[str]:
    """The service over HTTP on the configured host and port, to the end of the body or until
    `stop` is set; yields its address with a slash at the end. Raises `Failure` where the port is
    taken."""
    service = ground.settings.service
    app = make_app(ground.database, ground.settings, ground.clock)
    async with AsyncExitStack() as stack:
        try:
            doors = await stack.enter_async_context(open_doors(app, service.host, service.port))
        except OSError as error:
            said = f"cannot listen on {service.host}, port {service.port}: {error.strerror}"
            raise Failure("settings.invalid", said) from error
        closing = asyncio.create_task(_closed_at(stop or asyncio.Event(), doors))
        stack.callback(closing.cancel)
        host = "127.0.0.1" if service.host in EVERYWHERE else service.host
        yield f"http://{f'[{host}]' if ':' in host else host}:{doors.port}/"


async def _closed_at(stop: asyncio.Event, doors: Doors) -> None:
    """Close when it is time, while the worker still ends."""
    await stop.wait()
    await doors.close()


def worker_command(config: Path) -> list[str]:
    """The command line of a worker process that ends with us."""
    own = [sys.executable, "-P", "-m", "api.cli.main", "worker", "--supervised"]
    return [*own, "--config", str(config.resolve())]


async def keep_working(
    ground: Foundation,
    config: Path,
    where: Working,
    stop: asyncio.Event,
    *,
    log_to: IO[str] | None = None,
) -> None:
    """Have the sources asked until `stop` is set."""
    match where:
        case Working.PROCESS:
            await supervise(worker_command(config), stop, log_to=log_to or sys.stderr)
        case Working.INSIDE:
            await _work_inside(ground, stop)
        case Working.ELSEWHERE:
            await stop.wait()


async def _work_inside(ground: Foundation, stop: asyncio.Event) -> None:
    from aggregator.house import open_rooms
    from aggregator.working.worker import run_worker

    async with open_rooms(ground) as house:
        await run_worker(house, stop)
