"""kill −9 at random moments of real syncs: nothing may be lost, doubled, half done or stuck.

python -m tests.torture.kill --n 500 [--database sqlite|postgresql|URL] [--seed N]

A revision of a city's list is synced again and again; each time but the last the process is
killed somewhere between its first import and its last commit. After every kill the database must
be sound and the source free as soon as its lease ran out; now and then a sync may end, and then
exactly that revision must stand, a day's absence must have ended what was absent, and no reference
may be left to settle. Exit code 1 on any violation.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import orjson
from sqlalchemy import Connection, func, select

from aggregator.settings import Settings
from aggregator.store.database import Database
from aggregator.store.leases import LEASE
from aggregator.store.migrate import migrate
from aggregator.store.tables import document, entity, record, run
from tests.aggregator.numbering import logged_faults, start_log
from tests.aggregator.soundness import faults, leftovers
from tests.postgres import Databases, server
from tests.torture.city import edit_of, mark, offers_at, running
from tests.torture.victim import SOURCE, fork, kill, settings, wait

STEP = LEASE + timedelta(seconds=1)
"""How far the clock moves between two victims: just enough for the dead one's lease to end."""
DAY = timedelta(days=1)
CLEAN_EVERY = 5
STAGES = (None, "fetch", "read", "apply", "apply")
"""Where a kill aims: anywhere in the process's life, or shortly after a stage is said."""
AFTER = {"fetch": 0.1, "read": 0.3, "apply": 0.2}
PATIENCE = 20.0


@dataclass(slots=True)
class Tally:
    """What happened, and what went wrong."""

    kills: int = 0
    clean: int = 0
    moments: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def tell(self) -> str:
        """All of it in a few lines."""
        moments = ", ".join(f"{n} {moment}" for moment, n in sorted(self.moments.items()))
        ran = f"{self.kills} kills ({moments}), {self.clean} syncs left to end"
        lines = [f"{ran}: {len(self.violations)} violations", *self.violations[:20]]
        return "\n".join(lines)


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
            self.report(f"a sync left to end ended with {code}: the source was not free")
            return
        self.inspect()
        with self.database() as opened:
            for fault in opened.read_now(lambda c: list(wrong_in_revision(c, self.revision))):
                self.report(fault)
            for fault in opened.read_now(leftovers, SOURCE):
                self.report(fault)

    def inspect(self) -> str:
        """Check every rule → in which state the last run was found."""
        with self.database() as opened:
            for fault in (*opened.read_now(faults), *opened.read_now(logged_faults)):
                self.report(fault)
            return opened.read_now(moment)

    def report(self, fault: str) -> None:
        """Note a violation and where it was seen."""
        self.tally.violations.append(f"after kill {self.tally.kills}: {fault}")

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database, without threads or connections that a fork would share."""
        opened = Database(self.settings.service.database)
        try:
            yield opened
        finally:
            opened.close()


def moment(connection: Connection) -> str:
    """How far the newest run had come when we look."""
    newest = connection.execute(select(run).order_by(run.c.id.desc()).limit(1)).one()
    if newest.ended is not None:
        return "between runs"
    touched = connection.execute(
        select(func.count()).select_from(entity).where(entity.c.modified >= newest.started)
    ).scalar_one()
    return "between chunks" if touched else "before the first chunk"


def wrong_in_revision(connection: Connection, revision: int) -> Iterator[str]:
    """What differs from a revision that was synced to its end."""
    expected = {str(offer.id) for offer in offers_at(revision)}
    rows = connection.execute(
        select(record.c.native_id, record.c.missing_since, document.c.json)
        .join(document, document.c.entity_no == record.c.entity_no)
        .where(record.c.kind == "offer", record.c.withdrawn.is_(None))
    ).all()
    listed = {row.native_id for row in rows if row.missing_since is None}
    if listed != expected:
        yield f"lost {sorted(expected - listed)}, too many {sorted(listed - expected)}"
    for row in rows:
        wanted = mark(edit_of(int(row.native_id), revision))
        if row.missing_since is None and wanted not in said(row.json):
            yield f"offer {row.native_id} does not say {wanted}"
    newest = connection.execute(select(func.max(run.c.started))).scalar_one()
    for row in rows:
        if row.missing_since is not None and newest - row.missing_since >= DAY:
            yield f"offer {row.native_id} has been missing since {row.missing_since} and stays"
    open_runs = connection.execute(
        select(func.count()).select_from(run).where(run.c.ended.is_(None))
    ).scalar_one()
    if open_runs:
        yield f"{open_runs} runs are still open"


def said(json: bytes) -> str:
    """A document's description."""
    return str(orjson.loads(json).get("description", {}).get("de", ""))


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a fresh database: of a kind, or the one that is given."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'allmende.db'}"
    elif kind == "postgresql":
        with server(folder / "postgresql") as admin:
            databases = Databases(admin)
            with databases.fresh() as url:
                yield url
            databases.close()
    else:
        yield kind


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
    given = parser.parse_args()
    tally = torture(given.database, given.n, given.seed)
    sys.stdout.write(f"{given.database}, seed {given.seed}: {tally.tell()}\n")
    sys.exit(1 if tally.violations else 0)


if __name__ == "__main__":
    main()
