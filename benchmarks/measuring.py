"""Ceilings and memory: bare parsing in a process of its own, and the peak of a process tree."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter

from lxml import etree

ROUNDS = 3
EVERY = 0.02
MIB = 1024 * 1024
PAGE = os.sysconf("SC_PAGE_SIZE")


def bare_parse(path: Path) -> float:
    """Median seconds of parsing a list to dicts and nothing else, in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return median(pool.submit(_parse, str(path)).result() for _ in range(ROUNDS))


def _parse(path: str) -> float:
    began = perf_counter()
    records = []
    for _, element in etree.iterparse(path, tag="angebot", huge_tree=True):
        records.append({child.tag: child.text for child in element} | dict(element.attrib))
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return perf_counter() - began


@dataclass(slots=True)
class Peak:
    """Resident bytes of this process and its children: before, and the most seen."""

    idle: int
    most: int

    @property
    def above_idle(self) -> float:
        """MiB."""
        return (self.most - self.idle) / MIB


@contextmanager
def watched(*, without: int) -> Iterator[Peak]:
    """Watch the memory of the process tree, but for the process `without`."""
    start = resident(without)
    peak = Peak(start, start)
    done = threading.Event()

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


def resident(without: int) -> int:
    """Resident bytes of this process and its children, as far as they still live."""
    return sum(_resident(pid) for pid in _tree(os.getpid()) if pid != without)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except OSError:  # it ended meanwhile
        return 0
