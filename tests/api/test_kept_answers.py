"""Answers from memory: made once for all who ask, compressed when asked for again, and never
older than what they tell of."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Connection, update

from aggregator.queries import Database, Pages, open_pages
from aggregator.queries.feed import STANDING
from aggregator.settings import HttpSettings
from aggregator.store.pages import Row, Shape, Values
from aggregator.store.tables import feed
from api.app import OpenPages
from tests.api.asking import ask
from tests.api.conftest import Client, Serve
from tests.api.seeding import PUBLIC_URL, identity, touch

LIST = "/v1/offers?limit=50"
ONE = f"/v1/offers/{identity('offer', 7)}"
IDENTITY = "identity"


class Counting:
    """Counts the reads, and lets each take a moment, as a far database does."""

    def __init__(self, pages: Pages, reads: list[Shape]) -> None:
        self._pages, self._reads = pages, reads

    async def rows(self, shape: Shape, values: Values) -> list[Row]:
        self._reads.append(shape)
        await asyncio.sleep(0.01)
        return await self._pages.rows(shape, values)

    def version(self) -> int | None:
        return self._pages.version()

    def typed(self, shape: Shape, row: Row) -> Row:
        return self._pages.typed(shape, row)


def counting(reads: list[Shape]) -> OpenPages:
    @asynccontextmanager
    async def opened(database: Database) -> AsyncIterator[Pages]:
        async with open_pages(database) as pages:
            yield Counting(pages, reads)

    return opened


async def test_a_hundred_who_ask_at_once_are_one_query(seeded: Database, serve: Serve) -> None:
    alone: list[Shape] = []
    await ask(await serve(seeded, pages=counting(alone)), LIST)
    reads: list[Shape] = []
    client = await serve(seeded, pages=counting(reads))
    answers = await asyncio.gather(*[ask(client, LIST) for _ in range(100)])
    assert {answer.status for answer in answers} == {200}
    assert len({await answer.read() for answer in answers}) == 1
    assert sum(reads.count(shape) for shape in {*alone}) <= len(alone) + 100
    assert max(reads.count(shape) for shape in alone[1:]) == 1


async def test_what_was_asked_before_reads_nothing_but_the_head(
    seeded: Database, serve: Serve
) -> None:
    reads: list[Shape] = []
    client = await serve(seeded, pages=counting(reads))
    for path in (LIST, ONE, "/v1/changes?limit=5"):
        await ask(client, path)
        reads.clear()
        tag = (await ask(client, path)).headers["ETag"]
        assert (await ask(client, path, If_None_Match=tag)).status == 304
        assert len({*reads}) <= 1, path


async def test_what_was_known_once_is_known_again_without_a_body(
    seeded: Database, serve: Serve
) -> None:
    tag = (await ask(await serve(seeded), LIST, Accept_Encoding=IDENTITY)).headers["ETag"]
    reads: list[Shape] = []
    client = await serve(seeded, pages=counting(reads))
    assert (await ask(client, LIST, If_None_Match=tag)).status == 304
    reads.clear()
    assert (await ask(client, LIST, If_None_Match=tag)).status == 304
    assert len({*reads}) <= 1
    assert (await (await ask(client, LIST)).json())["data"]


class Holding:
    """Holds back what the first read of some kind found, until it is let go."""

    def __init__(self, pages: Pages, held: "Held") -> None:
        self._pages, self._held = pages, held

    async def rows(self, shape: Shape, values: Values) -> list[Row]:
        rows = await self._pages.rows(shape, values)
        bodies = any(isinstance(value, bytes) for row in rows for value in row)
        if self._held.armed and (shape is STANDING if self._held.head else bodies):
            self._held.armed = False
            self._held.reached.set()
            await self._held.free.wait()
        return rows

    def version(self) -> int | None:
        return self._pages.version()

    def typed(self, shape: Shape, row: Row) -> Row:
        return self._pages.typed(shape, row)


class Held:
    """When to hold (`head`: where the feed stands, or else bodies)."""

    def __init__(self, *, head: bool) -> None:
        self.head, self.armed = head, False
        self.reached, self.free = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def pages(self, database: Database) -> AsyncIterator[Pages]:
        async with open_pages(database) as pages:
            yield Holding(pages, self)


@pytest.mark.parametrize("head", [True, False], ids=["head", "answer"])
async def test_who_asks_after_a_change_does_not_get_what_was_read_before_it(
    seeded: Database, serve: Serve, head: bool
) -> None:
    held = Held(head=head)
    client = await serve(seeded, pages=held.pages)
    await ask(client, ONE)
    seeded.write_now(touch, "organisation", 1)
    held.armed = True
    before = asyncio.create_task(ask(client, LIST, Accept_Encoding=IDENTITY))
    await held.reached.wait()
    seeded.write_now(touch, "offer", 100)
    after = asyncio.create_task(ask(client, LIST, Accept_Encoding=IDENTITY))
    await asyncio.sleep(0.1)
    held.free.set()
    tags = [(await answer).headers["ETag"] for answer in (before, after)]
    now = await ask(client, LIST, Accept_Encoding=IDENTITY)
    assert tags[1] == now.headers["ETag"]


async def test_a_look_from_before_a_change_confirms_nothing_to_who_asks_after_it(
    seeded: Database, serve: Serve
) -> None:
    held = Held(head=True)
    client = await serve(seeded, pages=held.pages)
    kept = await ask(client, LIST, Accept_Encoding=IDENTITY)
    for step in (1, -1):  # somebody wrote, and the head is what it was
        seeded.write_now(bump, step)
    held.armed = True
    before = asyncio.create_task(ask(client, LIST, Accept_Encoding=IDENTITY))
    await held.reached.wait()
    seeded.write_now(touch, "offer", 100)
    after = asyncio.create_task(ask(client, LIST, Accept_Encoding=IDENTITY))
    await asyncio.sleep(0.1)
    held.free.set()
    tags = [(await answer).headers["ETag"] for answer in (before, after)]
    assert (tags[0] == kept.headers["ETag"], tags[1] == kept.headers["ETag"]) == (True, False)


def bump(connection: Connection, step: int) -> None:
    connection.execute(update(feed).values(view=feed.c.view + step))


async def test_a_change_elsewhere_leaves_the_answer_and_its_codings(
    client: Client, seeded: Database
) -> None:
    first = await ask(client, LIST, Accept_Encoding=IDENTITY)
    await ask(client, LIST, Accept_Encoding="gzip")
    seeded.write_now(touch, "organisation", 1)
    again = await ask(client, LIST, Accept_Encoding="gzip")
    assert again.headers["Content-Encoding"] == "gzip"
    assert again.headers["ETag"].startswith(first.headers["ETag"][:-1])


async def test_a_change_is_seen_at_once(client: Client, seeded: Database) -> None:
    for _ in range(3):
        before = (await ask(client, LIST)).headers["ETag"]
        seeded.write_now(touch, "offer", 100)
        assert (await ask(client, LIST)).headers["ETag"] != before


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
async def test_the_first_repeat_is_compressed_whole(
    seeded: Database, serve: Serve, coding: str
) -> None:
    client = await serve(seeded)
    first = await ask(client, LIST, Accept_Encoding=coding)
    assert "Content-Encoding" not in first.headers
    again = await ask(client, LIST, Accept_Encoding=coding)
    assert again.headers["Content-Encoding"] == coding
    assert again.headers["Vary"] == first.headers["Vary"] == "Accept-Encoding"
    assert again.headers["ETag"] == f'{first.headers["ETag"][:-1]}-{coding}"'
    assert await again.read() == await first.read(), "the client decodes it"
    assert int(again.headers["Content-Length"]) < int(first.headers["Content-Length"]) / 4
    plain = await ask(client, LIST, Accept_Encoding="br")
    assert "Content-Encoding" not in plain.headers


async def test_any_codings_tag_is_known_and_comes_back(client: Client) -> None:
    tag = (await ask(client, LIST, Accept_Encoding=IDENTITY)).headers["ETag"]
    for known in (tag, f'{tag[:-1]}-gzip"', f'{tag[:-1]}-zstd"'):
        for accepted in ("gzip", IDENTITY, "br"):
            answer = await ask(client, LIST, If_None_Match=known, Accept_Encoding=accepted)
            assert (answer.status, answer.headers["ETag"]) == (304, known)
            assert "Content-Encoding" not in answer.headers


async def test_short_answers_stay_as_they_are(client: Client) -> None:
    path = "/v1/changes?afterChangeNumber=999999"
    for _ in range(3):
        answer = await ask(client, path, Accept_Encoding="gzip")
        assert "Content-Encoding" not in answer.headers


async def test_who_takes_no_plain_bytes_gets_coded_ones_at_once(client: Client) -> None:
    answer = await ask(client, LIST, Accept_Encoding="identity;q=0, gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert (await answer.json())["data"]
    calendar = await ask(client, "/v1/events.ics", Accept_Encoding="identity;q=0, zstd")
    assert calendar.headers["Content-Encoding"] == "zstd"


async def test_who_takes_nothing_is_told_what_there_is(client: Client) -> None:
    answer = await ask(client, LIST, Accept_Encoding="br, *;q=0")
    assert answer.status == 406
    assert "gzip" in (await answer.json(content_type=None))["detail"]


async def test_languages_of_a_page_do_not_mix(client: Client) -> None:
    for _ in range(2):
        german = await ask(client, "/", Accept_Language="de")
        english = await ask(client, "/", Accept_Language="en")
        assert german.headers["Content-Language"] == "de"
        assert english.headers["Content-Language"] == "en"
        assert german.headers["Vary"] == "Accept-Language, Accept-Encoding"


async def test_little_memory_forgets_and_answers_all_the_same(
    seeded: Database, serve: Serve
) -> None:
    client = await serve(seeded, http=HttpSettings(recheck=0, memory=1))
    for limit in range(1, 120):
        answer = await ask(client, f"/v1/offers?limit={limit}")
        assert len((await answer.json())["data"]) == limit


async def test_head_of_what_is_kept_says_what_get_says(client: Client) -> None:
    for path in (LIST, ONE, "/v1/sources"):
        await ask(client, path, Accept_Encoding=IDENTITY)
        full = await ask(client, path, Accept_Encoding=IDENTITY)
        head = await client.head(path, headers={"Accept-Encoding": IDENTITY})
        assert head.headers["Content-Length"] == str(len(await full.read()))
        assert head.headers["ETag"] == full.headers["ETag"]


async def test_rates_are_told_and_held(seeded: Database, serve: Serve) -> None:
    client = await serve(seeded, http=HttpSettings(recheck=0, requests_per_minute=1, burst=3))
    first = await ask(client, LIST)
    assert first.headers["RateLimit-Policy"] == '"client";q=1;w=60'
    assert first.headers["RateLimit"].startswith('"client";r=2;t=')
    for limit in (3, 4):
        assert (await ask(client, f"/v1/offers?limit={limit}")).status == 200
    refused = await ask(client, "/v1/offers?limit=5")
    assert refused.status == 429
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit"].startswith('"client";r=0;t=')
    assert (await refused.json(content_type=None))["type"].startswith(PUBLIC_URL)
    assert (await ask(client, "/healthz")).status == 200
    lie = await ask(client, "/v1/offers?limit=5", X_Forwarded_For="203.0.113.9")
    assert lie.status == 429


async def test_what_is_kept_is_refused_too(seeded: Database, serve: Serve) -> None:
    client = await serve(seeded, http=HttpSettings(recheck=0, requests_per_minute=1, burst=1))
    for status in (200, 429, 429):
        assert (await ask(client, LIST, Accept_Encoding=IDENTITY)).status == status


async def test_behind_a_trusted_proxy_each_client_has_its_own_rate(
    seeded: Database, serve: Serve
) -> None:
    http = HttpSettings(
        recheck=0, requests_per_minute=1, burst=1, trusted_proxies=("127.0.0.1", "::1")
    )
    client = await serve(seeded, http=http)
    for address in ("203.0.113.1", "203.0.113.2", "2001:db8::1"):
        path = f"/v1/offers?limit={len(address)}"
        assert (await ask(client, path, X_Forwarded_For=address)).status == 200
        lie = f"198.51.100.7, {address}"
        assert (await ask(client, "/v1/offers", X_Forwarded_For=lie)).status == 429
