"""What an instance costs that has nothing to do: start, processor, memory of server and worker.

uv run python -m benchmarks.idle [--sources 1000] [--seconds 60] [--database sqlite|postgresql|both]

The real command runs in processes of its own, over a database in which every source was just read,
from bytecode, as an installation has it. The start is given beside a ceiling measured in the same
minute: bare imports of what a service of this kind cannot do without. On a busy machine only the
ratios and the memory mean something.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
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
from aggregator.foundation import open_foundation
from aggregator.store.tables import source
from benchmarks.measuring import MIB, computed, processes
from benchmarks.sync import database

DATABASE: Final = "ALLMENDE_SERVICE__DATABASE"
CEILING: Final = "import aiohttp.web, sqlalchemy, pydantic, jinja2, orjson"
STARTS: Final = 5
QUIET: Final = 0.03
"""Share of a core below which the worker has done what it does once after its start."""
LOOK: Final = 5.0
"""Seconds between two looks whether it has."""
PATIENCE: Final = 40
"""Looks after which what goes on is taken for idleness."""
FEWEST: Final = 12
"""Looks that are made in any case: a minute."""
KINDS: Final = (
    ("ical", ""),
    ("feed", 'items = "events"\n'),
)


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from the command to an answer of `/healthz`, or to its end; the processor's seconds
    until then."""

    seconds: float
    computing: float


@dataclass(frozen=True, slots=True)
class Memory:
    """Of a process tree: MiB resident by process, and all with shared pages counted once."""

    parts: tuple[tuple[str, float], ...]
    proportional: float

    @property
    def resident(self) -> float:
        """MiB of all processes."""
        return sum(size for _, size in self.parts)

    def line(self) -> str:
        """What stands in the table."""
        said = ", ".join(f"{name} {size:.0f}" for name, size in self.parts)
        shared = f"{self.proportional:.0f} with shared pages counted once"
        return f"{self.resident:.0f} MiB resident ({said}), {shared}"


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
        now = ground.clock.now(connection)
        done = {"checked": now, "succeeded": now, "outcome": "unchanged"}
        connection.execute(update(source).values(next_due=now + now_known, **done))

    async with open_foundation(configuration.load(file)) as ground:
        await ground.database.write(rest, timedelta(days=1))


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


def first_minute(pid: int) -> Memory:
    """The most that the tree below `pid` holds from its start until it is idle."""
    most = memory(pid)
    for look in range(PATIENCE):
        before = _tree_computing(pid)
        time.sleep(LOOK)
        most = max(most, memory(pid), key=lambda one: one.resident)
        if look + 1 >= FEWEST and (_tree_computing(pid) - before) / LOOK < QUIET:
            break
    return most


def idle(pid: int, seconds: float) -> float:
    """The share of one core that the process tree below `pid` takes, for so long."""
    before, began = _tree_computing(pid), time.perf_counter()
    time.sleep(seconds)
    return (_tree_computing(pid) - before) / (time.perf_counter() - began)


def _tree_computing(pid: int) -> float:
    return sum(computed(each) for each in processes(pid))


def memory(pid: int) -> Memory:
    """What the tree below `pid` holds now."""
    found = [(_named(each), *_memory(each)) for each in processes(pid)]
    return Memory(tuple((name, rss) for name, rss, _ in found), sum(pss for *_, pss in found))


def _memory(pid: int) -> tuple[float, float]:
    """MiB resident, and MiB with shared pages divided among those who share them."""
    lines = (line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines())
    found = {words[0]: int(words[1]) * 1024 for words in lines if words[0] in {"Rss:", "Pss:"}}
    return found["Rss:"] / MIB, found["Pss:"] / MIB


def ceiling() -> Start:
    """The bare imports."""
    code = f"import time\n{CEILING}\nprint(time.process_time())"
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return Start(time.perf_counter() - began, float(done.stdout))


def compiled(folder: Path) -> None:
    """Have what is started from now on keep its bytecode in `folder`, as an installation does."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)


def measure(kind: str, sources: int, seconds: float) -> None:
    """Print the figures for one kind of database."""
    port = unused_port()
    with tempfile.TemporaryDirectory() as name, database(kind, Path(name)) as url:
        os.environ[DATABASE] = url
        compiled(Path(name) / "bytecode")
        file = configure(Path(name), sources, port)
        asyncio.run(settle(file))
        _started(file, port)  # it compiles
        pairs = [(ceiling(), _started(file, port)) for _ in range(STARTS)]
        with serving(file, port) as (pid, _):
            soon = first_minute(pid)
            share = idle(pid, seconds)
            later = memory(pid)
    bare, started = (_median(starts) for starts in zip(*pairs, strict=True))
    print(f"{kind}, {sources} sources, nothing due")
    print(f"  first answer    {started.seconds:.2f} s, ", end="")
    print(f"{started.seconds / bare.seconds:.1f} × bare imports; ", end="")
    print(f"of processor {started.computing:.2f} s, ", end="")
    print(f"{started.computing / bare.computing:.1f} × bare imports")
    print(f"  idle            {share * 100:.2f} % of a core in {seconds:.0f} s")
    print(f"  first minute    {soon.line()}")
    print(f"  later           {later.line()}")


def _median(starts: Iterable[Start]) -> Start:
    both = tuple(starts)
    return Start(median(s.seconds for s in both), median(s.computing for s in both))


def _started(file: Path, port: int) -> Start:
    with serving(file, port) as (_, start):
        return start


def _named(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    known = {b"serve": "server", b"worker": "worker", b"aggregator.sandbox.child": "reader"}
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
