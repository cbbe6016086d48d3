"""Content codings → plain bytes, in bounded pieces. Counts nothing and writes nothing.

The HTTP library decodes too, but takes a gzip or brotli body that breaks off for a whole one.
"""

import zlib
from collections.abc import Iterator
from typing import Final, Protocol

import brotli  # type: ignore[import-untyped]

ACCEPTED: Final = "gzip, deflate, br"
"""What we ask for (RFC 9110 §12.5.3); any other coding in an answer is refused."""
PIECE: Final = 256 * 1024
"""Decoded pieces are about this large, so that a bomb is noticed at its first pieces."""
SLICE: Final = 16 * 1024
"""Coded bytes are taken in slices: each gzip member copies the rest of what it is given."""


class BadCoding(ValueError):
    """The body is not of the coding it claims, or breaks off."""


class Decoder(Protocol):
    """Decodes one body, piece by piece."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Coded bytes → decoded pieces. Raises `BadCoding`."""
        ...

    def finish(self) -> None:
        """Say that no bytes follow. Raises `BadCoding` when the body is not whole."""
        ...


class Identity:
    """No coding at all: only HTTP's own framing can tell whether the body is whole."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bytes as they are."""
        yield data

    def finish(self) -> None:
        """Nothing to tell."""


class _Stream(Protocol):
    """What zlib gives for one member."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class Deflated:
    """gzip (RFC 1952, several members allowed) and deflate (zlib, or the bare stream that some
    servers send instead). What follows the end and is no further member is left out."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._stream: _Stream | None = None
        self._over = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Coded bytes → decoded pieces. Raises `BadCoding`."""
        try:
            for start in range(0, len(data), SLICE):
                yield from self._members(data[start : start + SLICE])
        except zlib.error as err:
            raise BadCoding("the body cannot be decompressed") from err

    def finish(self) -> None:
        """Raises `BadCoding` when a member's end is missing."""
        if self._stream is not None and not self._stream.eof:
            raise BadCoding("the compressed body breaks off")

    def _members(self, data: bytes) -> Iterator[bytes]:
        while data and not self._over:
            stream = self._open(data[0])
            if stream is not None:
                yield from _inflated(stream, data)
                data = stream.unused_data

    def _open(self, first: int) -> _Stream | None:
        """The stream that takes a slice starting with this byte."""
        stream = self._stream
        if stream is None or (stream.eof and self._gzip and first == 0x1F):
            stream = zlib.decompressobj(self._window(first))
        self._stream, self._over = stream, stream.eof
        return None if self._over else stream

    def _window(self, first: int) -> int:
        if self._gzip:
            return 16 + zlib.MAX_WBITS
        # RFC 1950 §2.2: the low four bits of a zlib stream's first byte are 8.
        return zlib.MAX_WBITS if first & 0x0F == 8 else -zlib.MAX_WBITS


def _inflated(stream: _Stream, data: bytes) -> Iterator[bytes]:
    piece = stream.decompress(data, PIECE)
    yield piece
    while not stream.eof and (stream.unconsumed_tail or len(piece) == PIECE):
        piece = stream.decompress(stream.unconsumed_tail, PIECE)
        yield piece


class Brotli:
    """Brotli, RFC 7932."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Coded bytes → decoded pieces. Raises `BadCoding`, also for bytes after the end."""
        self._started = True
        try:
            piece = self._stream.process(data, output_buffer_limit=PIECE)
            yield piece
            while len(piece) >= PIECE or not self._stream.can_accept_more_data():
                piece = self._stream.process(b"", output_buffer_limit=PIECE)
                yield piece
        except brotli.error as err:
            raise BadCoding("the body cannot be decompressed") from err

    def finish(self) -> None:
        """Raises `BadCoding` when the end is missing."""
        if self._started and not self._stream.is_finished():
            raise BadCoding("the compressed body breaks off")


def decoder(coding: str) -> Decoder | None:
    """The value of Content-Encoding → what decodes it; None for what we did not ask for."""
    match coding.strip().lower():
        case "" | "identity":
            return Identity()
        case "gzip":
            return Deflated(gzip=True)
        case "deflate":
            return Deflated(gzip=False)
        case "br":
            return Brotli()
        case _:
            return None
