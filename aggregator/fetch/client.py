"""Getting one answer from the world: guarded, capped, within its time, into a file.

When to ask again is decided elsewhere, and what the bytes mean is the sandbox's work. Every error
is one of `aggregator.errors`, free of secrets.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from time import monotonic
from types import TracebackType
from typing import Final, Self, TypeVar
from weakref import WeakValueDictionary

import aiohttp
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDict
from yarl import URL

from aggregator.errors import Unfetchable
from aggregator.fetch.answers import Fetched, Validators, fresh_for, refusal
from aggregator.fetch.coding import ACCEPTED, Decoder, decoder
from aggregator.fetch.failures import plain_errors, too_large
from aggregator.fetch.hops import MOST_REDIRECTS, REDIRECTS, Hop, first_hop, next_hop
from aggregator.fetch.limits import Limits
from aggregator.fetch.masking import Masker
from aggregator.fetch.robots import MOST_BYTES, PRODUCT, Robots
from aggregator.fetch.session import Way, open_way
from aggregator.fetch.snapshots import Part, Snapshots
from aggregator.settings import FetchSettings
from connectors.base import Request
from schema import Problem

__all__ = ["Fetched", "Fetcher", "Limits", "Validators", "user_agent"]

T = TypeVar("T")
Take = Callable[[Hop, aiohttp.ClientResponse, int], Awaitable[T]]
"""What is made of an answer that is no redirect, of at most so many decoded bytes."""

LONGEST_VALIDATOR: Final = 1000
ROBOTS_LIMITS: Final = Limits(max_bytes=MOST_BYTES, max_seconds=10.0)
_UNPRINTABLE: Final = re.compile(r"[^ -~]|[()]")


@dataclass(frozen=True, slots=True)
class _Redirect:
    """An answer that leads elsewhere."""

    status: int
    location: str | None


class Fetcher:
    """The one door to the outside; open while it is entered. Safe for many fetches at once."""

    def __init__(
        self,
        settings: FetchSettings,
        snapshots: Snapshots,
        *,
        public_url: str,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._settings = settings
        self._snapshots = snapshots
        self._agent = user_agent(public_url, settings.contact)
        self._slots = Slots(settings.parallel, settings.per_host)
        self._robots = Robots(self._robots_text)
        self._resolver = resolver
        self._opened: Way | None = None

    async def __aenter__(self) -> Self:
        self._opened = open_way(self._settings, self._resolver)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def fetch(
        self,
        request: Request,
        *,
        limits: Limits,
        validators: Validators | None = None,
        origin: str | None = None,
        robots: bool = False,
    ) -> Fetched:
        """One answer. `limits.max_seconds` is the time from the first to the last byte, waiting
        for a free slot not counted; `origin` is a URL whose origin must not be left; `robots`:
        the sites' robots.txt are asked first. Raises `SourceError`."""
        hop = first_hop(request, validators or Validators(), origin)
        admit = self._robots.admit if robots else None
        return await self._follow(hop, limits, self._take, origin=origin, admit=admit)

    async def _follow(
        self,
        hop: Hop,
        limits: Limits,
        take: Take[T],
        *,
        origin: str | None = None,
        admit: Callable[[URL], Awaitable[None]] | None = None,
    ) -> T:
        """Send a request, and again wherever its redirects lead."""
        left = limits.max_seconds
        for _ in range(MOST_REDIRECTS + 1):
            if admit is not None:
                await admit(hop.url)
            async with self._slots.of(hop.url.host or ""):
                began = monotonic()
                answer = await self._ask(hop, Limits(limits.max_bytes, left), take)
                left -= monotonic() - began
            if not isinstance(answer, _Redirect):
                return answer
            hop = next_hop(hop, answer.status, answer.location, origin)
        raise Unfetchable(
            Problem("source.redirected", message=f"more than {MOST_REDIRECTS} redirects")
        )

    async def _ask(self, hop: Hop, limits: Limits, take: Take[T]) -> T | _Redirect:
        """Send one request → what is made of its answer, or where it leads."""
        assert self._opened is not None, "the fetcher is not open"
        with plain_errors():
            async with asyncio.timeout(limits.max_seconds):
                await self._opened.judge(hop.url)
                async with self._opened.request(
                    hop.method,
                    hop.url,
                    headers=self._headers(hop),
                    data=hop.body.encode() if hop.body is not None else None,
                ) as response:
                    if response.status in REDIRECTS:
                        return _Redirect(response.status, response.headers.get("Location"))
                    return await take(hop, response, limits.max_bytes)

    async def _robots_text(self, url: URL) -> bytes:
        hop = first_hop(Request(url=str(url)), Validators(), None)
        return await self._follow(hop, ROBOTS_LIMITS, _head)

    async def _take(self, hop: Hop, response: aiohttp.ClientResponse, max_bytes: int) -> Fetched:
        if response.status == 304 and hop.is_conditional:
            return _fetched(hop, response, None)
        error = refusal(response.status, response.headers)
        if error is not None:
            raise error
        decode = _decoder(response)
        if (response.content_length or 0) > max_bytes:
            raise too_large(max_bytes)
        masker = Masker(hop.told)
        async with self._snapshots.writing() as part:
            coded = 0
            async for data in response.content.iter_any():
                coded += len(data)
                if coded > max_bytes:
                    raise too_large(max_bytes)
                pieces = map(masker.feed, decode.feed(data))
                await self._snapshots.run(_store, part, pieces, max_bytes)
            decode.finish()
            await self._snapshots.run(_store, part, [masker.rest()], max_bytes)
        return _fetched(hop, response, part)

    def _headers(self, hop: Hop) -> CIMultiDict[str]:
        headers = CIMultiDict([*hop.headers, *hop.private])
        headers.setdefault("Accept", "*/*")
        headers["User-Agent"] = self._agent
        headers["Accept-Encoding"] = ACCEPTED
        return headers


