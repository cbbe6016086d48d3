"""kill −9 at random moments of real syncs: nothing may be lost, doubled, half done or stuck.

python -m tests.torture.kill --n 500 [--store] [--database sqlite|postgresql|URL] [--seed N]

A revision of a city's list is synced again and again; each time but the last the process is
killed somewhere between its first import and its last commit. After every kill the database must
be sound and the source free as soon as its lease ran out; now and then a sync may end, and then
exactly that revision must stand, a day's absence must have ended what was absent, and no reference
be left to settle. With --store only what decides and writes is killed (`storing`).
Exit code 1 on any violation.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from aggregator.settings import Settings
from aggregator.store.database import Database
from aggregator.store.migrate import migrate
from tests.aggregator.numbering import logged_faults, start_log
from tests.aggregator.soundness import faults, leftovers
from tests.torture import storing
from tests.torture.city import edit_of, mark, offers_at, running
from tests.torture.judging import DAY, STEP, Tally, database, moment, wrong_in_revision
from tests.torture.victim import SOURCE, fork, kill, settings, wait

CLEAN_EVERY = 5
STAGES = (None, "fetch", "read", "apply", "apply")
"""Where a kill aims: anywhere in the process's life, or shortly after a stage is said."""
AFTER = {"fetch": 0.1, "read": 0.3, "apply": 0.2}
PATIENCE = 20.0


@dataclass(slots=True)
class Driver:
    """Drives victims against one database."""

    settings: Settings
    folder: Path
    chance: random.Random
    tally: Tally = field(default_factory=Tally)
    shift: timedelta = timedelta()
    revision: int = 0
    duration: float = 1.0

    def drive(self, kills: int) -> None:
        """A clean start, then `kills` victims, a clean sync after every few, and one at the end."""
        with self.database() as opened:
            opened.write_now(migrate, self.settings.service.public_url)
            opened.write_now(start_log)
        self.let_end()
        while self.tally.kills < kills:
            self.turn()
            self.strike()
            if self.tally.kills % CLEAN_EVERY == 0:
                self.let_end()
                self.shift += DAY
        self.turn()
        self.let_end()

    def turn(self) -> None:
        """The next revision of the list."""
        self.revision += 1
        (self.folder / "revision").write_text(str(self.revision))

    def strike(self) -> None:
        """Start a victim, kill it at a random moment, look at what it left."""
        self.shift += STEP
        victim = fork(self.settings, self.shift)
        stage = self.chance.choice(STAGES)
        if stage is None or not victim.reached(stage, PATIENCE):
            time.sleep(self.chance.uniform(0, self.duration))
        else:
            time.sleep(self.chance.uniform(0, AFTER[stage]))
        before = "killed" if kill(victim) else "too late"
        self.tally.kills += 1
        self.tally.moments[f"{before} {self.inspect()}"] += 1

    def let_end(self) -> None:
        """A sync that may end, as soon as the last victim's lease is over."""
        self.shift += STEP
        began = time.monotonic()
        code = wait(fork(self.settings, self.shift))
        self.duration = time.monotonic() - began
        self.tally.clean += 1
        if code:
            self.tally.report(f"a sync left to end ended with {code}: the source was not free")
            return
        self.inspect()
        marks = {str(o.id): mark(edit_of(o.id, self.revision)) for o in offers_at(self.revision)}
        with self.database() as opened:
            for fault in opened.read_now(lambda c: list(wrong_in_revision(c, marks))):
                self.tally.report(fault)
            for fault in opened.read_now(leftovers, SOURCE):
                self.tally.report(fault)

    def inspect(self) -> str:
        """Check every rule → in which state the last run was found."""
        with self.database() as opened:
            for fault in (*opened.read_now(faults), *opened.read_now(logged_faults)):
                self.tally.report(fault)
            return opened.read_now(moment)

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database, without threads or connections that a fork would share."""
        opened = Database(self.settings.service.database)
        try:
            yield opened
        finally:
            opened.close()


def torture(kind: str, kills: int, seed: int) -> Tally:
    """Run all of it on one database."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "revision").write_text("0")
        with database(kind, folder) as url, running(folder) as city:
            driver = Driver(settings(folder, url, city), folder, random.Random(seed))
            driver.drive(kills)
            return driver.tally


def main() -> None:
    """Parse the command line, run, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=500)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", action="store_true", help="kill only what writes: cheap")
    given = parser.parse_args()
    run = storing.torture if given.store else torture
    tally = run(given.database, given.n, given.seed)
    sys.stdout.write(f"{given.database}, seed {given.seed}: {tally.tell()}\n")
    sys.exit(1 if tally.violations else 0)


if __name__ == "__main__":
    main()
