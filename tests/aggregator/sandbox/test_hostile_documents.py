"""Hostile documents in the real sandbox: ended by name, and the next document works."""

import asyncio
import os
import resource
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from time import monotonic

import orjson
import pytest
import pytest_asyncio

from aggregator.harvest import Draft
from aggregator.sandbox.parent import Limits, Opening, Sandbox, Session
from connectors.base import Document, Facts
from tests.aggregator.sandbox.conftest import Heard, hear
from tests.aggregator.sandbox.test_deaths import child_of
from tests.upstreams.faults import answer, serving

LIMITS = Limits(max_bytes=256_000_000, max_seconds=30)
SETTINGS = {"mode": "full_export", "address": "https://stadt.example/export"}
LIST = Opening(connector="freinet", settings=SETTINGS, facts=Facts())
TOP = Opening(connector="freinet", settings={**SETTINGS, "mode": "top_offers"}, facts=Facts())
FEED = "tests.aggregator.sandbox.quadratic:Quadratic"
OFFER = b'<angebot angebotsId="1"><angebotsname>Gut</angebotsname></angebot>'
GOOD = b"<angebotsliste>%b</angebotsliste>" % OFFER
XINCLUDE = "http://www.w3.org/2001/XInclude"
MOST_SECONDS = 5.0
MOST_MEMORY = 64 * 1024 * 1024
Put = Callable[[bytes], Document]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Bytes → a document of them."""

    def put(data: bytes) -> Document:
        path = tmp_path / f"document{len(list(tmp_path.iterdir()))}"
        path.write_bytes(data)
        return Document(path=str(path), url="https://stadt.example/")

    return put


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[Sandbox]:
    async with Sandbox(1) as opened:
        await opened.prewarm("freinet")
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def session(pool: Sandbox) -> AsyncIterator[Session]:
    async with pool.session(LIST) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def top(pool: Sandbox) -> AsyncIterator[Session]:
    async with pool.session(TOP) as opened:
        yield opened


def listing(declared: str, name: str = "&a;") -> bytes:
    """A list behind a document type that declares something."""
    offer = f'<angebot angebotsId="1"><angebotsname>{name}</angebotsname></angebot>'
    return f"{declared}<angebotsliste>{offer}</angebotsliste>".encode()


def payloads(where: str, pipe: str) -> list[bytes]:
    """Twelve documents that want a file, a connection, or all memory. Whoever opens the pipe
    waits for ever."""
    tens = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    begin = "<!DOCTYPE angebotsliste"
    parameter = f'<!ENTITY % p SYSTEM "{where}evil.dtd"> %p;'
    return [
        listing(f'{begin} [<!ENTITY e0 "lol">{tens}]>', "&e11;"),
        listing(f'{begin} [<!ENTITY a "{"x" * 50_000}">]>', "&a;" * 50_000),
        listing(f'{begin} [<!ENTITY a SYSTEM "file://{pipe}">]>'),
        listing(f'{begin} [<!ENTITY a SYSTEM "{where}a">]>'),
        listing(f'{begin} SYSTEM "{where}evil.dtd">', "x"),
        listing(f'{begin} PUBLIC "-//X//EN" "file://{pipe}">', "x"),
        listing(f"{begin} [{parameter}]>", "x"),
        listing(f'{begin} SYSTEM "file://{pipe}" [<!ENTITY a "b">]>'),
        listing(f'<?xml-stylesheet type="text/xsl" href="{where}x.xsl"?>', "x"),
        listing("", f'<x:include xmlns:x="{XINCLUDE}" href="file://{pipe}" parse="text"/>'),
        listing(f'<!-- --><?x y?>{begin} [<!ENTITY a "&a;">]>'),
        listing(f'{begin} [<!ATTLIST angebot b CDATA "{"x" * 100_000}">]>', "x"),
    ]


def memory_now(sandbox: Sandbox) -> int:
    """Bytes in use; from here on the peak is counted anew."""
    Path(f"/proc/{child_of(sandbox)}/clear_refs").write_text("5")
    return memory_of(sandbox, "VmRSS:")


def memory_of(sandbox: Sandbox, name: str) -> int:
    words = Path(f"/proc/{child_of(sandbox)}/status").read_text().split()
    return int(words[words.index(name) + 1]) * 1024


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("number", range(12))
async def test_entities_open_no_file_and_no_connection(
    pool: Sandbox, session: Session, put: Put, tmp_path: Path, number: int
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    async with serving(answer(b"<!ENTITY a 'loaded'>")) as upstream:
        data = payloads(upstream.url, str(pipe))[number]
        assert (await hear(session, put(GOOD), LIMITS)).keys == ["1"]
        before, began = memory_now(pool), monotonic()
        heard = await hear(session, put(data), LIMITS)
        assert monotonic() - began <= MOST_SECONDS
        assert memory_of(pool, "VmHWM:") - before <= MOST_MEMORY
        assert upstream.connections == 0
    assert not any(b"loaded" in body_of(draft) for draft in heard.drafts)
    assert heard.code == "document.unreadable" or len(heard.drafts) + len(heard.refusals) == 1
    assert (await hear(session, put(GOOD), LIMITS)).keys == ["1"]


def body_of(draft: Draft) -> bytes:
    assert isinstance(draft.body, bytes)
    return draft.body


DEEP = (b"[" * 200_000, b'{"a":' * 200_000, b'{"features":' + b"[" * 200_000 + b"]" * 200_000)
STRANGE = (
    b'{"features":[NaN]}',
    b'{"features":[{"angebot_id":Infinity}]}',
    b'{"features":[-Infinity]}',
)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("data", [*DEEP, *STRANGE, b'{"features":[', b"PK\x03\x04" + b"\0" * 99])
async def test_json_that_is_none_is_refused_by_name(top: Session, put: Put, data: bytes) -> None:
    heard = await hear(top, put(data), LIMITS)
    assert heard.code in ("document.unreadable", "document.wrong_root")
    assert not heard.drafts


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "fields",
    [
        b'"angebot_id":1,"angebot_id":2,"angebot_name":"a","angebot_name":"b"',
        b'"angebot_id":1,"angebot_plz":%b,"angebot_name":"a"' % (b"9" * 5_000),
        b'"angebot_id":%b,"angebot_name":"a"' % (b"9" * 5_000),
        b'"angebot_id":1e400,"angebot_name":"a"',
        b'"angebot_id":1,"angebot_name":"a\\ud800b"',
        b'"angebot_id":1,"angebot_name":"a\\u0000b"',
        b'"angebot_id":1,"angebot_name":"%b"' % (b"x" * 10_000_000),
        b'"angebot_id":1,"angebot_name":"a","info":"%b"' % (b"<div>" * 400_000),
        b'"angebot_id":1,"angebot_name":["a"],"info":{"b":[1]}',
        b'"angebot_id":1,"angebot_name":true,"angebot_bearbeitet":-1e300',
    ],
)
async def test_odd_json_costs_one_record_at_most_and_stays_strict(
    top: Session, put: Put, fields: bytes
) -> None:
    good = b'{"angebot_id":9,"angebot_name":"Gut"}'
    heard = await hear(top, put(b'{"features":[{%b},%b]}' % (fields, good)), LIMITS)
    if heard.error is None:
        assert heard.keys[-1] == "9"
        assert len(heard.drafts) + len(heard.refusals) == 2
        assert all(orjson.loads(body_of(draft)) for draft in heard.drafts)
    else:
        assert heard.code == "document.unreadable"


@pytest.mark.asyncio(loop_scope="module")
async def test_deep_and_long_xml_is_ended_or_read(session: Session, put: Put) -> None:
    deep = await hear(session, put(b"<angebotsliste>" + b"<a>" * 200_000), LIMITS)
    assert [each.code for each in deep.findings] == ["document.cut"]
    wide = b'<angebotsliste><angebot angebotsId="1"><angebotsname>%b</angebotsname></angebot>'
    heard = await hear(session, put(wide % (b"x" * 10_000_000) + GOOD[15:]), LIMITS)
    assert [each.problems[0].code for each in heard.refusals] == ["record.too_long"]
    assert not any(batch.complete for batch in deep.batches)


async def test_the_limits_hold_in_the_child(sandbox: Sandbox, put: Put) -> None:
    async with sandbox.session(LIST) as session:
        await hear(session, put(GOOD), LIMITS)
        child = child_of(sandbox)
        limits = {
            name: resource.prlimit(child, getattr(resource, f"RLIMIT_{name}"))
            for name in ("AS", "FSIZE", "NOFILE", "CORE")
        }
    megabytes = 512 * 1024 * 1024
    assert limits["AS"] == (megabytes, megabytes)
    assert limits["NOFILE"] == (32, 32)
    assert limits["FSIZE"] == limits["CORE"] == (0, 0)


async def test_a_slow_pattern_in_a_library_is_ended_and_others_read_on(put: Put) -> None:
    """feedparser takes time that grows with the square of an author's length."""
    item = b"<item><guid>1</guid><title>a</title><author>%b</author></item>" % (b"a" * 80_000)
    feed = b'<rss version="2.0"><channel>%b</channel></rss>' % item
    opening = Opening(connector=FEED, settings={}, facts=Facts())
    async with Sandbox(2) as two, two.session(opening) as hostile, two.session(LIST) as good:
        small = feed.replace(b"a" * 80_000, b"Karla")
        assert (await hear(hostile, put(small), LIMITS)).keys == ["1"]
        began = monotonic()
        reading = asyncio.create_task(hear(hostile, put(feed), LIMITS))
        others: list[Heard] = []
        while not reading.done():
            others.append(await hear(good, put(GOOD), LIMITS))
            await asyncio.sleep(0.05)
        assert (await reading).code == "document.limit_cpu"
        assert monotonic() - began < 2 * 2 + MOST_SECONDS * 2
        assert len(others) >= 10
        assert all(heard.keys == ["1"] for heard in others)
        assert (await hear(hostile, put(small), LIMITS)).keys == ["1"]