class Slots:
    """How many requests run at once: in all, and to one host. Whoever waits for a busy host
    takes no place from the others."""

    def __init__(self, parallel: int, per_host: int) -> None:
        self._all = asyncio.Semaphore(parallel)
        self._per_host = per_host
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, host: str) -> AsyncIterator[None]:
        """Hold a slot for a host."""
        own = self._hosts.get(host)
        if own is None:
            own = self._hosts[host] = asyncio.Semaphore(self._per_host)
        async with own, self._all:
            yield


def user_agent(public_url: str, contact: str) -> str:
    """What every request says of us: product, version, where we live, whom to write to."""
    about = "; ".join(part for part in (f"+{public_url}", contact) if part)
    return f"{PRODUCT}/{version('allmende')} ({_UNPRINTABLE.sub('', about)})"


async def _head(hop: Hop, response: aiohttp.ClientResponse, most: int) -> bytes:
    """The first decoded bytes of an answer; none for 4xx."""
    del hop
    if 400 <= response.status < 500:
        return b""
    error = refusal(response.status, response.headers)
    if error is not None:
        raise error
    decode, head = _decoder(response), bytearray()
    async for data in response.content.iter_any():
        for piece in decode.feed(data):
            head += piece
            if len(head) >= most:
                return bytes(head[:most])
    return bytes(head)


def _decoder(response: aiohttp.ClientResponse) -> Decoder:
    coding = ", ".join(response.headers.getall("Content-Encoding", []))
    found = decoder(coding)
    if found is None:
        raise Unfetchable(Problem("source.encoding", message=f"it answers in {coding[:40]!r}"))
    return found


def _store(part: Part, pieces: Iterable[bytes], max_bytes: int) -> None:
    for piece in pieces:
        if part.size + len(piece) > max_bytes:
            raise too_large(max_bytes)
        part.write(piece)


def _fetched(hop: Hop, response: aiohttp.ClientResponse, part: Part | None) -> Fetched:
    typed = "Content-Type" in response.headers
    return Fetched(
        url=hop.shown,
        status=response.status,
        not_modified=part is None,
        path=str(part.path) if part else None,
        sha256=part.sha256 if part else None,
        size=part.size if part else 0,
        etag=_validator(response.headers.get("ETag")),
        last_modified=_validator(response.headers.get("Last-Modified")),
        media_type=response.content_type if typed else None,
        charset=response.charset,
        moved=hop.moved_to,
        fresh_for=fresh_for(response.headers),
    )


def _validator(value: str | None) -> str | None:
    """A validator that can be kept and sent back as it is; None for any other."""
    usable = value and len(value) <= LONGEST_VALIDATOR and value.isascii() and value.isprintable()
    return value if usable else None
