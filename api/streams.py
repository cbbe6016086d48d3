"""Bodies that are sent while they are read. All who want the same one follow the same reading, each
at its own speed, and what it read is kept in memory only as long as one of them still needs it.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from typing import Final

from aiohttp import web

from aggregator.queries import DatabaseUnavailable
from api.answers import Answer

AHEAD: Final = 4 * 1024 * 1024
"""Bytes that are read ahead of the fastest client."""


class Broken(Exception):
    """The body cannot be read to its end."""


class Streamed(web.StreamResponse):
    """What a handler gives back for a body that is to be sent while it is read: the headers, and
    the pieces. It is never sent itself. After an error of `broken_by` the body has no end."""

    def __init__(
        self,
        headers: Mapping[str, str],
        pieces: AsyncIterator[bytes],
        broken_by: tuple[type[Exception], ...],
    ) -> None:
        super().__init__(headers=headers)
        self.pieces = pieces
        self.broken_by = broken_by


class Stream:
    """A body that is being read. Up to the size `most` it is kept from its beginning, so that
    others may join and the whole can be had at the end."""

    def __init__(self, source: Streamed, answer: Answer, most: int) -> None:
        self.answer = answer
        """What is sent before the body."""
        self._most = most
        self._pieces: deque[bytes] = deque()
        self._gone = 0
        """How many pieces were let go."""
        self._size = self._given = 0
        """Bytes that were read, and that the fastest client has."""
        self._places: dict[object, int] = {}
        """Client → how many pieces it has."""
        self._news, self._room = asyncio.Event(), asyncio.Event()
        self._ended = self._broken = False
        self._task = asyncio.create_task(self._read(source))

    @property
    def joinable(self) -> bool:
        """Whether it can still be had from its beginning."""
        return self._gone == 0 and self._size <= self._most and not self._broken

    def then(self, ended: Callable[[], None]) -> None:
        """Call it when nothing is read any more."""
        self._task.add_done_callback(lambda _task: ended())

    async def all(self) -> bytes:
        """The whole body. Raises `DatabaseUnavailable` where it cannot be read to its end."""
        try:
            async with aclosing(self.follow()) as pieces:
                return b"".join([piece async for piece in pieces])
        except Broken as error:
            raise DatabaseUnavailable from error

    @property
    def whole(self) -> bytes | None:
        """All of it, once it was read to its end and is not too much to keep."""
        return b"".join(self._pieces) if self._ended and self.joinable else None

    async def follow(self) -> AsyncGenerator[bytes]:
        """The pieces from the beginning on, as they come. Raises `Broken`."""
        me, at, given = object(), 0, 0
        self._places[me] = at
        try:
            while not self._broken:
                news = self._news
                if at < self._gone + len(self._pieces):
                    piece = self._pieces[at - self._gone]
                    at, given = at + 1, given + len(piece)
                    self._move(me, at, given)
                    yield piece
                elif self._ended:
                    return
                else:
                    await news.wait()
            raise Broken
        finally:
            del self._places[me]
            if not self._places and not self._ended:
                self._task.cancel()

    def _move(self, me: object, at: int, given: int) -> None:
        self._places[me] = at
        self._given = max(self._given, given)
        self._room.set()
        if self._size > self._most:
            slowest = min(self._places.values())
            while self._gone < slowest:
                self._pieces.popleft()
                self._gone += 1

    async def _read(self, source: Streamed) -> None:
        try:
            async for piece in source.pieces:
                self._pieces.append(piece)
                self._size += len(piece)
                self._tell()
                while self._size - self._given > AHEAD:
                    self._room.clear()
                    await self._room.wait()
            self._ended = True
        except source.broken_by:
            self._broken = True
        finally:
            self._broken = self._broken or not self._ended
            self._tell()

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


async def pour(request: web.Request, response: web.StreamResponse, stream: Stream) -> None:
    """Send a stream. Where it breaks off the connection ends early, so that no client takes what
    it has for the whole."""
    await response.prepare(request)
    try:
        async with aclosing(stream.follow()) as pieces:
            async for piece in pieces:
                await response.write(piece)
    except Broken:
        if request.transport is not None:
            request.transport.abort()
        return
    await response.write_eof()
