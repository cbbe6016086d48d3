"""The application on a socket: opened, served, and closed in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from aggregator.settings import Settings
from api.connections import Connection, Connections
from api.keys import ADMISSION, LINKS, SETTINGS

SHUTDOWN: Final = 4.0
"""Seconds that open requests may still take; so many more until what then runs is ended."""
BACKLOG: Final = 1024
"""Clients that may wait to be let in."""


class Doors:
    """A server that listens on `port`."""

    def __init__(
        self, runner: web.AppRunner, connections: Connections, listener: asyncio.Server
    ) -> None:
        self.port = int(listener.sockets[0].getsockname()[1])
        self.connections = connections
        self._runner, self._listener = runner, listener
        self._closing: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Let nobody in any more, close idle connections, and wait for what runs."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        self._listener.close()
        await self._runner.cleanup()
        self.connections.close()


@asynccontextmanager
async def open_doors(app: web.Application, host: str, port: int) -> AsyncIterator[Doors]:
    """Serve on a host and port (0: any that is free) as long as the body runs, or until it closes
    the doors. Raises `OSError` where the port is taken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN)
    await runner.setup()
    try:
        settings: Settings = app[SETTINGS]
        connections = Connections(settings.http, app[ADMISSION].trusted, app[LINKS])
        assert runner.server is not None
        _admit_first(app, runner.server)
        listener = await asyncio.get_running_loop().create_server(
            connections.factory(runner.server), host, port, backlog=BACKLOG, reuse_address=True
        )
    except OSError:
        await runner.cleanup()
        raise
    doors = Doors(runner, connections, listener)
    try:
        yield doors
    finally:
        await doors.close()


def _admit_first(app: web.Application, server: web.Server) -> None:
    """Have requests admitted before they are routed: an answer from memory needs no route."""
    admission, routed = app[ADMISSION], server.request_handler

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        assert isinstance(request, web.Request)
        assert isinstance(request.protocol, Connection)
        request.protocol.asked = True
        return await admission.admit(request, routed)

    server.request_handler = handle
