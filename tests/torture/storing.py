"""kill −9 while a run decides, applies in small chunks and concludes: thousands of times.

The harvest is made before the fork, so a kill costs a fork, half a run and a look: nothing is
fetched and no sandbox is started. `python -m tests.torture.kill --store` starts it.
"""

import os
import random
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from aggregator.errors import LeaseLost
from aggregator.harvest import Draft
from aggregator.store.database import Database
from aggregator.store.migrate import migrate
from aggregator.store.tables import document, entity, feed, record
from tests.aggregator.making import Bench
from tests.aggregator.numbering import start_log
from tests.aggregator.soundness import faults, leftovers
from tests.postgres import PUBLIC_URL
from tests.torture.judging import (
    DAY,
    STEP,
    Tally,
    database,
    moment,
    open_runs,
    said,
    wrong_in_revision,
)
from tests.torture.shelf import drafts_at, marks_at

CHUNK = 5
CLEAN_EVERY = 10
SOUND_EVERY = 25
"""Every rule of the store is checked after so many kills, the cheap ones after each."""
MEMORY = Path("/dev/shm")
"""What a killed process wrote survives it wherever the file lies: this place is quick."""
QUIET = 5.0
"""Seconds a server may take to notice that a client is gone."""


@dataclass(slots=True)
class Driver:
    """Forks and kills runs of one source in one database. The connections are closed before
    each fork; compiled statements are shared."""

    bench: Bench
    chance: random.Random
    tally: Tally = field(default_factory=Tally)
    revision: int = 0
    head: int = 0
    """The newest change number that was looked at."""
    duration: float = 0.1

    @property
    def database(self) -> Database:
        """What is tortured."""
        return self.bench.database

    def drive(self, kills: int) -> None:
        """`kills` victims, a run that may end after every few, and one at the end."""
        self.database.write_now(start_log)
        self.let_end()
        while self.tally.kills < kills:
            self.revision += 1
            self.strike()
            if self.tally.kills % CLEAN_EVERY == 0:
                self.let_end()
                self.bench.later(DAY)
        self.revision += 1
        self.let_end()
        self.check(faults)

    def strike(self) -> None:
        """Fork a run, kill it at a random moment, look at what it left."""
        self.bench.later(STEP)
        drafts = drafts_at(self.revision)
        self.database.engine.dispose()
        pid, told = fork(self.bench, drafts)
        os.read(told, 1)
        time.sleep(self.chance.uniform(0, self.duration))
        before = "killed" if kill(pid) else "too late"
        os.close(told)
        self.tally.kills += 1
        self.settle()
        self.look()
        self.tally.moments[f"{before} {self.database.read_now(moment)}"] += 1
        if self.tally.kills % SOUND_EVERY == 0:
            self.check(faults)

    def let_end(self) -> None:
        """A run that may end, as soon as the last victim's lease is over: its revision stands."""
        self.bench.later(STEP)
        drafts = drafts_at(self.revision)
        began = time.monotonic()
        try:
            self.bench.run(self.bench.listing(*drafts), CHUNK)
        except (DBAPIError, AssertionError, LeaseLost) as error:
            self.tally.report(f"a run left to end could not: {type(error).__name__} {error}")
        self.duration = time.monotonic() - began
        self.tally.clean += 1
        self.look()
        marks = marks_at(self.revision)
        self.check(lambda connection: list(wrong_in_revision(connection, marks)))
        self.check(lambda connection: leftovers(connection, self.bench.source))

    def look(self) -> None:
        """The cheap rules: numbers, documents, halves, runs left open."""
        log = self.database.write_now(taken_log)
        head, found = self.database.read_now(cheap_faults)
        if log != list(range(self.head + 1, head + 1)):
            found.append(f"numbers {self.head}…{head} were given away as {log[:20]}")
        self.head = head
        for fault in found:
            self.tally.report(fault)

    def check(self, rule: Callable[[Connection], list[str]]) -> None:
        """One rule over the whole database."""
        for fault in self.database.read_now(rule):
            self.tally.report(fault)

    def settle(self) -> None:
        """Wait until the server has ended what the killed process had asked for."""
        until = time.monotonic() + QUIET
        while not self.database.is_sqlite and self.database.read_now(others):
            if time.monotonic() > until:
                self.tally.report("the server still works for a process that is dead")
                return
            time.sleep(0.001)


def others(connection: Connection) -> int:
    """How many other clients the database has."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    asked += " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    return int(connection.execute(text(asked)).scalar_one())


def taken_log(connection: Connection) -> list[int]:
    """Every number given away since the last look, in order; the log is empty afterwards."""
    given = connection.execute(text("SELECT change FROM change_log ORDER BY change")).scalars()
    numbers = list(given)
    connection.execute(text("DELETE FROM change_log"))
    return numbers


def cheap_faults(connection: Connection) -> tuple[int, list[str]]:
    """Head of the feed, and what is wrong at a glance."""
    found = list(halves(connection))
    live = select(func.count()).select_from(entity).where(entity.c.state == "live")
    shown = connection.execute(select(func.count()).select_from(document)).scalar_one()
    if shown != connection.execute(live).scalar_one():
        found.append(f"{shown} documents, but another number of live entities")
    if (left_open := open_runs(connection)) > 1:
        found.append(f"{left_open} runs are open at once")
    return connection.execute(select(feed.c.head)).scalar_one(), found


def halves(connection: Connection) -> Iterator[str]:
    """Records whose document says something else, or that stand twice."""
    rows = connection.execute(
        select(record.c.native_id, record.c.body, document.c.json)
        .outerjoin(document, document.c.entity_no == record.c.entity_no)
        .where(record.c.kind == "offer", record.c.withdrawn.is_(None))
    ).all()
    for row in rows:
        if row.json is None or orjson.loads(row.body)["description"]["de"] != said(row.json):
            yield f"offer {row.native_id} is half written"
    if len({row.native_id for row in rows}) != len(rows):
        yield "an offer stands twice"


def fork(bench: Bench, drafts: list[Draft]) -> tuple[int, int]:
    """Start a run in a child → its process id, and a pipe that says when it is about to begin."""
    told, tell = os.pipe()
    pid = os.fork()
    if pid:
        os.close(tell)
        return pid, told
    code = 1
    try:
        os.setsid()
        os.write(tell, b".")
        bench.run(bench.listing(*drafts), CHUNK)
        code = 0
    finally:
        os._exit(code)


def kill(pid: int) -> bool:
    """kill −9 → whether the child was still running."""
    ended, _ = os.waitpid(pid, os.WNOHANG)
    if not ended:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return not ended


def torture(kind: str, kills: int, seed: int) -> Tally:
    """Run all of it on one database."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place) as name, database(kind, Path(name)) as url:
        opened = Database(url)
        opened.write_now(migrate, PUBLIC_URL)
        driver = Driver(Bench(opened), random.Random(seed))
        driver.drive(kills)
        opened.close()
        return driver.tally
