"""What one answer becomes: a file with a name, validators as they were sent, or a named error."""

import asyncio
import gzip
import hashlib
import zlib
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from aggregator.errors import (
    Discontinued,
    Failing,
    RateLimited,
    Refused,
    SourceError,
    TimedOut,
    Unfetchable,
    Unreachable,
)
from aggregator.fetch.client import Fetcher, Limits, Validators
from aggregator.fetch.snapshots import Snapshots
from connectors.base import Request
from tests.aggregator.fetch.conftest import LIMITS, left_over, read
from tests.upstreams.faults import Script, answer, chunked, drip, head, reset, serving, slow

LIST = "<angebote>Bäume gießen</angebote>".encode() * 100


async def failure(fetcher: Fetcher, script: Script, limits: Limits = LIMITS) -> SourceError:
    async with serving(script) as upstream:
        with pytest.raises(SourceError) as raised:
            await fetcher.fetch(Request(url=upstream.url), limits=limits)
    return raised.value


async def test_an_answer_becomes_a_file_named_by_its_bytes(fetcher: Fetcher) -> None:
    script = answer(LIST, "Content-Type: text/xml; charset=UTF-8")
    async with serving(script) as upstream:
        fetched = await fetcher.fetch(Request(url=upstream.url), limits=LIMITS)
    assert fetched.path is not None
    assert fetched.sha256 == hashlib.sha256(LIST).hexdigest()
    assert Path(fetched.path).name.startswith(fetched.sha256)
    assert read(fetched.path) == LIST
    assert (fetched.size, fetched.status) == (len(LIST), 200)
    assert (fetched.media_type, fetched.charset) == ("text/xml", "UTF-8")


async def test_without_content_type_nothing_is_said_of_the_type(fetcher: Fetcher) -> None:
    async with serving(answer(LIST)) as upstream:
        fetched = await fetcher.fetch(Request(url=upstream.url), limits=LIMITS)
    assert (fetched.media_type, fetched.charset) == (None, None)


async def test_we_say_who_we_are_and_what_codings_we_take(fetcher: Fetcher) -> None:
    async with serving(answer(LIST, "Set-Cookie: a=1")) as upstream:
        for _ in range(2):
            await fetcher.fetch(Request(url=upstream.url), limits=LIMITS)
    asked = upstream.asked[1]
    assert asked.header("User-Agent") == (
        b"Allmende/0.1.0 (+https://stadt.example/klima/; klima@stadt.example)"
    )
    assert asked.header("Accept-Encoding") == b"gzip, deflate, br"
    assert asked.header("Cookie") is None
    assert asked.header("Referer") is None


async def test_a_post_carries_its_body_and_headers(fetcher: Fetcher) -> None:
    accept = (("Accept", "text/xml"),)
    async with serving(answer(LIST)) as upstream:
        request = Request(url=upstream.url, method="POST", body="größe=1", headers=accept)
        await fetcher.fetch(request, limits=LIMITS)
    asked = upstream.asked[0]
    assert (asked.method, asked.body) == ("POST", "größe=1".encode())
    assert asked.header("Accept") == b"text/xml"


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(LIST, mtime=0)),
        ("GZIP", gzip.compress(LIST[:1000], mtime=0) + gzip.compress(LIST[1000:], mtime=0)),
        ("deflate", zlib.compress(LIST)),
        ("deflate", zlib.compress(LIST)[2:-4]),
        ("br", brotli.compress(LIST)),
        ("identity", LIST),
    ],
)
async def test_each_coding_we_ask_for_is_decoded(
    fetcher: Fetcher, coding: str, body: bytes
) -> None:
    async with serving(answer(body, f"Content-Encoding: {coding}")) as upstream:
        fetched = await fetcher.fetch(Request(url=upstream.url), limits=LIMITS)
    assert fetched.sha256 == hashlib.sha256(LIST).hexdigest()


