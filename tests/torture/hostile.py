"""Sources that mean harm: what they answer, and how one run of each ends.

python -m tests.torture.hostile [--n 56] [--seed N]

Every attack is synced once through the real pipeline, then again after a day; 22 of them are
paging without an end. Each run must end by name, in time, after a bounded number of requests, and
take nothing away. Exit code 1 on any violation.
"""

import argparse
import asyncio
import gzip
import logging
import sys
import time
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import func, select

from aggregator.commands.sync import sync_source
from aggregator.house import House, open_house
from aggregator.runs import HEALTHY, Outcome
from aggregator.settings import FetchSettings, ServiceSettings, Settings, SourceSettings
from aggregator.store.tables import record
from aggregator.working.clock import ShiftedClock
from aggregator.working.worker import silent
from schema.problems import MEANINGS
from tests.aggregator.soundness import faults
from tests.postgres import PUBLIC_URL
from tests.torture.paged import MOST_PAGES, NAME, SECONDS, item, offered, page
from tests.upstreams.faults import (
    Script,
    Upstream,
    answer,
    chunked,
    drip,
    head,
    redirect,
    reset,
    serving,
)

JSON: Final = "Content-Type: application/json"
GARBAGE: Final = 10_000_000
BOMB: Final = 300_000_000
DAYS: Final = 2
MOST_REQUESTS: Final = MOST_PAGES + 6
"""The pages, and the redirects of one."""
MOST_SECONDS: Final = SECONDS + 3
"""A fetch's time, and starting and reading."""


