"""Decoding in pieces: every boundary, every cut, and bombs noticed at their first pieces."""

import gzip
import random
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest

from aggregator.errors import Unfetchable
from aggregator.fetch.client import Fetcher, Limits
from aggregator.fetch.coding import PIECE, BadCoding, decoder
from aggregator.fetch.snapshots import Snapshots
from connectors.base import Request
from tests.aggregator.fetch.conftest import left_over
from tests.growth import grows_too_fast
from tests.upstreams.faults import answer, serving

CODED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda body: bytes(brotli.compress(body, quality=1)),
}
BODIES = {
    "empty": b"",
    "one byte": b"a",
    "noise": random.Random(1).randbytes(300_000),
    "zeros": bytes(3 * 2**20),
    "one piece": bytes(PIECE),
    "text": b"ab" * PIECE,
}


def decoded(coding: str, data: bytes, step: int) -> bytes:
    decode = decoder(coding)
    assert decode is not None
    slices = (data[start : start + step] for start in range(0, len(data), step))
    body = b"".join(piece for part in slices for piece in decode.feed(part))
    decode.finish()
    return body


@pytest.mark.parametrize("step", [1009, 16384, 10**9])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("coding", CODED)
def test_what_was_coded_comes_back(coding: str, body: bytes, step: int) -> None:
    assert decoded(coding, CODED[coding](body), step) == body


@pytest.mark.parametrize("left", [1, 3, 4, 8])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("coding", CODED)
def test_every_cut_is_noticed(coding: str, body: bytes, left: int) -> None:
    coded = CODED[coding](body)
    if left < len(coded):
        with pytest.raises(BadCoding):
            decoded(coding, coded[:-left], 16384)


def test_a_bare_deflate_stream_is_understood() -> None:
    assert decoded("deflate", zlib.compress(BODIES["text"])[2:-4], 10) == BODIES["text"]


@pytest.mark.parametrize("step", [1, 7, 10**9])
def test_gzip_members_follow_one_another_and_dirt_follows_them(step: int) -> None:
    coded = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0<!-- \x1f dirt -->"
    assert decoded("gzip", coded, step) == b"one two"


def test_bytes_after_the_end_are_left_out_or_refused() -> None:
    assert decoded("deflate", zlib.compress(b"x") + b"dirt", 5) == b"x"
    with pytest.raises(BadCoding):
        decoded("br", CODED["br"](b"x") + b"dirt", 100)


@pytest.mark.parametrize("coding", CODED)
def test_pieces_stay_small_whatever_they_come_from(coding: str) -> None:
    decode = decoder(coding)
    assert decode is not None
    assert max(map(len, decode.feed(CODED[coding](bytes(30 * 2**20))))) <= 4 * PIECE


def test_a_million_empty_members_cost_little() -> None:
    def work(members: bytes) -> None:
        assert decoded("gzip", members, PIECE) == b""

    assert grows_too_fast(work, lambda number: gzip.compress(b"") * number, 65_536) is None


async def test_a_body_that_says_nothing_at_length_is_refused(fetcher: Fetcher) -> None:
    empty = answer(gzip.compress(b"") * 10_000, "Content-Encoding: gzip", length=-1)
    async with serving(empty) as upstream:
        with pytest.raises(Unfetchable, match="more than 100,000 bytes"):
            await fetcher.fetch(Request(url=upstream.url), limits=Limits(100_000, 10))


@pytest.mark.parametrize("coding", CODED)
async def test_a_bomb_is_refused_at_the_limit(
    fetcher: Fetcher, snapshots: Snapshots, coding: str
) -> None:
    bomb = CODED[coding](bytes(200 * 2**20))
    async with serving(answer(bomb, f"Content-Encoding: {coding}")) as upstream:
        with pytest.raises(Unfetchable) as raised:
            await fetcher.fetch(Request(url=upstream.url), limits=Limits(2_000_000, 10))
    assert raised.value.problem.code == "source.too_large"
    assert left_over(snapshots) == []
