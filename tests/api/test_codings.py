"""Which coding a client gets (RFC 9110 12.5.3), and that it is read back as what was sent."""

import gzip
import tracemalloc

import pytest
from backports import zstd

from api.codings import CODERS, Choice, choose, compressible, tagged, tags_of

CASES = {
    None: Choice(None),
    "": Choice(None),
    "gzip": Choice("gzip"),
    "GZip": Choice("gzip"),
    "x-gzip": Choice("gzip"),
    "gzip, deflate, br": Choice("gzip"),
    "gzip, deflate, br, zstd": Choice("zstd"),
    "br": Choice(None),
    "*": Choice("zstd"),
    "gzip;q=0.5, zstd;q=0.4": Choice("gzip"),
    "gzip; q=1.0, zstd;Q=0.9": Choice("gzip"),
    "gzip;q=0": Choice(None),
    "gzip;q=0, *": Choice("zstd"),
    "zstd;q=0, *;q=0.1": Choice("gzip"),
    "identity": Choice(None),
    "identity, gzip;q=0.5": Choice(None),
    "identity;q=0.5, gzip;q=1.0": Choice("gzip"),
    "identity;q=0": Choice(None, identity=False),
    "identity;q=0, gzip": Choice("gzip", identity=False),
    "identity;q=0, br": Choice(None, identity=False),
    "*;q=0": Choice(None, identity=False),
    "*;q=0, identity": Choice(None),
    "gzip, *;q=0": Choice("gzip", identity=False),
    "gzip;q=nonsense": Choice(None),
    "gzip;q=2": Choice(None),
    "gzip;q=-1": Choice(None),
    ",,;q=1, gzip": Choice("gzip"),
}


@pytest.mark.parametrize("accepted", CASES, ids=repr)
def test_a_client_gets_the_coding_it_likes_best(accepted: str | None) -> None:
    assert choose(accepted) == CASES[accepted]


def test_a_coded_body_is_read_back_as_it_was() -> None:
    body = "Bäume gießen ".encode() * 500
    assert gzip.decompress(CODERS["gzip"](body)) == body
    assert zstd.decompress(CODERS["zstd"](body)) == body


def test_the_same_body_is_coded_to_the_same_bytes() -> None:
    assert CODERS["gzip"](b"x" * 2000) == CODERS["gzip"](b"x" * 2000)


def test_every_coding_has_a_strong_tag_of_its_own() -> None:
    assert tags_of('"a"') == {'"a"', '"a-gzip"', '"a-zstd"'}
    assert tagged('"a"', "identity") == '"a"'


@pytest.mark.parametrize(
    ("media_type", "worth"),
    [
        ("application/json", True),
        ("text/calendar; charset=utf-8", True),
        ("image/svg+xml", True),
        ("image/png", False),
        ("font/woff2", False),
    ],
)
def test_what_is_compressed_already_is_left_alone(media_type: str, *, worth: bool) -> None:
    assert compressible(media_type) is worth


def test_long_lists_of_codings_fill_no_memory() -> None:
    tracemalloc.start()
    try:
        for n in range(200):
            choose(f"gzip;q=0.{n}, " + "x" * 15_000)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 1_000_000
