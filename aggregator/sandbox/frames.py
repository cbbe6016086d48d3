"""Frames between parent and child: a JSON header and bodies of bytes. Knows no message.

Frame = length of what follows (u32), length of the header (u32), header, then the bodies one after
another; their lengths stand in the header under `lengths`. Numbers are big-endian.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from struct import Struct
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import orjson

if TYPE_CHECKING:  # the child has no event loop, and must start fast
    from asyncio import StreamReader, StreamWriter

MOST: Final = 256 * 1024 * 1024
"""Bytes of a frame; beyond that nobody means it."""
_LENGTH: Final = Struct("!I")
LENGTH_SIZE: Final = _LENGTH.size


class BadFrame(ValueError):
    """The bytes are no frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A header and the bodies that go with it."""

    header: Mapping[str, Any]
    bodies: Sequence[bytes] = ()


def pack(frame: Frame) -> bytes:
    """Frame → bytes. Raises `TypeError` for a header that JSON cannot hold, `BadFrame` for too
    much at once."""
    lengths = [len(body) for body in frame.bodies]
    header = orjson.dumps({**frame.header, "lengths": lengths})
    size = LENGTH_SIZE + len(header) + sum(lengths)
    if size > MOST:
        raise BadFrame(f"a frame of {size:,} bytes")
    return b"".join((_LENGTH.pack(size), _LENGTH.pack(len(header)), header, *frame.bodies))


def unpack(data: bytes) -> Frame:
    """A frame's bytes behind the first length → frame. Raises `BadFrame`."""
    if len(data) < LENGTH_SIZE:
        raise BadFrame("no header")
    start = LENGTH_SIZE + _LENGTH.unpack_from(data)[0]
    try:
        header = orjson.loads(data[LENGTH_SIZE:start])
        lengths = header.pop("lengths")
        ends = list(accumulate(lengths, initial=start))
        bodies = tuple(data[begin:end] for begin, end in pairwise(ends))
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError) as err:
        raise BadFrame("an unreadable header") from err
    if ends[-1] != len(data) or any(length < 0 for length in lengths):
        raise BadFrame("bodies of other lengths than announced")
    return Frame(header, bodies)


def read_frame(file: BinaryIO) -> Frame | None:
    """The next frame of a blocking file; None at its end. Raises `BadFrame`, also when the file
    ends within a frame."""
    first = file.read(LENGTH_SIZE)
    if not first:
        return None
    data = file.read(_size(first)) if len(first) == LENGTH_SIZE else b""
    if len(first) != LENGTH_SIZE or len(data) != _size(first):
        raise BadFrame("it breaks off")
    return unpack(data)


def write_frame(file: BinaryIO, frame: Frame) -> None:
    """Write a frame to a blocking file."""
    file.write(pack(frame))
    file.flush()


async def receive_frame(reader: "StreamReader") -> Frame:
    """The next frame of a stream. Raises `BadFrame`, and `IncompleteReadError` at its end."""
    first = await reader.readexactly(LENGTH_SIZE)
    return unpack(await reader.readexactly(_size(first)))


async def send_frame(writer: "StreamWriter", frame: Frame) -> None:
    """Write a frame to a stream, as fast as the other side takes it. Raises `ConnectionError`
    when nobody does."""
    writer.write(pack(frame))
    await writer.drain()


def _size(first: bytes) -> int:
    size: int = _LENGTH.unpack(first)[0]
    if size > MOST:
        raise BadFrame(f"a frame of {size:,} bytes")
    return size
