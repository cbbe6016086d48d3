"""Getting one answer from the world: guarded, capped, within its time, into a file.

When to ask again is decided elsewhere, and what the bytes mean is the sandbox's work. Every error
is one of `aggregator.errors`, free of secrets.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import version
from time import monotonic
from types import TracebackType
from typing import Final, Self
from weakref import WeakValueDictionary

import aiohttp
from multidict import CIMultiDict

from aggregator.errors import TimedOut, Unfetchable, Unreachable
from aggregator.fetch.answers import Fetched, Validators, refusal
from aggregator.fetch.coding import ACCEPTED, BadCoding, Decoder, decoder
from aggregator.fetch.egress import ForbiddenAddress, socket_factory
from aggregator.fetch.hops import MOST_REDIRECTS, REDIRECTS, Hop, first_hop, next_hop
from aggregator.fetch.limits import Limits
from aggregator.fetch.snapshots import Part, Snapshots
from aggregator.settings import FetchSettings
from connectors.base import Request
from schema import Problem

__all__ = ["Fetched", "Fetcher", "Limits", "Validators", "user_agent"]

BUFFER: Final = 256 * 1024
LONGEST_VALIDATOR: Final = 1000
_UNPRINTABLE: Final = re.compile(r"[^ -~]|[()]")
_REASONS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (aiohttp.ClientSSLError, "no secure connection could be made"),
    (aiohttp.ClientConnectorDNSError, "its name does not resolve"),
    (aiohttp.ClientConnectorError, "no connection could be made"),
    (aiohttp.ClientPayloadError, "its answer broke off"),
    (aiohttp.ClientConnectionError, "it closed the connection"),
    (ConnectionError, "it closed the connection"),
)


class Fetcher:
    """The one door to the outside; open while it is entered. Safe for many fetches at once."""

    def __init__(self, settings: FetchSettings, snapshots: Snapshots, *, public_url: str) -> None:
        self._settings = settings
        self._snapshots = snapshots
        self._agent = user_agent(public_url, settings.contact)
        self._slots = Slots(settings.parallel, settings.per_host)
        self._opened: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._opened = _session(allow_loopback=self._settings.allow_loopback)
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
    ) -> Fetched:
        """One answer. `limits.max_seconds` is the time from the first to the last byte, waiting
        for a free slot not counted; `origin` is a URL whose origin must not be left. Raises
        `SourceError`."""
        hop = first_hop(request, validators or Validators(), origin)
        left = limits.max_seconds
        for _ in range(MOST_REDIRECTS + 1):
            async with self._slots.of(hop.url.host or ""):
                began = monotonic()
                answer = await self._ask(hop, Limits(limits.max_bytes, left))
                left -= monotonic() - began
            if isinstance(answer, Fetched):
                return answer
            hop = next_hop(hop, *answer, origin)
        raise Unfetchable(
            Problem("source.redirected", message=f"more than {MOST_REDIRECTS} redirects")
        )

    async def _ask(self, hop: Hop, limits: Limits) -> Fetched | tuple[int, str | None]:
        """Send one request → the answer, or (status, Location) of a redirect."""
        assert self._opened is not None, "the fetcher is not open"
        request = self._opened.request(
            hop.method,
            hop.url,
            headers=self._headers(hop),
            data=hop.body.encode() if hop.body is not None else None,
            allow_redirects=False,
        )
        with _plain_errors():
            async with asyncio.timeout(limits.max_seconds), request as response:
                if response.status in REDIRECTS:
                    return response.status, response.headers.get("Location")
                return await self._take(hop, response, limits.max_bytes)

    async def _take(self, hop: Hop, response: aiohttp.ClientResponse, max_bytes: int) -> Fetched:
        if response.status == 304 and hop.is_conditional:
            return _fetched(hop, response, None)
        error = refusal(response.status, response.headers)
        if error is not None:
            raise error
        decode = _decoder(response)
        if (response.content_length or 0) > max_bytes:
            raise _too_large(max_bytes)
        async with self._snapshots.writing() as part:
            coded = 0
            async for data in response.content.iter_any():
                coded += len(data)
                if coded > max_bytes:
                    raise _too_large(max_bytes)
                await self._snapshots.run(_store, part, decode, data, max_bytes)
            decode.finish()
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
    return f"Allmende/{version('allmende')} ({_UNPRINTABLE.sub('', about)})"


def _session(*, allow_loopback: bool) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        limit=0,
        resolver=aiohttp.ThreadedResolver(),
        socket_factory=socket_factory(allow_loopback=allow_loopback),
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
        auto_decompress=False,
        trust_env=False,
        read_bufsize=BUFFER,
    )


def _decoder(response: aiohttp.ClientResponse) -> Decoder:
    coding = ", ".join(response.headers.getall("Content-Encoding", []))
    found = decoder(coding)
    if found is None:
        raise Unfetchable(Problem("source.encoding", message=f"it answers in {coding[:40]!r}"))
    return found


def _store(part: Part, decode: Decoder, data: bytes, max_bytes: int) -> None:
    for piece in decode.feed(data):
        if part.size + len(piece) > max_bytes:
            raise _too_large(max_bytes)
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
    )


def _validator(value: str | None) -> str | None:
    """A validator that can be kept and sent back as it is; None for any other."""
    usable = value and len(value) <= LONGEST_VALIDATOR and value.isascii() and value.isprintable()
    return value if usable else None


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Network errors → ours. The originals are left behind: their texts may hold the URL."""
    try:
        yield
    except TimeoutError:
        raise TimedOut(Problem("source.timeout", message="no whole answer in time")) from None
    except BadCoding as error:
        raise Unfetchable(Problem("source.encoding", message=str(error))) from None
    except aiohttp.InvalidURL:
        said = "not an address that can be fetched"
        raise Unfetchable(Problem("source.forbidden_address", message=said)) from None
    except (aiohttp.ClientError, ConnectionError) as error:
        if isinstance(getattr(error, "os_error", None), ForbiddenAddress):
            said = "it is not in the public internet"
            raise Unfetchable(Problem("source.forbidden_address", message=said)) from None
        raise Unreachable(Problem("source.unreachable", message=_reason(error))) from None


def _reason(error: aiohttp.ClientError | ConnectionError) -> str:
    """What happened, in words of our own: never the text of the error."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        wrong = getattr(error.certificate_error, "verify_message", "not valid")
        return f"its certificate is refused: {wrong}"
    return next((said for kind, said in _REASONS if isinstance(error, kind)), "it is not HTTP")


def _too_large(max_bytes: int) -> Unfetchable:
    return Unfetchable(Problem("source.too_large", message=f"more than {max_bytes:,} bytes"))
