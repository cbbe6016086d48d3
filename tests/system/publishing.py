"""Eight publishers at once and one reader that follows the change feed. Counts what it missed.

uv run python -m tests.system.publishing [--rounds 40] [--database sqlite|postgresql|URL]

Each publisher owns a source and lists something else every round; now and then it edits an entry
of anybody's. The reader asks as `/v1/changes` does: what comes after the last number it saw.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from random import Random

import orjson
from sqlalchemy import select

from aggregator.queries.changes import Changes, read_changes
from aggregator.store.database import Database
from aggregator.store.edits import Edit, set_fields
from aggregator.store.migrate import migrate
from aggregator.store.pages import Pages, open_pages
from aggregator.store.tables import document, entity, feed
from schema import Rejected
from tests.aggregator.making import DAY, ZONE, Bench, draft, mention
from tests.aggregator.numbering import logged_faults, start_log
from tests.aggregator.soundness import faults
from tests.postgres import PUBLIC_URL, server

PROCESSES = 4
THREADS = 2
KEYS = 30
PAGE = 50


def publish(url: str, first: int, rounds: int) -> int:
    """Two publishers of one process; returns how many runs they made."""
    with ThreadPoolExecutor(THREADS) as pool:
        numbers = range(first, first + THREADS)
        return sum(pool.map(lambda number: _publish(url, number, rounds), numbers))


def _publish(url: str, number: int, rounds: int) -> int:
    luck = Random(number)
    database = Database(url)
    bench = Bench(database, source=f"quelle-{number}", is_registered=True)
    for _ in range(rounds):
        keys = luck.sample(range(KEYS), luck.randint(KEYS // 2, KEYS))
        listed = [
            draft(
                str(key), f"Stand {luck.randint(1, 3)}", by=mention(f"Verein {luck.randint(1, 4)}")
            )
            for key in keys
        ]
        bench.run(bench.listing(*listed), chunk=luck.randint(1, 20))
        bench.later(DAY)
        if luck.random() < 0.3:
            _edit(bench, luck)
    database.close()
    return rounds


def _edit(bench: Bench, luck: Random) -> None:
    """Somebody edits any live entry, unless it went just now."""
    live = bench.entities("offer")
    patch = {"status": luck.choice(("paused", "filled"))}
    edit = Edit(entity=luck.choice(live).id, patch=patch, who="k", reason="r")
    with suppress(KeyError, Rejected):
        bench.database.write_now(set_fields, edit, bench.clock, ZONE)


@dataclass
class Replica:
    """What a follower of the change feed holds."""

    after: int = 0
    seen: int = 0
    pages: int = 0
    out_of_order: int = 0
    documents: dict[str, bytes | None] = field(default_factory=dict)

    async def follow(self, pages: Pages) -> bool:
        """Read one page; False when there was nothing new."""
        changes = await read_changes(pages, self.after, PAGE)
        self.pages += 1
        for number, said in zip(changes.numbers, changes.documents, strict=True):
            self.out_of_order += number <= self.after
            self.after = number
            self.documents[_id(changes, number, said)] = said
        self.seen += len(changes.numbers)
        return bool(changes.numbers)


def _id(changes: Changes, number: int, said: bytes | None) -> str:
    id_: str = changes.gone[number].id if said is None else orjson.loads(said)["id"]
    return id_


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of it; all but the first four must be nothing."""

    runs: int
    changes: int
    read: int
    pages: int
    gaps: int
    missed: int
    doubled: int
    unsound: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, doubled or half."""
        return self.gaps == self.missed == self.doubled == len(self.unsound) == 0


async def compete(url: str, rounds: int) -> Result:
    """Let eight publishers write and one reader follow, then compare."""
    database = Database(url)
    database.write_now(start_log)
    for number in range(PROCESSES * THREADS):
        Bench(database, source=f"quelle-{number}")
    replica = Replica()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        running = [
            pool.submit(publish, url, number * THREADS, rounds) for number in range(PROCESSES)
        ]
        async with open_pages(database) as pages:
            await _follow(replica, pages, running)
    result = _compare(database, replica, sum(future.result() for future in running))
    database.close()
    return result


async def _follow(replica: Replica, pages: Pages, running: list[Future[int]]) -> None:
    """To the last change, whenever that comes."""
    while True:
        over = all(future.done() for future in running)
        if not await replica.follow(pages) and over:
            return
        await asyncio.sleep(0.002)


def _compare(database: Database, replica: Replica, runs: int) -> Result:
    rows = select(entity.c.id, document.c.json).outerjoin(
        document, document.c.entity_no == entity.c.no
    )
    stored = {str(row.id): row.json for row in database.read_now(lambda c: c.execute(rows).all())}
    head = database.read_now(lambda c: c.execute(select(feed.c.head)).scalar_one())
    wrong = [id_ for id_, json in stored.items() if replica.documents.get(id_, b"?") != json]
    return Result(
        runs=runs,
        changes=head,
        read=replica.seen,
        pages=replica.pages,
        gaps=len(database.read_now(logged_faults)),
        missed=len(wrong) + len(replica.documents.keys() - stored.keys()),
        doubled=replica.out_of_order,
        unsound=tuple(database.read_now(faults)),
    )


@contextmanager
def empty_database(kind: str) -> Iterator[str]:
    """The URL of a migrated database: "sqlite", "postgresql", or an empty one's URL."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "postgresql":
            with server(Path(folder) / "postgresql") as admin:
                plain = admin.set(drivername="postgresql").render_as_string(hide_password=False)
                yield _migrated(plain)
        else:
            yield _migrated(f"sqlite:///{folder}/allmende.db" if kind == "sqlite" else kind)


def _migrated(url: str) -> str:
    database = Database(url)
    database.write_now(migrate, PUBLIC_URL)
    database.close()
    return url


def main() -> None:
    """Read the options, compete, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--database", default="sqlite")
    given = parser.parse_args()
    with empty_database(given.database) as url:
        result = asyncio.run(compete(url, given.rounds))
    sys.stdout.write(f"{result}\n")
    sys.exit(0 if result.is_good else 1)


if __name__ == "__main__":
    main()
