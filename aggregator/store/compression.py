"""Bytes ↔ zstd, by the standard library where it has it."""

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 3
Damaged = zstd.ZstdError
"""What `decompress` raises for bytes that are no frame."""


def compress(data: bytes) -> bytes:
    """Bytes → one zstd frame."""
    return zstd.compress(data, LEVEL)


def decompress(data: bytes) -> bytes:
    """A zstd frame of ours → its bytes. Raises `Damaged`."""
    return zstd.decompress(data)
