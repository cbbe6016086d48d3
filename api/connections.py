"""Connections, and how much of us a client may hold on to with them. Knows no route.

A client that dribbles its request, takes nothing of its answer, or opens ever more connections is
cut off, so that the others are served. One look at all connections every now and then does it;
nothing runs for a single one.
"""

import asyncio
import fcntl
import logging
import struct
import termios
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, cast

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from aggregator.settings import HttpSettings
from api.clients import Trusted, counted
from api.headers import DATA, standing
from api.links import Links
from api.policies import STRICT
from api.problems import HttpProblem, answer, document

LONGEST_TARGET: Final = 8190
LONGEST_HEADER: Final = 16_384
MOST_HEADERS: Final = 100
LINGERING: Final = 5.0
"""Seconds in which a body that nobody reads may still come."""
LOOKS: Final = 4
"""How often within the shortest of the times all connections are looked at."""
RAREST: Final = 5.0
SLOWEST: Final = 16 * 1024
"""Bytes that a client takes at least within `send_time`."""
RETRY: Final = "5"

log = logging.getLogger(__name__)


class Connection(web.RequestHandler):
    """One connection."""

    def __init__(self, connections: "Connections", server: web.Server, idle: float) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=idle,
            access_log=cast("logging.Logger", None),
            lingering_time=LINGERING,
            max_line_size=LONGEST_TARGET,
            max_field_size=LONGEST_HEADER,
            max_headers=MOST_HEADERS,
            auto_decompress=False,
        )
        self._connections = connections
        self.wire: asyncio.Transport | None = None
        self.client: str | None = None
        """Whose it is; None for a trusted proxy's."""
        self.began = 0.0
        """When it was opened (the loop's time)."""
        self.asked = False
        """Whether a whole request came."""
        self.unsent: tuple[int, float] | None = None
        """How many bytes were waiting for the client, and since when."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take it, or refuse it where there are too many."""
        wire = self.wire = cast("asyncio.Transport", transport)
        if self._connections.take(self):
            super().connection_made(transport)
        else:
            wire.write(self._connections.refusal)
            wire.close()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget it."""
        self._connections.leave(self)
        super().connection_lost(exc)

    def resume_writing(self) -> None:
        """The client took a good part of what was waiting."""
        self.unsent = None
        super().resume_writing()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What the server itself has to refuse, and errors of ours, as problem documents. Clients'
        addresses are not logged, nor is what they got wrong."""
        del message
        if status >= 500:
            log.error("%s %s failed", request.method, request.path, exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("the answer was begun already")
        refusal = answer(_problem(status, exc), self._connections.links)
        refusal.headers.update(standing(DATA, STRICT))
        refusal.force_close()
        return refusal


def _problem(status: int, error: BaseException | None) -> HttpProblem:
    if status >= 500:
        return HttpProblem(status=500, code="request.failed")
    if isinstance(error, LineTooLong):
        if error.args[1] == LONGEST_TARGET:
            return HttpProblem(status=414, code="request.target_too_long")
        return HttpProblem(status=431, code="request.headers_too_large")
    if "Too many headers" in str(error):
        return HttpProblem(status=431, code="request.headers_too_large")
    return HttpProblem(status=400, code="request.malformed")


class Connections:
    """All connections of a server."""

    def __init__(self, http: HttpSettings, trusted: Trusted, links: Links) -> None:
        self.links = links
        self.refusal = _refusal(links)
        self._http = http
        self._trusted = trusted
        self._open: set[Connection] = set()
        self._of: Counter[str] = Counter()
        self._looking: asyncio.TimerHandle | None = None

    def of(self, client: str) -> int:
        """How many a client has."""
        return self._of[client]

    def factory(self, server: web.Server) -> Callable[[], Connection]:
        """What makes a connection of every client that connects."""
        return lambda: Connection(self, server, self._http.idle_time)

    def take(self, connection: Connection) -> bool:
        """Count a connection in; False where there are too many."""
        loop = asyncio.get_running_loop()
        assert connection.wire is not None
        peer = connection.wire.get_extra_info("peername")
        address = peer[0] if isinstance(peer, tuple) else None
        client = None if self._trusted.trusts(address) else counted(address or "")
        if len(self._open) >= self._http.connections:
            return False
        if client is not None and self._of[client] >= self._http.connections_per_client:
            return False
        connection.client, connection.began = client, loop.time()
        self._open.add(connection)
        if client is not None:
            self._of[client] += 1
        if self._looking is None:
            self._looking = loop.call_later(self._pause(), self._look)
        return True

    def leave(self, connection: Connection) -> None:
        """Count it out."""
        if connection not in self._open:
            return
        self._open.remove(connection)
        if connection.client is not None:
            self._of[connection.client] -= 1
            if not self._of[connection.client]:
                del self._of[connection.client]

    def close(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()

    def _pause(self) -> float:
        return min(self._http.header_time / LOOKS, self._http.send_time / LOOKS, RAREST)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection in tuple(self._open):
            if self._is_late(connection, now) or self._is_stuck(connection, now):
                assert connection.wire is not None
                connection.wire.abort()
        self._looking = loop.call_later(self._pause(), self._look) if self._open else None

    def _is_late(self, connection: Connection, now: float) -> bool:
        return not connection.asked and now - connection.began > self._http.header_time

    def _is_stuck(self, connection: Connection, now: float) -> bool:
        wire = connection.wire
        assert wire is not None
        if not wire.get_write_buffer_size():
            connection.unsent = None
            return False
        waiting = wire.get_write_buffer_size() + _in_kernel(wire)
        if connection.unsent is None or waiting <= connection.unsent[0] - SLOWEST:
            connection.unsent = (waiting, now)
            return False
        return now - connection.unsent[1] > self._http.send_time


def _in_kernel(wire: asyncio.Transport) -> int:
    """Bytes that the kernel holds for a client that has not confirmed them; 0 where it does not
    tell (a Unix socket)."""
    socket: Any = wire.get_extra_info("socket")
    buffer = bytearray(4)
    try:
        fcntl.ioctl(socket.fileno(), termios.TIOCOUTQ, buffer)
    except OSError:
        return 0
    return int(struct.unpack("i", buffer)[0])


def _refusal(links: Links) -> bytes:
    body = document(HttpProblem(status=503, code="request.too_many_connections"), links)
    lines = [
        "HTTP/1.1 503 Service Unavailable",
        "Content-Type: application/problem+json",
        "Cache-Control: no-store",
        f"Retry-After: {RETRY}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body
