"""Bring a source home: ask what the connector asks for, hand over the answers, gather what it
understood. Writes no row and decides nothing about records.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from itertools import islice
from time import perf_counter
from typing import Any

from aggregator.errors import SourceError, UnreadableDocument
from aggregator.fetch.asking import Asking
from aggregator.fetch.client import Fetched, Validators
from aggregator.harvest import Harvest
from aggregator.runs import Progress
from aggregator.sandbox.parent import Limits, Session
from aggregator.store.records import Stored
from connectors.base import Document, Manifest, Request, UnlessKnown
from schema import Problem

Key = tuple[str, str]

AHEAD = 4
"""How many details are asked for while one is read; the fetcher limits what one host gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the last complete run left: the validators of its first answers, in order. Empty
    when they must not be used (other settings, incomplete run)."""

    state: Any = None
    validators: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A document that was read and is kept: what its snapshot row needs."""

    fetched: Fetched
    asked: str = ""
    """The request it answers; secrets stand there as references."""
    about: str = ""
    stamp: str | None = None


@dataclass(slots=True, kw_only=True)
class Gathered:
    """What reading brought home."""

    harvest: Harvest = field(default_factory=Harvest)
    repeats: bool = False
    """The same answers as in the last complete run; nothing was read."""
    validators: list[dict[str, Any]] = field(default_factory=list)
    repeatable: bool = True
    """Whether equal first answers mean an equal source: no further pages were needed."""
    fetched: list[Fetched] = field(default_factory=list)
    """Every answer; their files are in use until the run ends."""
    documents: list[Kept] = field(default_factory=list)
    """Those that were read."""
    stages: dict[str, float] = field(default_factory=dict)
    origin: str | None = None
    """URL of the first request: follow-ups stay on its origin."""

    def spend(self, stage: str, seconds: float) -> None:
        """Count time to a stage."""
        self.stages[stage] = self.stages.get(stage, 0.0) + seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One run's reading. `stored` tells what details the store has, `replay` opens a kept detail
    document (None: it is not kept), `know` loads the fingerprints the child need not map."""

    source: str
    manifest: Manifest
    mapping: bytes
    memory: Memory
    session: Session
    fetcher: Asking
    know: Callable[[], Awaitable[list[tuple[str, str, bytes]]]]
    stored: Callable[[], Awaitable[Mapping[Key, Stored]]]
    replay: Callable[[UnlessKnown], AbstractAsyncContextManager[Document | None]]
    progress: Callable[[Progress], None]

    @property
    def limits(self) -> Limits:
        """Of one document."""
        return Limits(max_bytes=self.manifest.max_bytes, max_seconds=self.manifest.max_seconds)

    async def gather(self, gathered: Gathered) -> None:
        """Everything the source has to say now, into `gathered`. Raises `SourceError` when
        nothing of it could be had; a failure after the first answer makes the harvest
        incomplete instead."""
        requests = await self.session.start(self.memory.state)
        first = [await self._fetch(gathered, request) for request in requests]
        gathered.origin = requests[0].url if requests else None
        gathered.validators = [_validators(fetched) for fetched in first]
        if self._repeats(first):
            gathered.repeats = True
            return
        await self.session.know(await self.know())
        answers = list(zip(requests, first, strict=True))
        details = await self._read_pages(gathered, answers)
        await self._read_details(gathered, details)
        gathered.harvest.documents = len(gathered.documents)

    def _repeats(self, first: list[Fetched]) -> bool:
        known = [v["sha256"] for v in self.memory.validators]
        return bool(first) and [f.sha256 for f in first] == known

    async def _fetch(self, gathered: Gathered, request: Request) -> Fetched:
        """A lone first request is conditional; a 304 stands for the body it confirms."""
        began = perf_counter()
        first = gathered.origin is None
        lone = self.memory.validators[0] if first and len(self.memory.validators) == 1 else None
        validators = Validators(lone["etag"], lone["last_modified"]) if lone else None
        self.progress(Progress(source=self.source, stage="fetch", done=0))
        fetched = await self.fetcher.fetch(
            request,
            limits=self.limits,
            validators=validators,
            origin=gathered.origin,
        )
        gathered.spend("fetch", perf_counter() - began)
        gathered.fetched.append(fetched)
        if fetched.not_modified and lone is not None:
            return replace(fetched, **lone)
        return fetched

    async def _read_pages(
        self, gathered: Gathered, answers: list[tuple[Request, Fetched]]
    ) -> list[Request]:
        """Read the first answers and every page they lead to; what is left are details."""
        details: list[Request] = []
        asked = {identity_of(request) for request, _ in answers}
        while answers:
            request, fetched = answers.pop(0)
            try:
                following = await self._read(gathered, request, fetched)
            except UnreadableDocument as error:
                if not gathered.documents:
                    raise
                gathered.harvest.failed = gathered.harvest.failed or error.problem
                continue
            details += [r for r in following if r.unless_known is not None]
            pages = [r for r in following if r.unless_known is None]
            gathered.repeatable = gathered.repeatable and not pages
            answers += await self._fetch_pages(gathered, pages, asked)
        return details

    async def _fetch_pages(
        self, gathered: Gathered, pages: Iterable[Request], asked: set[str]
    ) -> list[tuple[Request, Fetched]]:
        answers = []
        for page in pages:
            failure = _refuse_page(page, asked, self.manifest.max_pages)
            if failure is None:
                asked.add(identity_of(page))
                try:
                    answers.append((page, await self._fetch(gathered, page)))
                except SourceError as error:
                    failure = error.problem
            gathered.harvest.failed = gathered.harvest.failed or failure
        return answers

    async def _read(self, gathered: Gathered, request: Request, fetched: Fetched) -> list[Request]:
        document = Document(
            path=fetched.path,
            url=fetched.url,
            media_type=fetched.media_type,
            charset=fetched.charset,
            tag=request.tag,
        )
        following = await self._understand(gathered, document)
        gathered.documents.append(_kept(request, fetched))
        return following

    async def _understand(self, gathered: Gathered, document: Document) -> list[Request]:
        began = perf_counter()
        following: list[Request] = []
        async for batch in self.session.read(document, self.limits):
            following += gathered.harvest.add(batch)
            for stage, seconds in batch.stages.items():
                gathered.spend(f"read.{stage}", seconds)
            done = len(gathered.harvest.drafts) + len(gathered.harvest.same)
            self.progress(Progress(source=self.source, stage="read", done=done))
        gathered.spend("read", perf_counter() - began)
        return following

    async def _read_details(self, gathered: Gathered, details: list[Request]) -> None:
        """Details that the store does not have yet, as many as the budget allows; the rest, and
        what fails, becomes partial records."""
        if not details:
            return
        stored = await self.stored()
        unknown = [r for r in details if not await self._settled(gathered, r, stored)]
        budget = self.manifest.follow_up_budget
        done = len(details) - len(unknown)
        async for request, answer in self._ahead(gathered, unknown[:budget]):
            self.progress(
                Progress(source=self.source, stage="details", done=done, total=len(details))
            )
            await self._read_detail(gathered, request, answer)
            done += 1
        for request in unknown[budget:]:
            await self._read_partial(gathered, request, "later")

    async def _settled(
        self, gathered: Gathered, request: Request, stored: Mapping[Key, Stored]
    ) -> bool:
        """Whether a detail needs no request: it is known, or its kept document could be read."""
        known = self._known(request, stored)
        if known is not None:
            gathered.harvest.same.append(known)
            return True
        return await self._replayed(gathered, request, stored)

    async def _ahead(
        self, gathered: Gathered, requests: list[Request]
    ) -> AsyncIterator[tuple[Request, Fetched | SourceError]]:
        """Answers in the order of the requests; a few are fetched while one is read."""
        waiting: deque[tuple[Request, asyncio.Task[Fetched | SourceError]]] = deque()
        left = iter(requests)
        try:
            while True:
                for request in islice(left, AHEAD - len(waiting)):
                    waiting.append((request, asyncio.create_task(self._try(gathered, request))))
                if not waiting:
                    return
                request, task = waiting.popleft()
                yield request, await task
        finally:
            for _, task in waiting:
                task.cancel()
            await asyncio.gather(*(task for _, task in waiting), return_exceptions=True)

    async def _try(self, gathered: Gathered, request: Request) -> Fetched | SourceError:
        try:
            return await self._fetch(gathered, request)
        except SourceError as error:
            return error

    def _known(self, request: Request, stored: Mapping[Key, Stored]) -> Key | None:
        wanted = request.unless_known
        assert wanted is not None
        found = stored.get((wanted.kind, wanted.native_id))
        if found is None or (found.stamp, found.mapping) != (wanted.stamp, self.mapping):
            return None
        return (wanted.kind, found.raw_key)

    async def _replayed(
        self, gathered: Gathered, request: Request, stored: Mapping[Key, Stored]
    ) -> bool:
        """Settings changed, the record did not: read the kept detail document again."""
        wanted = request.unless_known
        assert wanted is not None
        found = stored.get((wanted.kind, wanted.native_id))
        if found is None or found.stamp != wanted.stamp:
            return False
        async with self.replay(wanted) as document:
            if document is None:
                return False
            await self._understand(gathered, replace(document, tag=request.tag))
        return True

    async def _read_detail(
        self, gathered: Gathered, request: Request, answer: Fetched | SourceError
    ) -> None:
        if isinstance(answer, SourceError):
            await self._read_partial(gathered, request, answer.problem.code)
            return
        try:
            await self._read(gathered, request, answer)
        except UnreadableDocument as error:
            await self._read_partial(gathered, request, error.problem.code)

    async def _read_partial(self, gathered: Gathered, request: Request, failure: str) -> None:
        """What the list said of a record whose details could not be had."""
        gathered.harvest.details_failed += 1
        failed = Document(path=None, url=request.url, tag=request.tag, failure=failure)
        await self._understand(gathered, failed)


def about_detail(wanted: UnlessKnown) -> str:
    """What a detail document is kept under."""
    return f"{wanted.kind}/{wanted.native_id}"


def _kept(request: Request, fetched: Fetched) -> Kept:
    wanted = request.unless_known
    if wanted is None:
        return Kept(fetched=fetched, asked=identity_of(request))
    return Kept(
        fetched=fetched,
        asked=identity_of(request),
        about=about_detail(wanted),
        stamp=wanted.stamp,
    )


def identity_of(request: Request) -> str:
    """What tells a request from others of its source; secrets stand there as references."""
    return f"{request.method} {request.url} {request.query} {request.body}"


def _refuse_page(page: Request, asked: set[str], most: int) -> Problem | None:
    if identity_of(page) in asked:
        return Problem("source.repeated_page", "", "a page leads back to one already read")
    if len(asked) >= most:
        return Problem("source.too_many_pages", "", f"more than {most} pages")
    return None


def _validators(fetched: Fetched) -> dict[str, Any]:
    return {
        "sha256": fetched.sha256,
        "etag": fetched.etag,
        "last_modified": fetched.last_modified,
    }
