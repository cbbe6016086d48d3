"""How long readers wait while a worker takes over a big list.

uv run python -m benchmarks.under_load [--offers 30030] [--database sqlite|postgresql]

`allmende serve --no-worker` answers one client that asks for the newest offers every few
milliseconds: first alone, then while `allmende worker` beside it takes a list over for the first
time. A probe that needs no database shows how long the server's loop was busy elsewhere.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import monotonic, sleep
from typing import Any

import orjson
from aiohttp.test_utils import unused_port

from benchmarks.hammering import request, time_for
from benchmarks.lists import Making, make_list
from benchmarks.sync import KEY, TWIN, database
from benchmarks.upstream import upstream

LIST = request("/v1/offers")
PROBE = request("/healthz")
QUIET = 10.0
"""Seconds without a worker."""
PAUSE = 0.003
PIECE = 2.0
PATIENCE = 600.0

CONFIG = """
[service]
public_url = "http://127.0.0.1:{port}/"
database = "{database}"
data = "{folder}/data"
port = {port}

[fetch]
allow_loopback = true
[[source]]
id = "agency"
connector = "freinet"
[source.settings]
base_url = "{agency}"
agency = 177
key = "env:{key}"
limit = {limit}
"""


@dataclass(frozen=True, slots=True)
class Waits:
    """Milliseconds that one kind of request took."""

    name: str
    took: Sequence[float]

    def line(self, quiet: "Waits | None" = None) -> str:
        """What stands in the table."""
        last = quantiles(self.took, n=100)[98]
        beside = (
            "" if quiet is None else f" = {last / quantiles(quiet.took, n=100)[98]:4.1f}x quiet"
        )
        said = f"median {median(self.took):6.2f} ms, p99 {last:6.2f}, most {max(self.took):6.1f}"
        return f"{self.name:30} {len(self.took):>7,} asked, {said}{beside}"


@contextmanager
def running(folder: Path, *command: str) -> Iterator[Path]:
    """A command of Allmende, until the end of the block → the file with what it says."""
    whole = [sys.executable, "-m", "api.cli.main", *command, "--config", str(folder / "a.toml")]
    environment = {**os.environ, KEY: "benchmark"}
    said = folder / f"{command[0]}.out"
    with (
        said.open("wb") as out,
        subprocess.Popen([*whole, "--json"], stdout=out, env=environment) as process,
    ):
        try:
            yield said
        finally:
            process.terminate()


def has_said(file: Path, word: str) -> bool:
    """Whether a command has said something, waited for a moment."""
    sleep(0.05)
    return word in file.read_text()


def asked(port: int, seconds: float) -> tuple[list[float], list[float]]:
    """Lists and probes, side by side."""
    with ProcessPoolExecutor(2) as pool:
        lists = pool.submit(time_for, port, LIST, seconds, PAUSE)
        probes = pool.submit(time_for, port, PROBE, seconds, PAUSE)
        return lists.result(), probes.result()


def measure(folder: Path, port: int) -> None:
    """Print the waits without and with a worker."""
    names = ("list of 50", "probe")
    with running(folder, "serve", "--no-worker") as server:
        while not has_said(server, "listening"):
            pass
        quiet = [Waits(*each) for each in zip(names, asked(port, QUIET), strict=True)]
        print("quiet", *[each.line() for each in quiet], sep="\n", flush=True)
        lists: list[float] = []
        probes: list[float] = []
        until = monotonic() + PATIENCE
        with running(folder, "worker") as worker:
            while not has_said(worker, "counts") and monotonic() < until:
                more = asked(port, PIECE)
                lists += more[0]
                probes += more[1]
            print(run_of(worker.read_text()))
        for before, each in zip(quiet, (lists, probes), strict=True):
            print(Waits(before.name, each).line(before), flush=True)


def run_of(said: str) -> str:
    """How the worker's run ended."""
    report: dict[str, Any] = next((orjson.loads(line) for line in said.splitlines() if line), {})
    counts = report.get("counts", {})
    return f"the run: {report.get('outcome')}, {counts.get('new')} new, {report.get('seconds')} s"


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=30_030)
    parser.add_argument("--database", default="sqlite")
    given = parser.parse_args()
    copies = max(1, given.offers // TWIN)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "list.xml").write_bytes(make_list(Making(copies)))
        with database(given.database, folder) as url, upstream(folder) as (agency, _):
            port, address = unused_port(), folder / "database"
            address.write_text(url)  # it may carry a password
            config = CONFIG.format(
                port=port,
                database=f"file:{address}",
                folder=folder,
                agency=agency,
                key=KEY,
                limit=copies * TWIN + 1000,
            )
            (folder / "a.toml").write_text(config)
            print(f"{given.database}: {copies * TWIN:,} offers come while readers read")
            migrated = [sys.executable, "-m", "api.cli.main", "migrate"]
            subprocess.run([*migrated, "--config", str(folder / "a.toml")], check=True)
            sleep(1)
            measure(folder, port)


if __name__ == "__main__":
    main()
