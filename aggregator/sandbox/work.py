"""The sheet on which a child notes what it is at, so that its parent can tell after its death.

Two numbers in shared memory: how many items of the document were read, and since when the last of
them is being mapped (monotonic seconds; 0 = none is).
"""

import mmap
import os
from dataclasses import dataclass
from struct import Struct
from tempfile import TemporaryFile
from typing import Final

_NOTE: Final = Struct("=Qd")


@dataclass(frozen=True, slots=True)
class Note:
    """What was noted last."""

    items: int
    since: float


class Worksheet:
    """Shared memory behind a file descriptor, which it closes."""

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, _NOTE.size)
        os.close(descriptor)

    def write(self, items: int, since: float = 0.0) -> None:
        """Note."""
        _NOTE.pack_into(self._memory, 0, items, since)

    def read(self) -> Note:
        """The last note."""
        return Note(*_NOTE.unpack_from(self._memory, 0))


def new_descriptor() -> int:
    """A descriptor for a new sheet, backed by a file without a name. The caller closes it."""
    with TemporaryFile(prefix="allmende-") as file:
        file.truncate(_NOTE.size)
        return os.dup(file.fileno())
