"""SIGSTOP in the middle of a run, another run meanwhile, SIGCONT: the sleeper may write no more.

python -m tests.torture.zombies [--n 500] [--database sqlite|postgresql|URL] [--seed N]

A run takes its lease and is stopped at a random moment while it decides and writes; the clock
passes the lease's end, another run of a newer listing ends; then the first one goes on. At the end
the newer listing must stand, whole. Exit code 1 on any violation.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from sqlalchemy import Connection

from aggregator.errors import LeaseLost
from aggregator.harvest import Draft
from aggregator.plan import steps
from aggregator.store.apply import apply_steps
from aggregator.store.conclude import conclude
from aggregator.store.database import Database
from aggregator.store.migrate import migrate
from aggregator.store.records import batches
from tests.aggregator.making import Bench
from tests.aggregator.soundness import faults, leftovers
from tests.postgres import PUBLIC_URL
from tests.torture.judging import STEP, Tally, database, wrong_in_revision
from tests.torture.shelf import drafts_at, marks_at
from tests.torture.storing import CHUNK, MEMORY

LOST = 7
"""Exit code of a run that was told that it lost its lease."""
BLOCKED = 0.5
"""Seconds a run waits for a sleeper that holds a lock; then the sleeper is woken."""
PATIENCE = 30.0
SOUND_EVERY = 25


@dataclass(slots=True)
class Driver:
    """Stops and wakes runs of one source in one database."""

    bench: Bench
    chance: random.Random
    tally: Tally = field(default_factory=Tally)
    revision: int = 0
    duration: float = 0.1

    def drive(self, times: int) -> None:
        """So many sleepers, each overtaken."""
        self.expect("the first run", ended(self.fork(self.newer())), 0)
        while self.tally.kills < times:
            self.overtake()
            self.check(faults if self.tally.kills % SOUND_EVERY == 0 else lambda _: [])
        self.check(faults)

    def newer(self) -> list[Draft]:
        """The next revision."""
        self.revision += 1
        self.bench.later(STEP)
        return drafts_at(self.revision)

    def overtake(self) -> None:
        """One sleeper, and the run that overtakes it."""
        self.tally.kills += 1
        sleeper = self.fork(self.newer())
        time.sleep(self.chance.uniform(0, self.duration))
        os.kill(sleeper, signal.SIGSTOP)
        began = time.monotonic()
        runner = self.fork(self.newer(), wait=False)
        code = ended(runner, BLOCKED)
        if code is not None:
            self.duration = min(time.monotonic() - began, BLOCKED)
        os.kill(sleeper, signal.SIGCONT)
        self.expect("the run that overtook", ended(runner) if code is None else code, 0)
        late = ended(sleeper)
        self.expect("the sleeper", late, 0, LOST)
        how = "was told that it is late" if late == LOST else "had ended"
        self.tally.moments[f"{how}, holding a lock" if code is None else how] += 1
        marks = marks_at(self.revision)
        self.check(lambda connection: list(wrong_in_revision(connection, marks)))
        self.check(lambda connection: leftovers(connection, self.bench.source))

    def fork(self, drafts: list[Draft], *, wait: bool = True) -> int:
        """Start a run in a child, wait until it holds its lease → its process id."""
        self.bench.database.engine.dispose()
        told, tell = os.pipe()
        pid = os.fork()
        if not pid:
            _live(self.bench, drafts, tell)
        os.close(tell)
        if wait:
            os.read(told, 1)
        os.close(told)
        return pid

    def expect(self, who: str, code: int | None, *allowed: int) -> None:
        """Note an end that should not be."""
        if code not in allowed:
            self.tally.report(f"{who} ended with {code}")

    def check(self, rule: Callable[[Connection], list[str]]) -> None:
        """One rule over the whole database."""
        for fault in self.bench.database.read_now(rule):
            self.tally.report(fault)


def _live(bench: Bench, drafts: list[Draft], tell: int) -> NoReturn:
    """The child: a run as the pipeline makes it, the lease first."""
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    code = 1
    try:
        lease = bench.lease(f"{os.getpid()}")
        with suppress(BrokenPipeError):
            os.write(tell, b".")
        errand = bench.errand(lease, taken := bench.listing(*drafts))
        plan = bench.plan(taken)
        for some in batches(steps(plan), CHUNK):
            bench.database.write_now(apply_steps, errand, some)
        bench.database.write_now(conclude, errand, plan, bench.ending(lease, plan))
        code = 0
    except LeaseLost:
        code = LOST
    finally:
        os._exit(code)


def ended(pid: int, seconds: float = PATIENCE) -> int | None:
    """The exit code of a child that ends within so many seconds; one that does not in
    `PATIENCE` is killed."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    if seconds == PATIENCE:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return None


def torture(kind: str, times: int, seed: int) -> Tally:
    """Run all of it on one database."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place) as name, database(kind, Path(name)) as url:
        opened = Database(url)
        opened.write_now(migrate, PUBLIC_URL)
        driver = Driver(Bench(opened), random.Random(seed))
        driver.drive(times)
        opened.close()
        return driver.tally


def main() -> None:
    """Parse the command line, run, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=500)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    tally = torture(given.database, given.n, given.seed)
    ends = ", ".join(f"{n} {how}" for how, n in sorted(tally.moments.items()))
    told = f"{tally.kills} sleepers ({ends}): {len(tally.violations)} violations"
    sys.stdout.write("\n".join([f"{given.database}, {told}", *tally.violations[:20], ""]))
    sys.exit(1 if tally.violations else 0)


if __name__ == "__main__":
    main()