@cache
def zeros() -> bytes:
    """A page that never ends to say nothing, compressed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    start = packer.compress(b'{"items": [')
    return start + b"".join(packer.compress(bytes(1_000_000)) for _ in range(BOMB // 1_000_000))


def silence() -> Script:
    """Takes the request and never answers."""

    async def script(writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    return script


def flood(first: bytes, piece: bytes) -> Script:
    """Sends the same piece as fast as it is taken, for ever."""

    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(piece)
            await writer.drain()

    return script


def spoken(text: bytes) -> Script:
    """Says just this, whatever it is, and hangs up."""

    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        await writer.drain()

    return script


def late(seconds: float, script: Script) -> Script:
    """Takes its time before it says anything."""

    async def waiting(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)
        await script(writer)

    return waiting


GOOD: Final = page(item(n) for n in range(5))
ATTACKS: Final[Mapping[str, Callable[[], Script]]] = {
    "gzip bomb": lambda: answer(zeros(), JSON, "Content-Encoding: gzip"),
    "bomb in a bomb": lambda: answer(gzip.compress(zeros()), JSON, "Content-Encoding: gzip, gzip"),
    "unknown coding": lambda: answer(GOOD, JSON, "Content-Encoding: zpaq"),
    "body drips": lambda: drip(head(200, JSON), b"["),
    "headers drip": lambda: drip(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "status line drips": lambda: drip(b"", b"H"),
    "never answers": silence,
    "answers too late": lambda: late(SECONDS + 1, answer(GOOD, JSON)),
    "endless body": lambda: flood(head(200, JSON), b"[" * 65536),
    "endless chunks": lambda: flood(head(200, "Transfer-Encoding: chunked"), b"1\r\n[\r\n" * 9000),
    "endless headers": lambda: flood(b"HTTP/1.1 200 OK\r\n", b"X-Y: z\r\n" * 1000),
    "one endless header": lambda: flood(b"HTTP/1.1 200 OK\r\nX-Y: ", b"z" * 65536),
    "endless 100 Continue": lambda: flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "no HTTP": lambda: spoken(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "TLS where none was asked": lambda: spoken(bytes([21, 3, 3, 0, 2, 2, 70])),
    "a NUL in a header": lambda: spoken(b"HTTP/1.1 200 OK\r\nX: \0\r\n\r\n" + GOOD),
    "two lengths": lambda: answer(GOOD, "Content-Length: 7", length=9),
    "length too long": lambda: answer(GOOD, JSON, length=len(GOOD) + 100),
    "length too short": lambda: answer(GOOD, JSON, length=len(GOOD) - 9),
    "length without end": lambda: answer(b"{", JSON, length=10**15),
    "negative length": lambda: answer(GOOD, "Content-Length: -5", length=-1),
    "last chunk missing": lambda: chunked(GOOD[:20], whole=False),
    "chunk of nonsense": lambda: spoken(head(200, "Transfer-Encoding: chunked") + b"zz\r\n[]\r\n"),
    "reset": reset,
    "garbage": lambda: answer(Random(1).randbytes(GARBAGE), JSON),
    "garbage without length": lambda: answer(Random(2).randbytes(GARBAGE), JSON, length=-1),
    "deep nesting": lambda: answer(b'{"items":' + b"[" * 90_000, JSON),
    "redirect to itself": lambda: redirect("/"),
    "redirect to metadata": lambda: redirect("http://169.254.169.254/latest/meta-data/"),
    "redirect to a neighbour": lambda: redirect("http://10.0.0.1/"),
    "redirect to a file": lambda: redirect("file:///etc/passwd"),
    "redirect to nowhere": lambda: redirect("http://[::"),
    "an error of 10 MB": lambda: answer(bytes(GARBAGE), status=500),
    "wait ten years": lambda: answer(b"", "Retry-After: 315360000", status=503),
}
"""What a first answer may be."""

Paging = Callable[[Upstream, str, int], str | list[str]]
"""(server, address asked, how many requests before) → the next address or several."""


def _cycle(length: int, tail: int = 0) -> Paging:
    def following(_: Upstream, __: str, turn: int) -> str:
        return f"/p{turn + 1 if turn < tail else tail + (turn + 1 - tail) % length}"

    return following


LOOPS: Final[Mapping[str, Paging]] = {
    "itself": lambda server, asked, turn: asked,
    "itself, in full": lambda server, asked, turn: f"{server.url[:-1]}{asked}",
    "itself, by a dot": lambda server, asked, turn: "?",
    "there and back": _cycle(2),
    "a ring of three": _cycle(3),
    "a ring of seven": _cycle(7),
    "a ring after five": _cycle(2, tail=5),
    "ever new numbers": lambda server, asked, turn: f"/?page={turn + 1}",
    "ever new words": lambda server, asked, turn: f"/?cursor={Random(turn).randbytes(9).hex()}",
    "ever deeper": lambda server, asked, turn: f"{asked.rstrip('/')}/a",
    "ever longer": lambda server, asked, turn: f"/?x={'a' * 300 * (turn + 1)}",
    "ever older": lambda server, asked, turn: f"/?year={2026 - turn}",
    "another fragment": lambda server, asked, turn: f"/#{turn}",
    "another spelling": lambda server, asked, turn: f"/?q={'%61' * (turn + 1)}",
    "another order": lambda server, asked, turn: "/?a=1&b=2" if turn % 2 else "/?b=2&a=1",
    "another case": lambda server, asked, turn: server.url.upper() if turn % 2 else server.url,
    "through dots": lambda server, asked, turn: f"/{'x/../' * (turn + 1)}",
    "more slashes": lambda server, asked, turn: f"{server.url}{'/' * (turn + 1)}",
    "two each time": lambda server, asked, turn: [f"/?l={turn}", f"/?r={turn}"],
    "a thousand at once": lambda server, asked, turn: [f"/?n={turn}-{n}" for n in range(1000)],
    "nothing on any page": lambda server, asked, turn: f"/?empty={turn + 1}",
    "other origins": lambda server, asked, turn: f"http://127.0.0.2:{server.port}/?{turn}",
}
"""Paging that never ends."""


@dataclass(slots=True)
class Turncoat:
    """A source that is good at first."""

    script: Script = field(default_factory=lambda: answer(GOOD, JSON))
    server: Upstream | None = None
    turns: Iterator[int] = field(default_factory=count)

    async def answer(self, writer: asyncio.StreamWriter) -> None:
        """One visit."""
        await self.script(writer)

    def turn(self, name: str) -> None:
        """From now on it is hostile, in the way of this name."""
        self.script = ATTACKS[name]() if name in ATTACKS else self._loop(name)

    def _loop(self, name: str) -> Script:
        async def script(writer: asyncio.StreamWriter) -> None:
            assert self.server is not None
            turn, asked = next(self.turns), self.server.asked[-1].target
            items = [] if "nothing" in name else [item(turn * 2), item(turn * 2 + 1)]
            following = LOOPS[name](self.server, asked, turn)
            await answer(page(items, following), JSON)(writer)

        return script


@asynccontextmanager
async def turncoat(host: str = "127.0.0.1") -> AsyncIterator[Turncoat]:
    """Such a source, running."""
    source = Turncoat()
    async with serving(source.answer, host) as source.server:
        yield source


@dataclass(slots=True)
class Tally:
    """What happened."""

    runs: int = 0
    slowest: float = 0.0
    most_requests: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def tell(self) -> str:
        """All of it in a few lines."""
        bounds = f"slowest {self.slowest:.1f} s, at most {self.most_requests} requests"
        ended = ", ".join(f"{n} {how}" for how, n in self.ended.most_common())
        ran = f"{self.runs} runs of hostile sources"
        lines = [f"{ran}, {bounds}: {len(self.violations)} violations", f"ended: {ended}"]
        return "\n".join([*lines, *self.violations[:20]])


async def attack(house: House, name: str, source: Turncoat, tally: Tally) -> None:
    """One run of one source, and how it ended."""
    assert source.server is not None
    upstream = source.server
    before, began = len(upstream.asked), time.monotonic()
    try:
        async with asyncio.timeout(2 * MOST_SECONDS):
            report = await sync_source(house, slug(name), progress=silent)
    except TimeoutError:
        tally.violations.append(f"{name} hangs")
        return
    seconds, requests = time.monotonic() - began, len(upstream.asked) - before
    tally.runs += 1
    tally.slowest = max(tally.slowest, seconds)
    tally.most_requests = max(tally.most_requests, requests)
    code = report.problem.code if report.problem else ""
    tally.ended[f"{report.outcome} {code}".strip()] += 1
    if report.outcome in {*HEALTHY, Outcome.CRASHED} or code not in MEANINGS:
        tally.violations.append(f"{name} ends as {report.outcome} {code}")
    if seconds > MOST_SECONDS or requests > MOST_REQUESTS:
        tally.violations.append(f"{name} took {seconds:.1f} s and {requests} requests")
    if report.counts.withdrawn or report.counts.missing:
        tally.violations.append(f"{name} takes records away: {report.counts}")


def settings(folder: Path, sources: Mapping[str, str], database: str = "") -> Settings:
    """A house with these sources: id → address."""
    return Settings(
        service=ServiceSettings(
            public_url=PUBLIC_URL,
            database=database or f"sqlite:///{folder / 'allmende.db'}",
            data=str(folder),
        ),
        fetch=FetchSettings(allow_loopback=True),
        sources=tuple(
            SourceSettings(id=one, connector=NAME, settings={"url": url})
            for one, url in sources.items()
        ),
    )


def slug(name: str) -> str:
    """An attack's name as a source's id."""
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())


async def torture(folder: Path, names: Sequence[str]) -> Tally:
    """Each of these: once good, then hostile on two days."""
    tally = Tally()
    async with AsyncExitStack() as stack:
        sources = {name: await stack.enter_async_context(turncoat()) for name in names}
        urls = {slug(name): one.server.url for name, one in sources.items() if one.server}
        configured = settings(folder, urls)
        house = await stack.enter_async_context(open_house(configured, clock=ShiftedClock()))
        for name, source in sources.items():
            await sync_source(house, slug(name), progress=silent)
            source.turn(name)
        for _ in range(DAYS):
            for name, source in sources.items():
                await attack(house, name, source, tally)
            assert isinstance(house.clock, ShiftedClock)
            house.clock.push(timedelta(hours=25))
        tally.violations += await house.database.read(faults)
        withdrawn = select(func.count()).where(record.c.withdrawn.is_not(None))
        if ended := await house.database.read(lambda c: c.execute(withdrawn).scalar_one()):
            tally.violations.append(f"{ended} records were withdrawn")
    return tally


def main() -> None:
    """Parse the command line, run, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=len(ATTACKS) + len(LOOPS))
    parser.add_argument("--seed", type=int, default=0, help="0: in order, else by chance")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    names = [*LOOPS, *ATTACKS]
    if given.seed:
        Random(given.seed).shuffle(names)
    with TemporaryDirectory() as folder, offered(NAME):
        tally = asyncio.run(torture(Path(folder), names[: given.n]))
    sys.stdout.write(f"{tally.tell()}\n")
    sys.exit(1 if tally.violations else 0)


if __name__ == "__main__":
    main()