@pytest.mark.parametrize("coding", ["zstd", "compress", "gzip, gzip", "x-gzip", "rot13"])
async def test_a_coding_nobody_asked_for_is_refused(fetcher: Fetcher, coding: str) -> None:
    error = await failure(
        fetcher, answer(gzip.compress(LIST, mtime=0), f"Content-Encoding: {coding}")
    )
    assert isinstance(error, Unfetchable)
    assert error.problem.code == "source.encoding"


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(LIST, mtime=0)[:-9]),
        ("deflate", zlib.compress(LIST)[:-9]),
        ("br", brotli.compress(LIST)[:-9]),
        ("gzip", LIST),
    ],
)
@pytest.mark.parametrize("length", [None, -1])
async def test_a_compressed_body_that_breaks_off_is_no_answer(
    fetcher: Fetcher, snapshots: Snapshots, coding: str, body: bytes, length: int | None
) -> None:
    script = answer(body, f"Content-Encoding: {coding}", length=length)
    assert (await failure(fetcher, script)).problem.code == "source.encoding"
    assert left_over(snapshots) == []


@pytest.mark.parametrize("script", [answer(LIST, length=9999), chunked(LIST, whole=False)])
async def test_fewer_bytes_than_announced_are_no_answer(
    fetcher: Fetcher, snapshots: Snapshots, script: Script
) -> None:
    error = await failure(fetcher, script)
    assert isinstance(error, Unreachable)
    assert error.problem.message == "its answer broke off"
    assert left_over(snapshots) == []


async def test_a_body_of_unsaid_length_ends_where_it_ends(fetcher: Fetcher) -> None:
    """HTTP cannot tell a cut here; the reader has to."""
    async with serving(answer(LIST[:50], length=-1)) as upstream:
        fetched = await fetcher.fetch(Request(url=upstream.url), limits=LIMITS)
    assert fetched.size == 50


@pytest.mark.parametrize(
    "script",
    [drip(), drip(head(200, "Content-Length: 9999")), drip(b"HTTP/1.1 200 -\r\nX: ", b"x")],
)
async def test_a_dripping_answer_ends_at_the_deadline(
    fetcher: Fetcher, snapshots: Snapshots, script: Script
) -> None:
    clock = asyncio.get_running_loop()
    began = clock.time()
    error = await failure(fetcher, script, Limits(1_000_000, 0.4))
    assert isinstance(error, TimedOut)
    assert clock.time() - began < 1.5
    assert left_over(snapshots) == []


async def test_a_body_beyond_the_limit_is_refused_before_it_is_read(
    fetcher: Fetcher, snapshots: Snapshots
) -> None:
    error = await failure(fetcher, drip(head(200, "Content-Length: 1000001")))
    assert error.problem.code == "source.too_large"
    assert left_over(snapshots) == []


@pytest.mark.parametrize("piece", [b"x" * 65536, b"\0"])
async def test_a_body_without_end_is_refused_at_the_limit(fetcher: Fetcher, piece: bytes) -> None:
    script = drip(piece=piece * 10, pause=0)
    error = await failure(fetcher, script, Limits(100_000, 5))
    assert error.problem.code == "source.too_large"


async def test_a_cancelled_fetch_leaves_no_file(fetcher: Fetcher, snapshots: Snapshots) -> None:
    async with serving(drip()) as upstream:
        fetching = asyncio.create_task(fetcher.fetch(Request(url=upstream.url), limits=LIMITS))
        await asyncio.sleep(0.2)
        assert len(left_over(snapshots)) == 1
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetching
    assert left_over(snapshots) == []


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (400, Refused, "source.refused"),
        (401, Refused, "source.refused"),
        (403, Refused, "source.refused"),
        (404, Refused, "source.refused"),
        (408, TimedOut, "source.timeout"),
        (410, Discontinued, "source.gone"),
        (429, RateLimited, "source.rate_limited"),
        (500, Failing, "source.failing"),
        (503, Failing, "source.failing"),
        (206, Failing, "source.failing"),
        (300, Failing, "source.failing"),
        (304, Failing, "source.failing"),
    ],
)
async def test_a_status_is_an_error_of_its_kind(
    fetcher: Fetcher, status: int, kind: type[SourceError], code: str
) -> None:
    error = await failure(fetcher, answer(status=status))
    assert type(error) is kind
    assert (error.problem.code, error.retry_after) == (code, None)
    assert str(status) in error.problem.message


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("999999999", 604800),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0),
        ("Sat, 21 Nov 2026 12:05:00 GMT", 300),
        ("Sat, 21 Nov 2036 12:05:00 GMT", 604800),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_understood_and_clamped(
    fetcher: Fetcher, status: int, said: str, seconds: float
) -> None:
    lines = (f"Retry-After: {said}", "Date: Sat, 21 Nov 2026 12:00:00 GMT")
    error = await failure(fetcher, answer(b"", *lines, status=status))
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


