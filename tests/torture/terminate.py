"""SIGTERM at random moments of a worker's life: it ends within ten seconds and leaves no half run.

python -m tests.torture.terminate [--n 500] [--database sqlite|postgresql|URL] [--seed N]

A worker is forked as `allmende worker` runs it, asks the fake city, and is told to end. Its run
must be over then, as interrupted or in its own way, and the source given back. Exit code 1 on any
violation.
"""

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

from sqlalchemy import Connection, func, select

from aggregator.house import open_house
from aggregator.runs import Progress
from aggregator.settings import Settings
from aggregator.store.database import Database
from aggregator.store.migrate import migrate
from aggregator.store.tables import run, source
from aggregator.working.clock import ShiftedClock
from aggregator.working.worker import run_worker
from api.cli.running import run as run_until_told
from tests.aggregator.numbering import logged_faults, start_log
from tests.aggregator.soundness import faults
from tests.torture.city import running
from tests.torture.judging import database, open_runs
from tests.torture.victim import Victim, settings

DEADLINE = 10.0
STEP = timedelta(hours=2)
STAGES = ("fetch", "read", "apply", "apply", None)
LONGEST = 1.5
PATIENCE = 30.0


@dataclass(slots=True)
class Driver:
    """Starts workers and ends them."""

    settings: Settings
    folder: Path
    chance: random.Random
    shift: timedelta = timedelta()
    ended: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    violations: list[str] = field(default_factory=list)

    def drive(self, times: int) -> None:
        """So many workers, one after the other."""
        with self.database() as opened:
            opened.write_now(migrate, self.settings.service.public_url)
            opened.write_now(start_log)
        for number in range(times):
            (self.folder / "revision").write_text(str(number))
            self.shift += STEP
            self.terminate(number)

    def terminate(self, number: int) -> None:
        """One worker: start it, let it come so far, tell it to end, look."""
        worker = fork(self.settings, self.shift)
        stage = self.chance.choice(STAGES)
        worker.reached(stage or "fetch", PATIENCE)
        time.sleep(self.chance.uniform(0, 0.2 if stage else LONGEST))
        began = time.monotonic()
        os.kill(worker.pid, signal.SIGTERM)
        code = _wait(worker)
        seconds = time.monotonic() - began
        self.slowest = max(self.slowest, seconds)
        if code != 0 or seconds > DEADLINE:
            self.violations.append(f"worker {number} ended with {code} after {seconds:.1f} s")
        with self.database() as opened:
            self.violations += [f"after worker {number}: {f}" for f in opened.read_now(_wrong)]
            self.ended[opened.read_now(_last_outcome)] += 1

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database, without threads or connections that a fork would share."""
        opened = Database(self.settings.service.database)
        try:
            yield opened
        finally:
            opened.close()

    def tell(self) -> str:
        """All of it in a few lines."""
        ended = ", ".join(f"{n} {how}" for how, n in self.ended.most_common())
        told = f"{self.ended.total()} workers told to end ({ended}), the slowest took"
        told += f" {self.slowest:.1f} s: {len(self.violations)} violations"
        return "\n".join([told, *self.violations[:20]])


def _wrong(connection: Connection) -> list[str]:
    found = [*faults(connection), *logged_faults(connection)]
    if left_open := open_runs(connection):
        found.append(f"{left_open} runs are open")
    held = select(func.count()).where(source.c.lease_owner.is_not(None))
    if connection.execute(held).scalar_one():
        found.append("the source was not given back")
    return found


def _last_outcome(connection: Connection) -> str:
    newest = select(run.c.outcome).order_by(run.c.id.desc()).limit(1)
    return str(connection.execute(newest).scalar())


def fork(configured: Settings, shift: timedelta) -> Victim:
    """Start a worker in a child whose clock is shifted."""
    told, tell = os.pipe()
    pid = os.fork()
    if not pid:
        _live(configured, shift, tell)
    os.close(tell)
    return Victim(pid, told)


def _live(configured: Settings, shift: timedelta, tell: int) -> NoReturn:
    def say(progress: Progress) -> None:
        with suppress(OSError):
            os.write(tell, progress.stage[:1].encode())

    async def work(stop: asyncio.Event) -> None:
        clock = ShiftedClock()
        clock.push(shift)
        async with open_house(configured, clock=clock) as house:
            await run_worker(house, stop, say=say, report=lambda report: None)

    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        run_until_told(work)
        code = 0
    finally:
        os._exit(code)


def _wait(worker: Victim) -> int | None:
    """The exit code; a worker that does not end in `PATIENCE` is killed."""
    os.close(worker.told)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        done, status = os.waitpid(worker.pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.killpg(worker.pid, signal.SIGKILL)
    os.waitpid(worker.pid, 0)
    return None


def main() -> None:
    """Parse the command line, run, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=500)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "revision").write_text("0")
        with database(given.database, folder) as url, running(folder) as city:
            driver = Driver(settings(folder, url, city), folder, random.Random(given.seed))
            driver.drive(given.n)
    sys.stdout.write(f"{given.database}, {driver.tell()}\n")
    sys.exit(1 if driver.violations else 0)


if __name__ == "__main__":
    main()
