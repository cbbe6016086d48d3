"""Ceilings and memory: bare parsing in a process of its own, and the peak of a process tree."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TypeVar

from lxml import etree

T = TypeVar("T")

ROUNDS = 3
EVERY = 0.02
MIB = 1024 * 1024
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What parsing a list to dicts costs, and nothing else: seconds, and seconds of processor."""

    seconds: float
    computing: float


def bare_parse(path: Path) -> Ceiling:
    """Parsing a Freinet list to dicts."""
    return in_rounds(_parse, str(path))


def in_rounds(work: Callable[[T], None], given: T) -> Ceiling:
    """The median of a few rounds of any work, in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        rounds = [pool.submit(_timed, work, given).result() for _ in range(ROUNDS)]
    return Ceiling(median(r.seconds for r in rounds), median(r.computing for r in rounds))


def _timed(work: Callable[[T], None], given: T) -> Ceiling:
    began, computed = perf_counter(), process_time()
    work(given)
    return Ceiling(perf_counter() - began, process_time() - computed)


def _parse(path: str) -> None:
    records = []
    for _, element in etree.iterparse(path, tag="angebot", huge_tree=True):
        records.append({child.tag: child.text for child in element} | dict(element.attrib))
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


@dataclass(slots=True)
class Peak:
    """Resident bytes of this process and its children: before, and the most seen; and the
    processor's seconds they took. Where others use the machine too, only these compare."""

    idle: int
    most: int
    computing: float = 0.0

    @property
    def above_idle(self) -> float:
        """MiB."""
        return (self.most - self.idle) / MIB


@contextmanager
def watched(*, without: int) -> Iterator[Peak]:
    """Watch the memory of the process tree, but for the process `without`."""
    start = resident(without)
    peak = Peak(start, start)
    done, computed = threading.Event(), computing(without)

    def watch() -> None:
        while not done.wait(EVERY):
            peak.most = max(peak.most, resident(without))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()
        peak.computing = computing(without) - computed


def resident(without: int) -> int:
    """Resident bytes of this process and its children, as far as they still live."""
    return sum(_resident(pid) for pid in processes(os.getpid()) if pid != without)


def computing(without: int) -> float:
    """The processor's seconds of this process and its children, ended ones included."""
    return sum(computed(pid) for pid in processes(os.getpid()) if pid != without)


def computed(pid: int) -> float:
    """The processor's seconds of a process; of this one, with its ended children."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it ended meanwhile
        return 0.0
    ticks = sum(int(each) for each in (fields[11:15] if pid == os.getpid() else fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def processes(pid: int) -> Iterator[int]:
    """A process and those below it."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from processes(int(child))


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except OSError:  # it ended meanwhile
        return 0
