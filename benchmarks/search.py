"""How long it takes to look for words among many entries.

uv run python -m benchmarks.search [--entries 10000 100000] [--database postgresql] [--asked 200]

Entries are made of invented compounds with the frequencies of a language, so that the vocabulary
grows with them. Each row is a kind of question, asked with many words: resolving it and reading a
page of 20. Besides the time that passes, the processor time of this process is told, which on
SQLite is all there is, and as a multiple of a plain list page of the same run.
"""

import argparse
import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter, process_time

from sqlalchemy import Connection, select

from aggregator.queries import Database, Pages, open_pages
from aggregator.queries.finding import Hunt, open_hunt, read_quarry
from aggregator.queries.listing import read_list
from aggregator.queries.wanted import Wanted
from aggregator.store.migrate import migrate
from aggregator.store.search import Searchable, seal_rest, seal_whole, write_searchable
from aggregator.store.tables import feed
from benchmarks.sync import database
from schema.normal.words import terms_in
from tests.api.seeding import add_entities, add_source

LIMIT = 20
CHUNK = 2_000
SYLLABLES = re.findall(
    r"\w+",
    """
ba be bau baum berg bil blu bo bru bür da den die dorf ein er fahr fel fest frei ga gar
gie gra grün hal hand haus hel hof im jung kin klei kli ku land le lei ma mei mit mu nach
nen nor obst park pfle plat rad rei ring ro sam schu see spiel sta ste stra tau tra über
um un ver vor wa wan wei werk wie wol zeit zen zu zim ung heit lich keit isch bar tung
lung schaft
""",
)
VOCABULARY = 400_000
TITLE, TEXT = 4, 70


class Language:
    """Words by rank, each with the frequency that its rank has in a language (Zipf)."""

    def __init__(self, luck: Random) -> None:
        self._luck = luck
        self.words = [
            "".join(luck.choices(SYLLABLES, k=min(5, 1 + rank.bit_length() // 5)))
            for rank in range(VOCABULARY)
        ]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))

    def text(self, count: int) -> list[str]:
        """So many words, as often as they occur."""
        return self._luck.choices(self.words, cum_weights=self._weights, k=count)

    def ranked(self, first: int, last: int) -> str:
        """Some word between two ranks."""
        return self.words[self._luck.randrange(first, last)]


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Database]:
    """An empty, migrated database of this kind."""
    with database(kind, folder) as url:
        one = Database(url)
        one.write_now(migrate, "http://127.0.0.1/")
        yield one
        one.close()


def fill(connection: Connection, language: Language, count: int) -> None:
    """So many more offers, each with a title, a place and a text."""
    last = connection.execute(select(feed.c.last_entity)).scalar_one()
    add_entities(connection, "offer", count, last + 1)
    found = {}
    for no in range(last + 1, last + 1 + count):
        title, text = (dict.fromkeys(language.text(n)) for n in (TITLE, TEXT))
        words = f" {' '.join(title)} \n halle \n {' '.join(text.keys() - title.keys())} "
        found[no] = Searchable("offer unmapped", words)
    write_searchable(connection, found, found.keys())
    seal_whole(connection, last + count)


@dataclass(frozen=True, slots=True)
class Times:
    """What was measured, in milliseconds: what passed, and of the processor."""

    name: str
    passed: Sequence[float]
    computed: Sequence[float]

    def line(self, page: float) -> str:
        """What stands in the table."""
        half, most = quantiles(self.passed, n=100)[49::49]
        own_half, own_most = quantiles(self.computed, n=100)[49::49]
        return (
            f"{self.name:<22} {half:8.2f} ms, 99 % {most:8.2f}   processor {own_half:6.2f} ms, "
            f"99 % {own_most:6.2f}   {own_half / page:6.1f} × a page"
        )


async def timed(name: str, count: int, ask: Callable[[], Awaitable[object]]) -> Times:
    """Ask so many times."""
    for _ in range(5):
        await ask()
    passed, computed = [], []
    for _ in range(count):
        began, before = perf_counter(), process_time()
        await ask()
        passed.append((perf_counter() - began) * 1000)
        computed.append((process_time() - before) * 1000)
    return Times(name, passed, computed)


def questions(language: Language) -> dict[str, Callable[[], str]]:
    """Kinds of questions, each with what is asked next."""

    def common() -> str:
        return language.ranked(0, 60)

    def middle() -> str:
        return language.ranked(60, 2_000)

    def rare() -> str:
        return language.ranked(3_000, 60_000)

    return {
        "a common word": common,
        "a word in between": middle,
        "a rare word": rare,
        "a word nobody has": lambda: f"{rare()}x{rare()[:3]}",
        "the middle of a word": lambda: middle()[1:6].ljust(3, "e"),
        "three letters": lambda: middle()[:3].ljust(3, "e"),
        "a first letter": lambda: middle()[:1],
        "three common words": lambda: f"{common()} {common()} {common()}",
        "three words": lambda: f"{common()} {middle()} {rare()}",
    }


async def measure(one: Database, language: Language, asked: int) -> None:
    """Print a row for each kind of question."""
    async with open_pages(one) as pages:
        wanted = Wanted(kind="offer", limit=LIMIT)
        plain = await timed("a plain page", asked, lambda: read_list(pages, wanted))
        page = median(plain.computed)
        print(plain.line(page))
        for name, question in questions(language).items():
            print((await timed(name, asked, _asking(pages, question))).line(page), flush=True)


def _asking(pages: Pages, question: Callable[[], str]) -> Callable[[], Awaitable[object]]:
    async def ask() -> object:
        quarry = await open_hunt(pages, Hunt(terms=terms_in(question())))
        return await read_quarry(pages, quarry, LIMIT, None, bodies=True)

    return ask


async def run(kind: str, sizes: Sequence[int], asked: int) -> None:
    """Measure at each size, on one database that grows."""
    language, there = Language(Random(7)), 0
    with tempfile.TemporaryDirectory() as name, opened(kind, Path(name)) as one:
        one.write_now(add_source)
        for size in sorted(sizes):
            began = perf_counter()
            while there < size:
                count = min(CHUNK, size - there)
                one.write_now(fill, language, count)
                there += count
            one.write_now(seal_rest)
            print(f"\n{kind}: {size:,} entries, made in {perf_counter() - began:.0f} s")
            await measure(one, language, asked)


def main() -> None:
    """Parse the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--asked", type=int, default=200)
    given = parser.parse_args()
    asyncio.run(run(given.database, given.entries, given.asked))


if __name__ == "__main__":
    main()
