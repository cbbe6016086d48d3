"""The application as `allmende serve` opens it, and plain sockets that talk to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aggregator.queries import Database
from aggregator.settings import HttpSettings, ServiceSettings, Settings
from api.app import make_app
from api.doors import Doors, open_doors
from tests.api.conftest import EXACT
from tests.api.seeding import PUBLIC_URL, FixedClock

HOST = "127.0.0.1"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Heard = tuple[int, dict[str, str], bytes]


@asynccontextmanager
async def opened(database: Database, http: HttpSettings = EXACT) -> AsyncIterator[Doors]:
    """Doors of an application over a database."""
    settings = Settings(service=ServiceSettings(public_url=PUBLIC_URL), http=http)
    async with open_doors(make_app(database, settings, FixedClock()), HOST, 0) as doors:
        yield doors


async def connected(doors: Doors, source: str = HOST) -> Streams:
    """A connection from an address of this machine."""
    return await asyncio.open_connection(HOST, doors.port, local_addr=(source, 0))


def get(path: str, *headers: str, method: str = "GET") -> bytes:
    """A request on a connection that stays open."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


async def heard(reader: asyncio.StreamReader) -> Heard:
    """The next answer: status, headers in small letters, body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return int(head[0].split()[1]), headers, body


async def asked(doors: Doors, request: bytes, source: str = HOST) -> Heard:
    """One request on a connection of its own → its answer."""
    reader, writer = await connected(doors, source)
    writer.write(request)
    try:
        return await heard(reader)
    finally:
        writer.close()


async def ended(reader: asyncio.StreamReader) -> bytes:
    """Everything until the other side ends the connection, however it does."""
    said = b""
    try:
        while piece := await reader.read(1 << 16):
            said += piece
    except ConnectionError:
        pass
    return said