@pytest.mark.parametrize("said", ["-5", "soon", "1.5", "１２０", "9" * 5000])
async def test_an_unreadable_retry_after_counts_as_absent(fetcher: Fetcher, said: str) -> None:
    error = await failure(fetcher, answer(b"", f"Retry-After: {said}", status=429))
    assert error.retry_after is None


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc"', "unquoted", '"a,b"', '""', '"%22 $&/()"'])
async def test_validators_go_back_byte_for_byte(fetcher: Fetcher, etag: str) -> None:
    stamp = "Sat Nov 21 12:00:00 2026"
    first = answer(LIST, f"ETag: {etag}", f"Last-Modified: {stamp}")
    async with serving({"/a": first, "/b": answer(status=304)}) as upstream:
        got = await fetcher.fetch(Request(url=upstream.url + "a"), limits=LIMITS)
        again = await fetcher.fetch(
            Request(url=upstream.url + "b"),
            limits=LIMITS,
            validators=Validators(got.etag, got.last_modified),
        )
    assert again.not_modified
    assert (again.path, again.sha256, again.size) == (None, None, 0)
    assert upstream.asked[1].header("If-None-Match") == etag.encode()
    assert upstream.asked[1].header("If-Modified-Since") == stamp.encode()


async def test_a_validator_that_cannot_be_sent_back_is_forgotten(fetcher: Fetcher) -> None:
    async with serving(answer(LIST, 'ETag: "ä"', "Last-Modified: " + "x" * 2000)) as upstream:
        fetched = await fetcher.fetch(Request(url=upstream.url), limits=LIMITS)
    assert (fetched.etag, fetched.last_modified) == (None, None)


async def test_no_validators_no_conditions(fetcher: Fetcher) -> None:
    async with serving(answer(LIST)) as upstream:
        await fetcher.fetch(Request(url=upstream.url), limits=LIMITS, validators=Validators())
    assert upstream.asked[0].header("If-None-Match") is None
    assert upstream.asked[0].header("If-Modified-Since") is None


@pytest.mark.parametrize(
    "script",
    [
        reset(),
        answer(b"", *(f"X-{number}: 1" for number in range(1000))),
        answer(b"", "X-Long: " + "x" * 100_000),
    ],
)
async def test_who_does_not_speak_http_is_unreachable(fetcher: Fetcher, script: Script) -> None:
    assert isinstance(await failure(fetcher, script), Unreachable)


async def test_a_closed_port_is_unreachable(fetcher: Fetcher) -> None:
    async with serving(answer()) as upstream:
        pass
    with pytest.raises(Unreachable, match="no connection could be made"):
        await fetcher.fetch(Request(url=upstream.url), limits=LIMITS)


async def test_a_name_without_address_is_unreachable(fetcher: Fetcher) -> None:
    with pytest.raises(Unreachable, match="its name does not resolve"):
        await fetcher.fetch(Request(url="http://nowhere.invalid/"), limits=LIMITS)


async def test_at_most_two_requests_reach_one_host(fetcher: Fetcher) -> None:
    async with serving(slow(LIST, 0.1)) as upstream:
        request = Request(url=upstream.url)
        limits = Limits(1_000_000, 0.25)
        await asyncio.gather(*(fetcher.fetch(request, limits=limits) for _ in range(6)))
    assert upstream.busiest == 2
