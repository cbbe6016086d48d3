"""Sets of entity numbers, block by block: as integers with one bit for each, and as bytes. Pure.

A block has 4,096 consecutive numbers. Few bits are kept as two bytes each, many as 512 bytes.
"""

import sys
from array import array
from collections.abc import Iterator
from itertools import compress
from typing import Final

BLOCK: Final = 4096
WHOLE: Final = BLOCK // 8
FEW: Final = 48
"""Up to here two bytes for each are less work than all."""

_TRUTH: Final = bytes.maketrans(b"01", b"\x00\x01")


def place(entity_no: int) -> tuple[int, int]:
    """An entity's number → its block, and its bit there."""
    return entity_no // BLOCK, 1 << entity_no % BLOCK


def offsets(bits: int) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def packed(bits: int) -> bytes:
    """Bits of a block → bytes."""
    if bits.bit_count() > FEW:
        return bits.to_bytes(WHOLE, "little")
    few = array("H", offsets(bits))
    if sys.byteorder == "big":
        few.byteswap()
    return few.tobytes()


def unpacked(data: bytes) -> int:
    """What `packed` made → the bits."""
    if len(data) == WHOLE:
        return int.from_bytes(data, "little")
    few = array("H", data)
    if sys.byteorder == "big":
        few.byteswap()
    bits = 0
    for offset in few:
        bits |= 1 << offset
    return bits


def numbers(block: int, bits: int) -> list[int]:
    """Bits of a block → the entities' numbers, in ascending order."""
    first = block * BLOCK
    if bits.bit_count() <= FEW:
        return [first + offset for offset in offsets(bits)]
    signs = bin(bits)[:1:-1].encode().translate(_TRUTH)
    return list(compress(range(first, first + len(signs)), signs))


def flags(bits: int) -> bytes:
    """Bits of a block → a byte for each number of it, "1" or "0"."""
    return bin(bits)[:1:-1].encode().ljust(BLOCK, b"0")
