"""Many bad servers at once, floods, circles: everything ends early, by name, and alike."""

import asyncio

import pytest

from aggregator.errors import SourceError, TimedOut, Unreachable
from aggregator.fetch.client import Fetcher, Limits
from aggregator.fetch.snapshots import Snapshots
from aggregator.settings import FetchSettings
from connectors.base import Request
from tests.aggregator.fetch.conftest import LIMITS, PUBLIC_URL
from tests.upstreams.faults import Script, answer, drip, head, redirect, serving, slow

DRIPS = 50
FLOODS: list[Script] = [
    answer(b"", *(f"X-{number}: 1" for number in range(1000))),
    answer(b"", "X-Long: " + "x" * 100_000),
    answer(b"", "x" * 100_000 + ": 1"),
    answer(b"", "Location: " + "x" * 100_000, status=302),
    answer(b"", *["Content-Length: 5"] * 2),
    answer(b"", "Content-Length: minus"),
    answer(b"", "Transfer-Encoding: chunked", length=5),
    drip(b"HTTP/1.1 200 " + b"-" * 100_000, b"-", 0),
    drip(b"HTTP/9.9 200 -\r\n", b"X: y\r\n", 0),
    drip(b"\x16\x03\x01", b"\x00", 0),
    drip(b"HTTP/1.1 200 -\r\n", b"X: y\r\n", 0),
]
CIRCLES: list[dict[str, Script]] = [
    {"/": redirect("/")},
    {"/": redirect("/a"), "/a": redirect("/")},
    {"/": redirect("/a", 308), "/a": redirect("/b", 307), "/b": redirect("/a", 301)},
    {"/": redirect("/1"), **{f"/{n}": redirect(f"/{n + 1}") for n in range(1, 30)}},
]


async def ended(fetcher: Fetcher, scripts: Script | dict[str, Script]) -> tuple[str, float]:
    """How a fetch fails, and after how many seconds."""
    loop = asyncio.get_running_loop()
    async with serving(scripts) as upstream:
        began = loop.time()
        with pytest.raises(SourceError) as raised:
            await fetcher.fetch(Request(url=upstream.url), limits=LIMITS)
        return raised.value.problem.code, loop.time() - began


async def test_fifty_dripping_servers_end_at_the_deadline_and_delay_nobody(
    snapshots: Snapshots,
) -> None:
    settings = FetchSettings(allow_loopback=True, parallel=64, per_host=8)
    loop = asyncio.get_running_loop()

    async def dripped(fetcher: Fetcher, host: str) -> float:
        began = loop.time()
        async with serving(drip(head(), b"<", 0.01), host) as upstream:
            url = f"http://{host}:{upstream.port}/"
            with pytest.raises(TimedOut):
                await fetcher.fetch(Request(url=url), limits=Limits(1_000_000, 3.0))
        return loop.time() - began

    async with Fetcher(settings, snapshots, public_url=PUBLIC_URL) as fetcher:
        hosts = [f"127.0.1.{number + 1}" for number in range(DRIPS)]
        drips = asyncio.gather(*(dripped(fetcher, host) for host in hosts))
        async with serving(answer(b"well")) as healthy:
            began = loop.time()
            await fetcher.fetch(Request(url=healthy.url), limits=LIMITS)
            delay = loop.time() - began
        seconds = await drips
    assert max(seconds) < 12.0
    assert delay < 2.5


@pytest.mark.parametrize("script", FLOODS)
async def test_a_flood_is_refused_early(fetcher: Fetcher, script: Script) -> None:
    code, seconds = await ended(fetcher, script)
    assert code == "source.unreachable"
    assert seconds < LIMITS.max_seconds / 2


@pytest.mark.parametrize("scripts", CIRCLES)
async def test_redirects_without_end_are_not_followed(
    fetcher: Fetcher, scripts: dict[str, Script]
) -> None:
    code, seconds = await ended(fetcher, scripts)
    assert code == "source.redirected"
    assert seconds < LIMITS.max_seconds / 2


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_nothing_is_remembered_of_who_asked(fetcher: Fetcher, method: str) -> None:
    """No cookie, no Referer, no parameter of our own; also along redirects."""
    scripts: dict[str, Script] = {
        "/": answer(b"", "Set-Cookie: a=1", "Location: /b", status=307),
        "/b": answer(b"x", "Set-Cookie: b=2; Path=/"),
    }
    async with serving(scripts, "localhost") as upstream:
        url = f"http://localhost:{upstream.port}/"
        request = Request(url=url, method="POST") if method == "POST" else Request(url=url)
        for _ in range(50):
            await fetcher.fetch(request, limits=LIMITS)
    assert {asked.target for asked in upstream.asked} == {"/", "/b"}
    assert len(upstream.asked) == 100
    for asked in upstream.asked:
        assert (asked.header("Cookie"), asked.header("Referer")) == (None, None)
        assert (asked.header("User-Agent") or b"").startswith(b"Allmende/")


async def test_what_is_closed_says_nothing_of_what_is_behind(
    fetcher: Fetcher, guarded: Fetcher
) -> None:
    """Of a forbidden address the answer is the same, whether something listens there or not."""
    async with serving(answer(b"x")) as listening, serving(slow(b"x", 9)) as silent:
        urls = [listening.url, silent.url, "http://127.0.0.1:9/", "http://10.255.255.1/"]
        said = set()
        for url in urls:
            with pytest.raises(SourceError) as raised:
                await guarded.fetch(Request(url=url), limits=LIMITS)
            said.add(str(raised.value))
    assert len(said) == 1
    assert (listening.connections, silent.connections) == (0, 0)
    with pytest.raises(Unreachable):
        await fetcher.fetch(Request(url="http://127.0.0.1:9/"), limits=LIMITS)
