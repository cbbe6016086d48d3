"""A source shrinks: by 1 to 100 % of 1 to 10,000 records, at once or bit by bit within a day.

python -m tests.torture.shrink [--n 5000] [--stored 40] [--database sqlite|postgresql|URL]

`n` cases at the level where runs are decided, `stored` of them through a database. Over five days
nothing above max(3, 20 %) may end without a person's word, and whatever is below ends. Exit
code 1 on any violation.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from aggregator.compare import Known, compare
from aggregator.decide import Referring, decide
from aggregator.guard import Plausible, guard
from aggregator.plan import Head, Plan
from aggregator.store.database import Database
from aggregator.store.migrate import migrate
from tests.aggregator.making import Bench, draft, harvest
from tests.aggregator.soundness import faults
from tests.aggregator.wiping import empty
from tests.postgres import PUBLIC_URL
from tests.torture.judging import database

ALWAYS, SHARE = 3, 5
"""What may end at once, said here once more: three, or every fifth record."""
SIZES = tuple(sorted({round(10 ** (step * 4 / 49)) for step in range(50)}))
LARGEST_STORED = 120
BORN = datetime(2026, 1, 1, tzinfo=UTC)
HOURS = (0, 6, 12, 30, 54, 78, 120)
"""When the source is asked, after it was whole."""
STEPS = 3
"""How often a creeping source loses something, in the first runs."""


@dataclass(frozen=True, slots=True)
class Case:
    """`size` records of which `lost` vanish, in so many `steps`."""

    size: int
    lost: int
    steps: int

    @property
    def allowed(self) -> int:
        """How many may vanish together."""
        return max(ALWAYS, self.size // SHARE)

    @property
    def expected(self) -> int:
        """How many must have ended at the end. A listing of nothing proves nothing."""
        return self.lost if self.lost <= self.allowed and self.lost < self.size else 0

    def listed(self, turn: int) -> range:
        """Keys that stand in the listing of a run."""
        return range(self.lost * min(turn + 1, self.steps) // self.steps, self.size)


@dataclass(slots=True)
class Tally:
    """What happened."""

    cases: int = 0
    above: int = 0
    ended: int = 0
    violations: list[str] = field(default_factory=list)

    def note(self, case: Case, ended: int, where: str) -> None:
        """One case's result against what had to come."""
        self.cases += 1
        self.above += case.lost > case.allowed
        self.ended += ended
        if ended != case.expected:
            self.violations.append(f"{where}: {case}: {ended} ended, {case.expected} should")

    def tell(self, where: str) -> str:
        """All of it in a few lines."""
        told = f"{self.cases} cases {where}, {self.above} above the limit, {self.ended} records"
        lines = [f"{told} ended: {len(self.violations)} violations", *self.violations[:10]]
        return "\n".join(lines)


def cases(count: int, chance: random.Random) -> Iterator[Case]:
    """So many cases: every loss for every size, then others by chance. Half of them creep."""
    grid = [(size, percent) for size in SIZES for percent in range(1, 101)]
    chance.shuffle(grid)
    while len(grid) < count:
        grid.append((chance.randint(1, 10_000), chance.randint(1, 100)))
    for number, (size, percent) in enumerate(grid[:count]):
        yield Case(size, max(1, size * percent // 100), 1 + (STEPS - 1) * (number % 2))


def ended_when_decided(case: Case) -> int:
    """How many records end when nothing but deciding is done, over all runs."""
    heads = {head.no: head for head in map(_head, range(case.size))}
    for turn, hours in enumerate(HOURS):
        now = BORN + timedelta(hours=hours)
        for head in _after(_decided(list(heads.values()), case.listed(turn), now), now):
            heads[head.no] = head
    return sum(head.withdrawn is not None for head in heads.values())


def _decided(heads: list[Head], listed: range, now: datetime) -> Plan:
    known = Known(source="s", instance=UUID(int=1), heads={(h.kind, h.native_id): h for h in heads})
    taken = harvest(same=tuple(("offer", str(key)) for key in listed))
    verdict = guard(compare(taken, known, now), known, {}, Plausible())
    return decide(taken, known, verdict, Referring(), now)


def _after(plan: Plan, now: datetime) -> Iterator[Head]:
    """Heads as a plan leaves them."""
    marked = {mark.head.no: mark.withheld for mark in plan.marks}
    for head in plan.missing:
        yield replace(head, missing_since=now)
    for mark in plan.marks:
        yield replace(mark.head, withheld=now if mark.withheld else None)
    for removal in plan.removals:
        assert not marked.get(removal.head.no), "ended and withheld at once"
        yield replace(removal.head, withdrawn=now)


def _head(number: int) -> Head:
    return Head(
        no=number,
        kind="offer",
        native_id=str(number),
        raw_key=str(number),
        fingerprint=b"f",
        digest=b"d",
        stamp=None,
        mapping=b"m",
        entity_no=number,
        missing_since=None,
        withdrawn=None,
    )


def ended_in(opened: Database, case: Case) -> tuple[int, list[str]]:
    """The same through a database → how many ended, and what is unsound then."""
    opened.write_now(empty)
    bench = Bench(opened)
    drafts = [draft(str(key), f"Angebot {key}", by=None) for key in range(case.size)]
    bench.sync(*drafts)
    before = 0
    for turn, hours in enumerate(HOURS):
        bench.later(timedelta(hours=hours - before))
        before = hours
        bench.sync(*(drafts[key] for key in case.listed(turn)))
    return case.size - len(bench.entities("offer")), opened.read_now(faults)


def sweep(count: int, seed: int) -> Tally:
    """The cases at the deciding level."""
    tally = Tally()
    for case in cases(count, random.Random(seed)):
        tally.note(case, ended_when_decided(case), "decided")
    return tally


def sweep_stored(kind: str, count: int, seed: int) -> Tally:
    """Cases through a database."""
    tally, chance = Tally(), random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as url:
        opened = Database(url)
        opened.write_now(migrate, PUBLIC_URL)
        for number in range(count):
            size = chance.randint(1, LARGEST_STORED)
            lost = max(1, size * chance.randint(1, 100) // 100)
            case = Case(size, lost, 1 + (STEPS - 1) * (number % 2))
            ended, unsound = ended_in(opened, case)
            tally.note(case, ended, kind)
            tally.violations += unsound
        opened.close()
    return tally


def main() -> None:
    """Parse the command line, sweep, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=5000)
    parser.add_argument("--stored", type=int, default=40)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    decided = sweep(given.n, given.seed)
    stored = sweep_stored(given.database, given.stored, given.seed)
    sys.stdout.write(f"{decided.tell('decided')}\n{stored.tell(f'in {given.database}')}\n")
    sys.exit(1 if decided.violations or stored.violations else 0)


if __name__ == "__main__":
    main()
