"""Frames: what is packed comes back, and nothing else is taken for a frame."""

import asyncio
import io
import struct

import orjson
import pytest

from aggregator.sandbox.frames import (
    BadFrame,
    Frame,
    pack,
    read_frame,
    receive_frame,
    unpack,
    write_frame,
)
from aggregator.sandbox.messages import delivery_of, known_of, opening_frame
from connectors.base import Facts

FRAME = Frame({"is": "batch", "text": "ä"}, (b"", b"\x00\xff", b"x" * 100_000))


async def received(data: bytes) -> Frame:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return await receive_frame(reader)


async def test_what_is_packed_comes_back() -> None:
    file = io.BytesIO()
    write_frame(file, FRAME)
    write_frame(file, Frame({}))
    file.seek(0)
    assert (read_frame(file), read_frame(file), read_frame(file)) == (FRAME, Frame({}), None)
    assert await received(pack(FRAME)) == FRAME


def test_the_layout_is_lengths_header_bodies() -> None:
    data = pack(Frame({"a": 1}, (b"one", b"two")))
    total, header = struct.unpack("!II", data[:8])
    assert total == len(data) - 4
    assert orjson.loads(data[8 : 8 + header]) == {"a": 1, "lengths": [3, 3]}
    assert data[8 + header :] == b"onetwo"


def framed(header: bytes, body: bytes = b"") -> bytes:
    return struct.pack("!I", len(header)) + header + body


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x00",
        framed(b""),
        framed(b"{"),
        framed(b"[]"),
        framed(b"{}"),
        framed(b'{"lengths": 3}'),
        framed(b'{"lengths": ["a"]}'),
        framed(b'{"lengths": [1.5]}', b"xx"),
        framed(b'{"lengths": [4]}', b"xxx"),
        framed(b'{"lengths": []}', b"xxx"),
        framed(b'{"lengths": [5, -2]}', b"xxx"),
        framed(b"[" * 5000),
        struct.pack("!I", 2**31) + b"{}",
    ],
)
def test_nonsense_is_no_frame(data: bytes) -> None:
    with pytest.raises(BadFrame):
        unpack(data)


async def test_a_frame_beyond_the_cap_is_not_even_read() -> None:
    data = struct.pack("!I", 2**30) + b"x"
    with pytest.raises(BadFrame):
        await received(data)
    with pytest.raises(BadFrame):
        read_frame(io.BytesIO(data))


@pytest.mark.parametrize("cut", [1, 3, 4, 10, 1000])
async def test_a_cut_frame_is_noticed(cut: int) -> None:
    data = pack(FRAME)[:cut]
    with pytest.raises(BadFrame):
        read_frame(io.BytesIO(data))
    with pytest.raises(asyncio.IncompleteReadError):
        await received(data)


def test_fingerprints_travel_by_kind_and_key() -> None:
    known = [("offer", "ä", b"a" * 16), ("organisation", "1", b"b" * 16), ("offer", "1", b"c" * 16)]
    frame = opening_frame("odd", {}, Facts(), [*known, ("offer", "short", b"x")])
    assert known_of(unpack(pack(frame)[4:])) == {(kind, key): mark for kind, key, mark in known}


GOOD: dict[str, object] = {
    "is": "batch", "drafts": [], "same": [], "refusals": [], "findings": [], "gone": [],
    "requests": [], "complete": None, "cursor": None, "stages": {}, "upto": 0, "last": True,
    "memory": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"drafts": [{"kind": "offer"}]},
        {"drafts": None},
        {"same": [["one"]]},
        {"refusals": [{}]},
        {"findings": [{"message": "no code"}]},
        {"requests": [{"url": 1}]},
        {"requests": [{"url": "x", "method": "DELETE"}]},
        {"complete": {"start": "never", "end": "2026-01-01"}},
        {"stages": {"read": "long"}},
    ],
)
def test_a_batch_that_does_not_fit_is_refused(wrong: dict[str, object]) -> None:
    assert delivery_of(Frame(GOOD)).last
    with pytest.raises(BadFrame):
        delivery_of(Frame({**GOOD, **wrong}))
