"""What an instance costs that has nothing to do: start, processor, memory of server and worker.

uv run python -m benchmarks.idle [--sources 1000] [--seconds 60] [--database sqlite|postgresql|both]

The real command runs in processes of its own, over a database in which every source was just read.
Processor time is given beside a ceiling measured in the same run: bare imports of what a service
of this kind cannot do without. On a busy machine only the ratios and the memory mean something.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Final

from aiohttp.test_utils import unused_port
from sqlalchemy import Connection, update

from aggregator import configuration
from aggregator.house import open_house
from aggregator.store.tables import source
from benchmarks.measuring import MIB, computed, processes
from benchmarks.sync import database

DATABASE: Final = "ALLMENDE_SERVICE__DATABASE"
CEILING: Final = "import aiohttp.web, sqlalchemy, pydantic, jinja2, orjson"
STARTS: Final = 3
QUIET: Final = 0.03
"""Share of a core below which the worker has done what it does once after its start."""
LOOK: Final = 5.0
"""Seconds between two looks whether it has."""
PATIENCE: Final = 40
"""Looks after which what goes on is taken for idleness."""
READER: Final = "reader"
KINDS: Final = (
    ("ical", ""),
    ("feed", 'items = "events"\n'),
)


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from the command to an answer of `/healthz`; processor's seconds until then."""

    seconds: float
    computing: float


@dataclass(frozen=True, slots=True)
class Idle:
    """Share of one core, MiB resident and MiB of its own (shared pages counted in part)."""

    share: float
    resident: float
    proportional: float


def configure(folder: Path, sources: int, port: int) -> Path:
    """A configuration with so many calendars and feeds, which nobody will be asked for."""
    service = f'[service]\nport = {port}\ndata = "data"\n'
    parts = [service, "[fetch]\nallow_loopback = true\n"]
    for number in range(sources):
        connector, more = KINDS[number % len(KINDS)]
        parts.append(
            f'[[source]]\nid = "source-{number}"\nconnector = "{connector}"\nevery = "1h"\n'
            f'[source.settings]\nurl = "http://127.0.0.1:9/{number}"\n{more}'
        )
    file = folder / "allmende.toml"
    file.write_text("\n".join(parts))
    return file


async def settle(file: Path) -> None:
    """Make the database, with every source just read and due tomorrow."""

    def rest(connection: Connection, now_known: timedelta) -> None:
        now = house.clock.now(connection)
        done = {"checked": now, "succeeded": now, "outcome": "unchanged"}
        connection.execute(update(source).values(next_due=now + now_known, **done))

    async with open_house(configuration.load(file)) as house:
        await house.database.write(rest, timedelta(days=1))


@contextmanager
def serving(file: Path, port: int) -> Iterator[tuple[int, Start]]:
    """The running service's process, and how it started; ended afterwards."""
    command = [sys.executable, "-P", "-m", "api.cli.main", "serve", "--config", str(file)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        while not _answers(port):
            if process.poll() is not None:
                raise RuntimeError(f"the service ended with {process.returncode}")
            time.sleep(0.005)
        took = time.perf_counter() - began
        yield process.pid, Start(took, computed(process.pid))
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    asking = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asking.request("GET", "/healthz")
        return asking.getresponse().status == 200
    except OSError:
        return False
    finally:
        asking.close()


def idle(pid: int, seconds: float) -> Idle:
    """The process tree below `pid`, for so long."""
    _settle_down(pid)
    before, began = _tree_computing(pid), time.perf_counter()
    time.sleep(seconds)
    share = (_tree_computing(pid) - before) / (time.perf_counter() - began)
    memory = [_memory(each) for each in processes(pid)]
    return Idle(share, sum(rss for rss, _ in memory) / MIB, sum(pss for _, pss in memory) / MIB)


def _settle_down(pid: int) -> None:
    for _ in range(PATIENCE):
        before = _tree_computing(pid)
        time.sleep(LOOK)
        if (_tree_computing(pid) - before) / LOOK < QUIET:
            return


def _tree_computing(pid: int) -> float:
    return sum(computed(each) for each in processes(pid))


def _memory(pid: int) -> tuple[int, int]:
    """Bytes resident, and bytes with shared pages divided among those who share them."""
    lines = (line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines())
    found = {words[0]: int(words[1]) * 1024 for words in lines if words[0] in {"Rss:", "Pss:"}}
    return found["Rss:"], found["Pss:"]


def ceiling() -> float:
    """Processor's seconds of the bare imports, the median of a few."""
    code = f"import time\n{CEILING}\nprint(time.process_time())"
    command = [sys.executable, "-c", code]
    runs = [subprocess.run(command, capture_output=True, check=True) for _ in range(STARTS)]
    return median(float(run.stdout) for run in runs)


def measure(kind: str, sources: int, seconds: float) -> None:
    """Print the figures for one kind of database."""
    bare, port = ceiling(), unused_port()
    with tempfile.TemporaryDirectory() as name, database(kind, Path(name)) as url:
        os.environ[DATABASE] = url
        file = configure(Path(name), sources, port)
        asyncio.run(settle(file))
        starts = [_started(file, port) for _ in range(STARTS)]
        with serving(file, port) as (pid, _):
            found = idle(pid, seconds)
            parts = [(_named(each), _memory(each)[0] / MIB) for each in processes(pid)]
    first, computed = median(s.seconds for s in starts), median(s.computing for s in starts)
    print(f"{kind}, {sources} sources, nothing due")
    print(f"  first answer    {first:.2f} s, of processor {computed:.2f} s: ", end="")
    print(f"{computed / bare:.1f} × bare imports")
    print(f"  idle            {found.share * 100:.2f} % of a core in {seconds:.0f} s")
    said = ", ".join(f"{name} {size:.0f}" for name, size in parts)
    lasting = sum(size for name, size in parts if name != READER)
    print(f"  memory          {found.resident:.0f} MiB resident ({said}), ", end="")
    print(f"{found.proportional:.0f} with shared pages counted once; ", end="")
    print(f"{lasting:.0f} resident once the reader has ended, after ten minutes")


def _started(file: Path, port: int) -> Start:
    with serving(file, port) as (_, start):
        return start


def _named(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    known = {b"serve": "server", b"worker": "worker", b"aggregator.sandbox.child": READER}
    return next((name for word, name in known.items() if word in words), "other")


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--database", default="both", choices=("sqlite", "postgresql", "both"))
    given = parser.parse_args()
    for kind in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
        measure(kind, given.sources, given.seconds)


if __name__ == "__main__":
    main()
