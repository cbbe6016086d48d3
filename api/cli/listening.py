"""Serve an open house over HTTP, and keep a worker beside it. Commands decide when to stop."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

from aiohttp import web

from aggregator.house import House
from aggregator.settings import ServiceSettings
from aggregator.working.supervisor import supervise
from aggregator.working.worker import run_worker
from api.app import make_app
from api.cli.running import Failure

SHUTDOWN: Final = 2.0
"""Seconds that open requests may still take."""


EVERYWHERE: Final = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared with, never bound


class Working(StrEnum):
    """Where the worker lives: in a process of its own, in this one, or elsewhere."""

    PROCESS = "process"
    INSIDE = "inside"
    ELSEWHERE = "elsewhere"


@asynccontextmanager
async def listening(house: House) -> AsyncIterator[str]:
    """The service over HTTP on the configured host and port; yields its address with a slash at
    the end. Raises `Failure` where the port is taken."""
    service = house.settings.service
    app = make_app(house.database, house.settings, house.clock)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN)
    await runner.setup()
    try:
        await _start(runner, service)
        host = "127.0.0.1" if service.host in EVERYWHERE else service.host
        yield f"http://{f'[{host}]' if ':' in host else host}:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


async def _start(runner: web.AppRunner, service: ServiceSettings) -> None:
    try:
        await web.TCPSite(runner, service.host, service.port).start()
    except OSError as error:
        said = f"cannot listen on {service.host}, port {service.port}: {error.strerror}"
        raise Failure("settings.invalid", said) from error


def worker_command(config: Path) -> list[str]:
    """The command line of a worker process that ends with us."""
    own = [sys.executable, "-P", "-m", "api.cli.main", "worker", "--supervised"]
    return [*own, "--config", str(config.resolve())]


async def keep_working(
    house: House,
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
            await run_worker(house, stop)
        case Working.ELSEWHERE:
            await stop.wait()
