"""Bodies that are sent while they are read: read once, and no further than somebody needs."""

import tracemalloc
from asyncio import sleep, timeout
from collections.abc import AsyncIterator
from contextlib import aclosing

from api.answers import Answer
from api.streams import AHEAD, Stream, Streamed

PIECE = AHEAD // 4


class Reading:
    """Pieces without end, or so many; counts those that were read."""

    def __init__(self, pieces: int = 1000, size: int = PIECE) -> None:
        self._left, self._size = pieces, size
        self.read = 0
        self.over = False

    async def pieces(self) -> AsyncIterator[bytes]:
        try:
            while self.read < self._left:
                self.read += 1
                yield b"x" * self._size
                await sleep(0)
        finally:
            self.over = True

    def stream(self, most: int) -> Stream:
        answer = Answer(status=200, headers={}, body=None, standing={})
        return Stream(Streamed({}, self.pieces(), ()), answer, most)


async def settled() -> None:
    """Everybody had a hundred turns."""
    for _ in range(100):
        await sleep(0)


async def test_all_who_follow_get_every_piece_of_one_reading() -> None:
    reading = Reading(pieces=3, size=2)
    stream = reading.stream(most=100)
    async with timeout(5):
        assert [await stream.all(), await stream.all()] == [b"x" * 6, b"x" * 6]
    assert (reading.read, stream.whole) == (3, b"x" * 6)


async def test_no_more_is_read_ahead_than_somebody_soon_needs() -> None:
    reading = Reading()
    async with aclosing(reading.stream(most=100).follow()) as pieces:
        await anext(pieces)
        await settled()
        first = reading.read
        assert first * PIECE <= AHEAD + 2 * PIECE
        for _ in range(3):
            await anext(pieces)
        await settled()
        assert reading.read == first + 3


async def test_what_all_have_of_a_long_body_is_let_go() -> None:
    stream = Reading(pieces=20).stream(most=PIECE * 2)
    tracemalloc.start()
    try:
        async with timeout(10), aclosing(stream.follow()) as pieces:
            assert sum([len(piece) async for piece in pieces]) == 20 * PIECE
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < PIECE
    assert peak < AHEAD + 5 * PIECE


async def test_who_comes_when_a_beginning_is_gone_begins_anew() -> None:
    stream = Reading(pieces=8).stream(most=PIECE * 2)
    assert stream.joinable
    async with timeout(5), aclosing(stream.follow()) as pieces:
        assert sum([len(piece) async for piece in pieces]) == 8 * PIECE
    assert (stream.joinable, stream.whole) == (False, None)


async def test_what_nobody_wants_any_more_is_not_read_on() -> None:
    reading = Reading()
    stream = reading.stream(most=100)
    async with aclosing(stream.follow()) as pieces:
        await anext(pieces)
    await settled()
    assert (reading.over, stream.joinable) == (True, False)
