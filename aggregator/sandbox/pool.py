"""Warm children: as many as there are cores, lent for one order, replaced when they are worn.

Worn: 200 documents, ten minutes, 256 MiB, or any limit. At rest for a minute it is ended too: an
instance that has nothing to read keeps no reader in memory. Knows nothing of sessions but whose is
open in which child.
"""

import asyncio
import os
from collections.abc import Iterable
from contextlib import AsyncExitStack
from time import monotonic
from typing import Final

from aggregator.sandbox.frames import Frame
from aggregator.sandbox.process import STARTING, ChildProcess

MOST_DOCUMENTS: Final = 200
OLDEST: Final = 600.0
"""Seconds."""
RESTING: Final = 60.0
"""Seconds a child waits for its next order."""
MOST_MEMORY: Final = 256 * 1024 * 1024


class Pool:
    """Children at rest and how many may be out. `close` leaves no process behind."""

    def __init__(self, size: int | None = None) -> None:
        self._slots = asyncio.Semaphore(size or cores())
        self._idle: list[ChildProcess] = []
        self._leaving: dict[ChildProcess, asyncio.TimerHandle] = {}
        """When each child at rest is ended."""
        self._lent: set[ChildProcess] = set()
        self._preload: set[str] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    def expect(self, connectors: Iterable[str]) -> None:
        """Children started from now on have imported these connectors."""
        self._preload.update(connectors)

    async def lend(self, owner: object) -> ChildProcess:
        """A child, preferably the one in which `owner`'s session is open; waits for a free one.
        Raises `NotStarted`, or `Died` while it imports."""
        await self._slots.acquire()
        child = None
        try:
            child = await self._find(owner)
        finally:
            if child is None:
                self._slots.release()
        return child

    async def take_back(self, child: ChildProcess) -> None:
        """A lent child, whatever happened to it."""
        self._lent.discard(child)
        if self._closed or child.busy or not child.is_alive or is_worn(child):
            try:
                await asyncio.shield(self._end(child))
            finally:
                self._slots.release()
            return
        self._put_to_rest(child)
        self._slots.release()

    async def close(self) -> None:
        """End every child; who still holds one finds it dead."""
        self._closed = True
        for child in tuple(self._idle):
            self._wake(child)
            self._end(child)
        await asyncio.gather(*(child.end() for child in self._lent), *self._ending)

    async def _find(self, owner: object) -> ChildProcess:
        self._refuse_when_closed()
        for child in sorted(self._idle, key=lambda child: child.opened is not owner):
            self._wake(child)
            if child.is_alive and not is_worn(child):
                self._lent.add(child)
                return child
            self._end(child)
        return await self._start()

    async def _start(self) -> ChildProcess:
        child = await ChildProcess.start()
        async with AsyncExitStack() as undo:
            undo.push_async_callback(child.stop)
            if self._preload:
                load = Frame({"do": "load", "connectors": sorted(self._preload)})
                await child.ask(load, STARTING)
                child.rest()
            self._refuse_when_closed()
            undo.pop_all()
        self._lent.add(child)
        return child

    def _put_to_rest(self, child: ChildProcess) -> None:
        self._idle.append(child)
        left = min(RESTING, OLDEST - (monotonic() - child.born))
        loop = asyncio.get_running_loop()
        self._leaving[child] = loop.call_later(left, self._expire, child)

    def _wake(self, child: ChildProcess) -> None:
        self._idle.remove(child)
        self._leaving.pop(child).cancel()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise RuntimeError("the sandbox is closed")

    def _expire(self, child: ChildProcess) -> None:
        self._wake(child)
        self._end(child)

    def _end(self, child: ChildProcess) -> asyncio.Task[None]:
        task = asyncio.create_task(child.stop())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        return task


def cores() -> int:
    """How many processes can run at once."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def is_worn(child: ChildProcess) -> bool:
    """Whether a child has done enough."""
    return (
        child.documents >= MOST_DOCUMENTS
        or monotonic() - child.born >= OLDEST
        or child.memory >= MOST_MEMORY
    )
