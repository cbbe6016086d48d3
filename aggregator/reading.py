"""Bring a source home: ask what the connector asks for, hand over the answers, gather what it
understood. Writes no row and decides nothing about records.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from itertools import islice
from time import perf_counter
from typing import Any

from aggregator.errors import (
    Discontinued,
    RateLimited,
    Refused,
    SourceError,
    Unreachable,
    UnreadableDocument,
)
from aggregator.fetch.asking import Asking
from aggregator.fetch.client import Fetched, Validators
from aggregator.fetch.hops import moved_request, same_origin
from aggregator.harvest import Harvest
from aggregator.runs import Progress
from aggregator.sandbox.parent import Limits, Session
from aggregator.store.records import Stored
from connectors.base import Document, Manifest, Request, UnlessKnown
from schema import Level, Problem

Key = tuple[str, str]

DAY_SECONDS = 24 * 3600.0
"""A page made for people that cannot be asked conditionally is asked once a day at most."""
AHEAD = 4
"""How many details are asked for while one is read; the fetcher limits what one host gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the last complete run left: the validators of its first answers, in order; empty after
    an incomplete one. `current`: they belong to this mapping, so that equal answers need no
    reading. `moves`: addresses that moved for good, and where to."""

    state: Any = None
    validators: tuple[Mapping[str, Any], ...] = ()
    current: bool = True
    moves: Mapping[str, str] = field(default_factory=dict)


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
    """URL of the first request: follow-ups stay on its origin, or on the one it moved to."""
    moved: dict[str, str | None] = field(default_factory=dict)
    """Address of a first request → where it leads for good (None: nowhere, or its new address
    failed)."""
    retry_after: float | None = None
    """Seconds a follow-up was asked to wait (0: no time was named); nothing is asked for then."""
    fresh_for: float | None = None
    """Seconds for which every first answer stays true by its own word."""

    def spend(self, stage: str, seconds: float) -> None:
        """Count time to a stage."""
        self.stages[stage] = self.stages.get(stage, 0.0) + seconds

    def be_patient(self, seconds: float) -> None:
        """The source asked to be left alone for so long; of several wishes the longest counts."""
        self.retry_after = max(self.retry_after or 0.0, seconds)


async def _not_kept(_: str) -> str | None:
    return None


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
    reopen: Callable[[str], Awaitable[str | None]] = _not_kept
    """Takes a kept document of a SHA-256 in use again → its path; None: it is not kept."""

    @property
    def limits(self) -> Limits:
        """Of one document."""
        return Limits(max_bytes=self.manifest.max_bytes, max_seconds=self.manifest.max_seconds)

    async def gather(self, gathered: Gathered) -> None:
        """Everything the source has to say now, into `gathered`. Raises `SourceError` when
        nothing of it could be had; a failure after the first answer makes the harvest
        incomplete instead."""
        requests = await self.session.start(self.memory.state)
        known = self._known_answers(requests)
        first = [
            await self._fetch_first(gathered, request, before)
            for request, before in zip(requests, known, strict=True)
        ]
        gathered.origin = requests[0].url if requests else None
        if self.memory.current and self._repeats(first):
            self._note(gathered, requests, first)
            gathered.repeats = True
            return
        whole = zip(requests, first, strict=True)
        answers = [(request, await self._whole(gathered, request, got)) for request, got in whole]
        self._note(gathered, requests, [fetched for _, fetched in answers])
        await self.session.know(await self.know())
        details = await self._read_pages(gathered, answers)
        await self._read_details(gathered, details)
        gathered.harvest.documents = len(gathered.documents)

    def _known_answers(self, requests: Sequence[Request]) -> list[Mapping[str, Any] | None]:
        """What is known of each first request's last answer, in the same order."""
        known = self.memory.validators
        if len(known) != len(requests):
            return [None] * len(requests)
        old = None if len(known) == 1 else ""  # noted before the request was
        pairs = zip(requests, known, strict=True)
        return [k if k.get("asked") in (identity_of(r), old) else None for r, k in pairs]

    def _repeats(self, first: list[Fetched]) -> bool:
        known = [v["sha256"] for v in self.memory.validators]
        return bool(first) and [f.sha256 for f in first] == known

    def _note(self, gathered: Gathered, requests: Sequence[Request], first: list[Fetched]) -> None:
        """What first answers say beside their bodies, for the next run and for people."""
        gathered.validators = list(map(_validators, requests, first))
        said = [fetched.fresh_for for fetched in first]
        fresh = [seconds for seconds in said if seconds is not None]
        gathered.fresh_for = min(fresh) if fresh and len(fresh) == len(said) else None
        if self.manifest.robots and not all(f.etag or f.last_modified for f in first):
            gathered.fresh_for = DAY_SECONDS
        for request in requests:
            to = gathered.moved[request.url]
            if to is not None and to != request.url:
                gathered.harvest.findings.append(_has_moved(to))

    async def _fetch_first(
        self, gathered: Gathered, request: Request, known: Mapping[str, Any] | None
    ) -> Fetched:
        """A first request goes to where it moved, and is conditional when its last answer is
        known; a 304 stands for the body it confirms."""
        to = self.memory.moves.get(request.url)
        asked = moved_request(request, to) if to is not None else request
        try:
            fetched = await self._fetch(gathered, asked, known)
        except (Refused, Discontinued, Unreachable) as error:
            if asked.url == request.url:
                raise
            gathered.moved[request.url] = None  # next time where the configuration says
            raise Refused(error.problem, retry_after=error.retry_after) from None
        leads = fetched.moved or (to if asked.url != request.url else None)
        alike = gathered.moved.setdefault(request.url, leads) == leads
        gathered.moved[request.url] = leads if alike else None
        if not fetched.not_modified or known is None:
            return fetched
        return replace(
            fetched,
            sha256=known["sha256"],
            etag=fetched.etag or known["etag"],
            last_modified=fetched.last_modified or known["last_modified"],
            media_type=fetched.media_type or known.get("media_type"),
            charset=fetched.charset or known.get("charset"),
        )

    async def _whole(self, gathered: Gathered, request: Request, fetched: Fetched) -> Fetched:
        """An answer with its body: after a 304 the one that was kept, or else fetched again."""
        if fetched.path is not None or fetched.sha256 is None:
            return fetched
        path = await self.reopen(fetched.sha256)
        if path is None:
            return await self._fetch_first(gathered, request, None)
        kept = replace(fetched, path=path, not_modified=False)
        gathered.fetched.append(kept)
        return kept

    async def _fetch(
        self, gathered: Gathered, request: Request, known: Mapping[str, Any] | None = None
    ) -> Fetched:
        if gathered.retry_after is not None:
            raise RateLimited(Problem("source.rate_limited", "", "it asked to be left alone"))
        began = perf_counter()
        self.progress(Progress(source=self.source, stage="fetch", done=0))
        try:
            fetched = await self.fetcher.fetch(
                request,
                limits=self.limits,
                validators=Validators(known["etag"], known["last_modified"]) if known else None,
                origin=self._origin(gathered, request),
                robots=self.manifest.robots,
            )
        except RateLimited as error:
            gathered.be_patient(error.retry_after or 0.0)
            raise
        gathered.spend("fetch", perf_counter() - began)
        gathered.fetched.append(fetched)
        return fetched

    def _origin(self, gathered: Gathered, request: Request) -> str | None:
        """The origin a follow-up must not leave: the first request's, or where that moved."""
        first = gathered.origin
        moved = self.memory.moves.get(first or "")
        if moved is not None and same_origin(request.url, moved):
            return moved
        return first

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


def _has_moved(to: str) -> Problem:
    said = f"the source has moved to {to}; change the configuration"
    return Problem("source.moved", message=said, level=Level.WARNING)


def _validators(request: Request, fetched: Fetched) -> dict[str, Any]:
    return {
        "asked": identity_of(request),
        "sha256": fetched.sha256,
        "etag": fetched.etag,
        "last_modified": fetched.last_modified,
        "media_type": fetched.media_type,
        "charset": fetched.charset,
    }
