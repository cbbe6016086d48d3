"""A TCP proxy on loopback that breaks what passes through it, as a script says.

`async with proxy(port, scripts) as (its_port): …`: each connection takes the next script. Knows
nothing of HTTP; `faulty.py` runs real syncs through it.
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

HOST: Final = "127.0.0.1"
PIECE: Final = 4096
DRIP_PIECE: Final = 16
DRIP_PAUSE: Final = 0.05
ENDED: Final = (ConnectionError, OSError, asyncio.IncompleteReadError)


class Fault(StrEnum):
    """What happens to a connection."""

    NONE = "none"  # everything passes
    DELAY = "delay"  # nothing comes back for a while
    DRIP = "drip"  # from a byte on, a few bytes at a time
    CUT = "cut"  # after some bytes it is closed in good order
    RESET = "reset"  # after some bytes it is torn off
    BLACK_HOLE = "black_hole"  # after some bytes nothing passes any more, and nobody hangs up
    DUPLICATE = "duplicate"  # the request arrives twice
    HALF_CLOSE = "half_close"  # after some bytes we say no more, and go on listening
    CUT_REQUEST = "cut_request"  # the request breaks off on its way


@dataclass(frozen=True, slots=True)
class Script:
    """One connection's fate: the fault, after how many bytes, for how many seconds."""

    fault: Fault = Fault.NONE
    after: int = 0
    seconds: float = 0.0


def random_script(chance: Random, most_bytes: int, most_seconds: float) -> Script:
    """Any fault, anywhere."""
    fault = chance.choice(tuple(Fault))
    return Script(fault, chance.randint(0, most_bytes), chance.uniform(0, most_seconds))


@asynccontextmanager
async def proxy(upstream: int, scripts: Callable[[], Script]) -> AsyncIterator[int]:
    """A proxy before a port of loopback → its own port. Whatever is open at the end is cut."""
    tasks = set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        try:
            with suppress(*ENDED, asyncio.CancelledError):
                await _connect(scripts(), upstream, reader, writer)
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(serve, HOST, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


async def _connect(
    script: Script, upstream: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    there, sink = await asyncio.open_connection(HOST, upstream)
    echo = await _echo(upstream) if script.fault is Fault.DUPLICATE else None
    sending = asyncio.create_task(_send(script, reader, sink, echo))
    try:
        await _answer(script, there, writer)
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        for each in (sink, echo):
            if each is not None:
                each.transport.abort()


async def _echo(upstream: int) -> asyncio.StreamWriter:
    """A second connection that gets the same request; nobody reads what comes back."""
    _, sink = await asyncio.open_connection(HOST, upstream)
    return sink


async def _send(
    script: Script,
    reader: asyncio.StreamReader,
    sink: asyncio.StreamWriter,
    echo: asyncio.StreamWriter | None,
) -> None:
    """What the client says, to the server."""
    left = script.after // 8 if script.fault is Fault.CUT_REQUEST else None
    while data := await reader.read(PIECE):
        data = data if left is None else data[:left]
        left = None if left is None else left - len(data)
        for each in (sink, echo):
            if each is not None:
                each.write(data)
                await each.drain()
        if left == 0:
            sink.close()
            return


async def _answer(
    script: Script, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """What the server says, to the client, until the fault strikes."""
    if script.fault is Fault.DELAY:
        await asyncio.sleep(script.seconds)
    left = script.after if script.fault in STRIKES else None
    while data := await reader.read(PIECE):
        strikes = left is not None and left <= len(data)
        writer.write(data[:left] if strikes else data)
        await writer.drain()
        if strikes:
            await STRIKES[script.fault](data[left:], reader, writer)
            return
        left = None if left is None else left - len(data)


async def _drip(rest: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while rest:
        for start in range(0, len(rest), DRIP_PIECE):
            writer.write(rest[start : start + DRIP_PIECE])
            await writer.drain()
            await asyncio.sleep(DRIP_PAUSE)
        rest = await reader.read(PIECE)


async def _cut(_: bytes, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()
    await writer.wait_closed()


async def _reset(_: bytes, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    own: socket.socket = writer.get_extra_info("socket")
    own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _swallow(_: bytes, reader: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
    while await reader.read(PIECE):
        pass
    await asyncio.Event().wait()


async def _half_close(_: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write_eof()
    while await reader.read(PIECE):
        pass
    await asyncio.sleep(DRIP_PAUSE)


STRIKES: Final = {
    Fault.DRIP: _drip,
    Fault.CUT: _cut,
    Fault.RESET: _reset,
    Fault.BLACK_HOLE: _swallow,
    Fault.HALF_CLOSE: _half_close,
}
"""Faults that strike after some bytes of the answer: (rest, reader, writer)."""
