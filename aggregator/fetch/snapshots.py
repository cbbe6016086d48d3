"""Documents as they were fetched, as files. Knows no database, no HTTP and no retention rule.

A document in use is a plain file `<sha256>.<random>.part` of its own, so that nobody can take it
from under a reader; a kept one is `<sha256>.zst`, whoever keeps it last. A `.part` is locked
while its process lives: what is unlocked was left behind. Only the owner may read either.
"""

import asyncio
import fcntl
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import IO, Final, ParamSpec, TypeVar

from aggregator.fetch.answers import Fetched

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

P = ParamSpec("P")
T = TypeVar("T")

LEVEL: Final = 3
CHUNK: Final = 256 * 1024
THREADS: Final = 4
"""Threads of our own: names being resolved occupy the loop's."""
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class DamagedSnapshot(Exception):
    """A kept document is no longer what it was when it was kept."""


class Part:
    """A document being written, then in use. Every method blocks and may run in any thread."""

    def __init__(self, folder: Path) -> None:
        self.path, self._file = _create(folder)
        self.size = 0
        self.sha256 = ""
        self._digest = sha256()
        self._lock = Lock()

    def write(self, data: bytes) -> None:
        """Append. Raises `ValueError` once removed."""
        with self._lock:
            self._file.write(data)
            self._digest.update(data)
            self.size += len(data)

    @property
    def digest(self) -> str:
        """SHA-256 of what was written so far."""
        return self._digest.hexdigest()

    def finish(self) -> None:
        """No bytes follow: name the file by its SHA-256."""
        with self._lock:
            self._file.flush()
            self.sha256 = self.digest
            name = f"{self.sha256}.{self.path.name}"
            self.path = self.path.rename(self.path.with_name(name))

    def remove(self) -> None:
        """Remove the file. May be called again."""
        with self._lock:
            self._file.close()
            self.path.unlink(missing_ok=True)


class Snapshots:
    """The folder of documents. Closing it ends its threads and removes what is still in use."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder).absolute()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="snapshot")
        self._in_use: dict[str, Part] = {}

    def sweep(self) -> int:
        """Remove what ended processes left behind → how many files. Blocks; for the start."""
        return sum(_remove_unlocked(path) for path in self.folder.glob("*.part"))

    def close(self) -> None:
        """Wait for the threads, then remove every document still in use."""
        self._threads.shutdown()
        for part in self._in_use.values():
            part.remove()
        self._in_use.clear()

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`work(*args)` in one of the folder's threads."""
        call = partial(work, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Part]:
        """A new part, removed unless the block ends well; then it is in use, under its path,
        until `keep` or `drop`."""
        part = Part(self.folder)
        async with AsyncExitStack() as undo:
            undo.push_async_callback(self.run, part.remove)
            yield part
            await self.run(part.finish)
            self._in_use[str(part.path)] = part
            undo.pop_all()

    async def keep(self, fetched: Fetched) -> None:
        """Compress a document in use, over what is kept of the same bytes (it may be damaged).
        Its plain file is gone then. Raises `FileNotFoundError` when it is neither in use nor
        kept."""
        part = self._in_use.pop(fetched.path or "", None)
        if part is not None:
            await self.run(_keep, part, self._kept(part.sha256))
        elif fetched.sha256 is None or not self.has(fetched.sha256):
            raise FileNotFoundError(f"no document {fetched.sha256}")

    def drop(self, fetched: Fetched) -> None:
        """Remove a document's plain file, if it is still in use. What is kept stays."""
        part = self._in_use.pop(fetched.path or "", None)
        if part is not None:
            part.remove()

    def has(self, name: str) -> bool:
        """Whether the document of this SHA-256 is kept."""
        return self._kept(name).exists()

    def delete(self, name: str) -> None:
        """Remove the kept document of this SHA-256, if there is one."""
        self._kept(name).unlink(missing_ok=True)

    async def reopen(self, name: str) -> str:
        """A kept document in use again, under the path returned, until `keep` or `drop`. Raises
        `FileNotFoundError` when it is not kept, `DamagedSnapshot` when its bytes are not those
        of the name."""
        async with self.writing() as part:
            await self.run(_restore, self._kept(name), part)
        return str(part.path)

    @asynccontextmanager
    async def open_plain(self, name: str) -> AsyncIterator[str]:
        """The path of a temporary plain copy of a kept document. Raises `FileNotFoundError` when
        it is not kept, `DamagedSnapshot` when its bytes are not those of the name."""
        kept, part = self._kept(name), Part(self.folder)
        async with AsyncExitStack() as end:
            end.push_async_callback(self.run, part.remove)
            await self.run(_restore, kept, part)
            await self.run(part.finish)
            yield str(part.path)

    def _kept(self, name: str) -> Path:
        if not _SHA256.fullmatch(name):
            raise ValueError("not a SHA-256 in hexadecimal")
        return self.folder / f"{name}.zst"


def _create(folder: Path) -> tuple[Path, IO[bytes]]:
    while True:
        path = folder / f"{token_hex(8)}.part"
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        fcntl.flock(file, fcntl.LOCK_SH)
        if os.fstat(file.fileno()).st_nlink:
            return path, file
        file.close()  # swept away between creating and locking


def _remove_unlocked(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
    except OSError:  # in use, or gone already
        return False
    return True


def _keep(part: Part, kept: Path) -> None:
    try:
        _compress(part.path, kept)
    finally:
        part.remove()


def _compress(plain: Path, kept: Path) -> None:
    path, file = _create(kept.parent)
    try:
        with file, plain.open("rb") as source:
            with zstd.ZstdFile(file, "wb", level=LEVEL) as target:
                shutil.copyfileobj(source, target, CHUNK)
            file.flush()
            os.fsync(file.fileno())
            path.rename(kept)
    finally:
        path.unlink(missing_ok=True)


def _decompress(kept: Path, part: Part) -> None:
    try:
        with zstd.ZstdFile(kept, "rb") as source:
            while piece := source.read(CHUNK):
                part.write(piece)
    except (zstd.ZstdError, EOFError) as err:
        raise DamagedSnapshot(f"{kept.name} cannot be decompressed") from err


def _restore(kept: Path, part: Part) -> None:
    """Decompress a kept document. Raises `DamagedSnapshot` unless it is what its name says."""
    _decompress(kept, part)
    if part.digest != kept.stem:
        raise DamagedSnapshot(f"{kept.name} holds other bytes than its name says")
