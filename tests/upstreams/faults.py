"""Loopback servers written byte by byte, so that they can be as broken as real ones.

`async with serving(answer(b"…")) as upstream:` gives `upstream.url` and what was `asked`. A script
writes one answer; `serving` takes one script for every request, or one for each path.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

EXPECTED = (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError)
"""How talking to a client ends when it hangs up, or when the server is closed."""
Script = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    """A request as it arrived; `headers` are lines of bytes in their order."""

    method: str
    target: str
    headers: tuple[bytes, ...]
    body: bytes = b""

    def header(self, name: str) -> bytes | None:
        wanted = name.lower().encode()
        pairs = (line.split(b": ", 1) for line in self.headers)
        return next((value for key, value in pairs if key.lower() == wanted), None)


@dataclass
class Upstream:
    """A running server: where it is, what it was asked, how often it was connected to."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    busy: int = 0
    busiest: int = 0
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/"


@asynccontextmanager
async def serving(
    scripts: Script | Mapping[str, Script], host: str = "127.0.0.1"
) -> AsyncIterator[Upstream]:
    """Serve until the block ends; whoever is still being answered then is cut off."""
    upstream, tasks = Upstream(0, host=host), set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        upstream.connections += 1
        try:
            with contextlib.suppress(*EXPECTED):
                await _answer_one(reader, writer, scripts, upstream)
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(serve, host, 0)
    upstream.port = server.sockets[0].getsockname()[1]
    try:
        yield upstream
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


async def _answer_one(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    scripts: Script | Mapping[str, Script],
    upstream: Upstream,
) -> None:
    asked = await _read(reader)
    upstream.asked.append(asked)
    path = asked.target.partition("?")[0]
    upstream.busy += 1
    upstream.busiest = max(upstream.busy, upstream.busiest)
    try:
        await (scripts if callable(scripts) else scripts[path])(writer)
    finally:
        upstream.busy -= 1


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    method, target, _ = head[0].decode().split(" ")
    asked = Asked(method, target, tuple(line for line in head[1:] if line))
    length = int(asked.header("Content-Length") or 0)
    return Asked(method, target, asked.headers, await reader.readexactly(length))


def head(status: int = 200, *lines: str) -> bytes:
    """A status line and header lines."""
    return "\r\n".join([f"HTTP/1.1 {status} -", *lines, "Connection: close", "", ""]).encode()


def answer(body: bytes = b"", *lines: str, status: int = 200, length: int | None = None) -> Script:
    """A whole answer. `length` lies about the body's; a negative one leaves it unsaid."""
    said = len(body) if length is None else length
    framing = () if said < 0 else (f"Content-Length: {said}",)

    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(head(status, *framing, *lines) + body)
        await writer.drain()

    return script


def redirect(to: str, status: int = 302) -> Script:
    """A redirect to an address."""
    return answer(b"elsewhere", f"Location: {to}", status=status)


def drip(first: bytes = head(), piece: bytes = b"<", pause: float = 0.05) -> Script:
    """Never ends: some bytes, then one small piece after the other."""

    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return script


def slow(body: bytes, seconds: float) -> Script:
    """A whole answer, after a while."""

    async def script(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)
        await answer(body)(writer)

    return script


def reset() -> Script:
    """Hangs up without a word."""

    async def script(writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    return script


def chunked(*pieces: bytes, whole: bool = True) -> Script:
    """Chunked transfer coding; not `whole` = the last chunk never comes."""
    sent = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)

    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, "Transfer-Encoding: chunked") + sent)
        writer.write(b"0\r\n\r\n" if whole else b"")
        await writer.drain()

    return script
