"""The sandbox as the aggregator sees it: sessions in which hostile documents are read.

Each order goes to a warm child under limits; what a child understood comes back in batches. A
child that dies is replaced; what killed it is named. Decides nothing about records.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Final, Self

from aggregator.errors import SourceError, UnreadableDocument
from aggregator.fetch.limits import Limits
from aggregator.harvest import Batch
from aggregator.sandbox.frames import BadFrame, Frame
from aggregator.sandbox.messages import (
    Delivery,
    Known,
    Order,
    delivery_of,
    opening_frame,
    order_frame,
    requests_of,
    value,
)
from aggregator.sandbox.pool import Pool
from aggregator.sandbox.process import ChildProcess, Died
from connectors.base import Document, Facts, Request
from schema import Problem

__all__ = ["Limits", "Opening", "Sandbox", "Session"]

SECONDS: Final = 30.0
"""For everything but reading a document: opening a session, its first requests."""
SUSPICIOUS: Final = 1.0
"""Seconds in one record's mapping that make it the likely reason for an exceeded limit."""
CODES: Final = {
    "time": ("document.limit_time", "reading it took too long"),
    "cpu": ("document.limit_cpu", "reading it took too much computing"),
    "memory": ("document.limit_memory", "reading it took too much memory"),
    "killed": ("document.unreadable", "its reader was ended from outside"),
    "crash": ("document.unreadable", "its reader crashed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a session needs: connector (entry point, or `module:Class`), its settings with secret
    references, what mapping sees of the source, and (kind, raw key, fingerprint) of what is
    known: a raw with such a fingerprint is neither mapped nor sent."""

    connector: str
    settings: dict[str, Any]
    facts: Facts
    known: Known = ()


class Sandbox:
    """The pool of children; leaving it ends them all."""

    def __init__(self, size: int | None = None) -> None:
        self._pool = Pool(size)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def expect(self, *connectors: str) -> None:
        """Children started from now on have imported these connectors."""
        self._pool.expect(connectors)

    async def prewarm(self, *connectors: str) -> None:
        """Have a child ready; it, and all later ones, have imported these connectors. Raises
        `NotStarted` where none comes up."""
        self.expect(*connectors)
        child = await self._pool.lend(None)
        await self._pool.take_back(child)

    @asynccontextmanager
    async def session(self, opening: Opening) -> AsyncIterator["Session"]:
        """A session. Between orders it holds no child, so that sources which are waited for
        take no place from others; leaving it ends what is still being read."""
        self._pool.expect([opening.connector])
        session = Session(self._pool, opening)
        try:
            yield session
        finally:
            await session.close()

    async def close(self) -> None:
        """End every child."""
        await self._pool.close()


class Session:
    """One source's documents, read one after the other."""

    def __init__(self, pool: Pool, opening: Opening) -> None:
        self._pool = pool
        self._opening = opening
        self._token = object()
        self._child: ChildProcess | None = None
        self._closed = False

    async def start(self, state: Any) -> tuple[Request, ...]:
        """The connector's first requests; `state` is its last cursor's data. Raises
        `SourceError`."""
        async with self._lent() as child:
            try:
                await self._open(child)
                answer = await child.ask(Frame({"do": "start", "state": state}), SECONDS)
            except Died as died:
                raise UnreadableDocument(_problem(died)) from None
            child.rest()
            _raise_problem(answer, UnreadableDocument)
            return requests_of(answer)

    async def know(self, known: Known) -> None:
        """From now on these (kind, raw key, fingerprint) are known, instead of the opening's."""
        self._opening = replace(self._opening, known=known)
        self._token = object()

    async def read(self, document: Document, limits: Limits) -> AsyncGenerator[Batch, None]:
        """What a document says, in the order of reading. Raises `SourceError`; batches that came
        before it hold what could be read until then.

        A child that dies after its connector delivered something is replaced once: reading goes
        on behind the last delivered record, without the one in work if that is to blame.
        """
        order, delivered, repeated = Order(document=_located(document)), 0, False
        while True:
            async with self._lent() as child:
                try:
                    await self._open(child)
                    async for delivery in _deliveries(child, order, limits.max_seconds):
                        delivered = delivery.upto
                        yield delivery.batch
                except Died as died:
                    if repeated or not (died.note.items or died.cause == "killed"):
                        raise UnreadableDocument(_problem(died)) from None
                    order, repeated = _repeated(order, delivered, died), True
                else:
                    return

    async def close(self) -> None:
        """End what is still being read; nothing can be asked any more."""
        self._closed = True
        if self._child is not None:
            await self._give_back(self._child)

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[ChildProcess]:
        if self._closed or self._child is not None:
            raise RuntimeError("a session reads one document at a time, and none once closed")
        child = self._child = await self._pool.lend(self._token)
        try:
            yield child
        finally:
            await self._give_back(child)

    async def _give_back(self, child: ChildProcess) -> None:
        if self._child is child:
            self._child = None
            await self._pool.take_back(child)

    async def _open(self, child: ChildProcess) -> None:
        """Open this session in a child, unless it is."""
        if child.opened is self._token:
            return
        opening = self._opening
        frame = opening_frame(opening.connector, opening.settings, opening.facts, opening.known)
        answer = await child.ask(frame, SECONDS)
        child.rest()
        child.opened = None
        _raise_problem(answer, SourceError)
        child.opened = self._token


async def _deliveries(child: ChildProcess, order: Order, seconds: float) -> AsyncIterator[Delivery]:
    """The batches of one document. `seconds` counts while we wait for the child, not while the
    child waits for us."""
    began = monotonic()
    frame = await child.ask(order_frame(order), seconds)
    while True:
        seconds -= monotonic() - began
        if frame.header.get("is") == "problem":
            child.rest(documents=1)
        _raise_problem(frame, UnreadableDocument)
        delivery = _understood(frame)
        if delivery.last:
            child.rest(documents=1, memory=delivery.memory)
        yield delivery
        if delivery.last:
            return
        began = monotonic()
        frame = await child.listen(seconds)


def _understood(frame: Frame) -> Delivery:
    try:
        return delivery_of(frame)
    except BadFrame:
        said = "its reader answered nonsense"
        raise UnreadableDocument(Problem("document.unreadable", message=said)) from None


def _raise_problem(frame: Frame, kind: type[SourceError]) -> None:
    if frame.header.get("is") == "problem":
        raise kind(value(Problem, frame.header["problem"]))


def _located(document: Document) -> Document:
    """A document whose path holds in any working directory."""
    if document.path is None:
        return document
    return replace(document, path=str(Path(document.path).absolute()))


def _repeated(order: Order, delivered: int, died: Died) -> Order:
    """The order that goes on behind what was delivered. A record that was being mapped is left
    out if it is to blame: whoever is just slow must not cost a record that happened to be next."""
    note, reason = died.note, _problem(died).message
    alone = died.cause in ("memory", "crash") or died.ended - note.since >= SUSPICIOUS
    blamed = note.since > 0 and alone
    return replace(order, skip=delivered, poison=note.items - 1 if blamed else None, reason=reason)


def _problem(died: Died) -> Problem:
    code, message = CODES[died.cause]
    return Problem(code, message=f"{message} ({died.detail})" if died.detail else message)
