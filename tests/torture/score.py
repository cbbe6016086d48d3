"""What a publisher would say of us as a reader, over thirty virtual days and many restarts.

python -m tests.torture.score [--n POLLS] [--database URL] [--seed N]

Twelve publishers, each with validators in a style of its own, keep the score: unconditional
requests (one for each source's lifetime), polls before the time they asked for (none), validators
that are not byte for byte what they sent last (none), cookies, Referer or altered addresses
(none). The house is closed and opened again now and then, sometimes with other settings, so that
everything has to be mapped anew. Exit code 1 on any violation.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from sqlalchemy import Connection, func, select

from aggregator.house import House, open_house
from aggregator.pipeline import sync
from aggregator.settings import FetchSettings, ServiceSettings, Settings, SourceSettings
from aggregator.store import leases
from aggregator.store.tables import source
from aggregator.working.clock import ShiftedClock
from tests.torture.publishers import STYLES, Publisher, Score

DAYS = 30
LATE = timedelta(seconds=2)
RESTART_EVERY = 40
ENVIRONMENT = "ALLMENDE_TORTURE_KEY"


@dataclass(slots=True)
class Month:
    """Thirty virtual days of one house and its publishers."""

    folder: Path
    database: str
    polls: int
    chance: random.Random
    clock: ShiftedClock = field(default_factory=ShiftedClock)
    publishers: dict[str, Publisher] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    remaps: int = 0

    def __post_init__(self) -> None:
        every = timedelta(days=DAYS) * len(STYLES) / self.polls
        for number, style in enumerate(STYLES):
            chance = random.Random(self.chance.random())
            self.publishers[f"quelle-{number}"] = Publisher(style, every, chance)

    def now(self) -> datetime:
        """The publishers' time: the house's."""
        return datetime.now(UTC) + self.clock.offset

    @property
    def done(self) -> int:
        """Polls so far."""
        return sum(publisher.score.polls for publisher in self.publishers.values())

    async def live(self) -> None:
        """Until the month is over and enough polls were made."""
        async with _serving(self) as url:
            while self.done < self.polls or self.clock.offset < timedelta(days=DAYS):
                async with open_house(self._settings(url), clock=self.clock) as house:
                    await self._work(house, self.done + self.chance.randint(1, 2 * RESTART_EVERY))
                self.restarts += 1

    async def _work(self, house: House, until: int) -> None:
        while self.done < until:
            wanted = await house.database.read(_next_due)
            self.clock.push(max(wanted - self.now(), timedelta()) + LATE * self.chance.random())
            ready = await house.database.read(_due, house)
            for source_id in ready:
                report = await sync(house, source_id, owner="score", say=lambda _: None)
                self.outcomes[report.outcome.value] += 1

    def _settings(self, url: str) -> Settings:
        """Every third house has other settings than the one before."""
        self.remaps += self.restarts % 3 == 2
        every = next(iter(self.publishers.values())).every.total_seconds()
        return Settings(
            service=ServiceSettings(database=self.database, data=str(self.folder)),
            fetch=FetchSettings(allow_loopback=True),
            sources=tuple(
                SourceSettings(
                    id=source_id,
                    connector="freinet",
                    every=every,
                    terms={f"Wort {self.remaps}": ("energy",)},
                    settings={
                        "base_url": f"{url}{source_id}/query/api/",
                        "agency": 177,
                        "key": f"env:{ENVIRONMENT}",
                    },
                )
                for source_id in self.publishers
            ),
        )

    def total(self) -> Score:
        """All scores as one."""
        numbers = [each.name for each in fields(Score) if each.name != "first_target"]
        scores = [publisher.score for publisher in self.publishers.values()]
        return Score(**{name: sum(getattr(one, name) for one in scores) for name in numbers})

    def violations(self) -> Iterator[str]:
        """What a publisher would complain about."""
        for source_id, publisher in self.publishers.items():
            score, named = publisher.score, f"{source_id} ({publisher.style})"
            if score.unconditional != 1:
                yield f"{named}: {score.unconditional} unconditional requests"
            for complaint in ("early", "wrong", "impolite"):
                if count := getattr(score, complaint):
                    yield f"{named}: {count} {complaint}"
        if broken := set(self.outcomes) - {"unchanged", "applied", "refused"}:
            yield f"runs ended otherwise: {sorted(broken)}"

    def tell(self) -> str:
        """All of it in a few lines."""
        total, found = self.total(), list(self.violations())
        days = self.clock.offset / timedelta(days=1)
        ended = ", ".join(f"{count} {name}" for name, count in sorted(self.outcomes.items()))
        polled = f"{total.polls} polls of {len(self.publishers)} sources in {days:.1f} virtual days"
        restarted = f"{self.restarts} restarts, {self.remaps} of them with other settings"
        answered = f"{ended}; {total.unchanged} answered 304, {total.refused} refused"
        counts = (
            f"{total.unconditional} unconditional requests ({len(self.publishers)} allowed)",
            f"{total.early} early",
            f"{total.wrong} wrong validators",
            f"{total.impolite} impolite: {len(found)} violations",
        )
        lines = [f"{polled}, {restarted} ({answered})", ", ".join(counts), *found[:20]]
        return "\n".join(lines)


def _next_due(connection: Connection) -> datetime:
    due: datetime | None = connection.execute(
        select(func.min(source.c.next_due)).where(source.c.enabled, source.c.next_due.is_not(None))
    ).scalar()
    return due or datetime.min.replace(tzinfo=UTC)


def _due(connection: Connection, house: House) -> list[str]:
    return leases.due(connection, house.clock.now(connection), len(STYLES))


@asynccontextmanager
async def _serving(month: Month) -> AsyncIterator[str]:
    async def answer(request: web.Request) -> web.Response:
        return month.publishers[request.match_info["source"]].answer(request, month.now())

    app = web.Application()
    app.router.add_get("/{source}/{rest:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}/"
    finally:
        await runner.cleanup()


def score(polls: int, seed: int, database: str | None = None) -> Month:
    """Live through a month → what was counted."""
    os.environ[ENVIRONMENT] = "torture"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = database or f"sqlite:///{folder / 'allmende.db'}"
        month = Month(folder, url, polls, random.Random(seed))
        asyncio.run(month.live())
        return month


def main() -> None:
    """Parse the command line, run, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--database")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    month = score(given.n, given.seed, given.database)
    sys.stdout.write(f"seed {given.seed}: {month.tell()}\n({time.monotonic() - began:.0f} s)\n")
    sys.exit(1 if any(month.violations()) else 0)


if __name__ == "__main__":
    main()
