"""Every door to the outside has the same guard: sixty spellings of addresses that are not public,
knocked at through each of them. A listener on this machine counts who came through."""

import asyncio
import socket
from collections import Counter
from itertools import cycle

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from aggregator.errors import SourceError
from aggregator.fetch.client import Fetcher
from aggregator.fetch.limits import Limits
from aggregator.fetch.snapshots import Snapshots
from aggregator.settings import FetchSettings
from connectors.base import Request
from tests.aggregator.fetch.conftest import LIMITS, PUBLIC_URL
from tests.aggregator.fetch.test_egress import CLOSED_FOURTH, CLOSED_SIXTH, LOOPBACK
from tests.upstreams.faults import answer, redirect, serving

MORE = [
    "127.0.1",
    "0177.0.0.1",
    "0x7f.0x0.0x0.0x1",
    "127.000.000.001",
    "10.1",
    "0xa9fea9fe",
    "169.254.43518",
    "[::ffff:0:0]",
    "[0::1]",
    "[::ffff:a9fe:a9fe]",
    "[fe80::1%25lo]",
]
FORMS = [*LOOPBACK, *CLOSED_FOURTH, *(f"[{sixth}]" for sixth in CLOSED_SIXTH), *MORE]
REFUSALS = {"source.forbidden_address", "source.unreachable", "source.robots"}
QUICK = Limits(max_bytes=1000, max_seconds=2)


def test_there_are_sixty_forms_at_least() -> None:
    assert len(set(FORMS)) >= 60


async def refused(fetcher: Fetcher, url: str, *, robots: bool = False) -> str:
    with pytest.raises(SourceError) as raised:
        await fetcher.fetch(Request(url=url), limits=QUICK, robots=robots)
    assert raised.value.problem.code in REFUSALS
    return raised.value.problem.code


@pytest.mark.parametrize("robots", [False, True])
async def test_no_form_is_dialled_as_address_page_or_robots(guarded: Fetcher, robots: bool) -> None:
    async with serving(answer()) as fourth, serving(answer(), "::1") as sixth:
        ports = (fourth.port, sixth.port)
        for form in FORMS:
            for port in ports:
                await refused(guarded, f"http://{form}:{port}/", robots=robots)
    assert (fourth.connections, sixth.connections) == (0, 0)


class Names(AbstractResolver):
    """A name server whose answers for a name come in turn."""

    def __init__(self, *answers: str | tuple[str, ...]) -> None:
        self.answers = cycle([(one,) if isinstance(one, str) else one for one in answers])
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        return [_found(host, address, port) for address in next(self.answers)]

    async def close(self) -> None:
        pass


def _found(name: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    flags = socket.AI_NUMERICHOST
    return ResolveResult(
        hostname=name, host=address, port=port, family=family, proto=0, flags=flags
    )


async def test_no_form_is_dialled_behind_a_redirect(snapshots: Snapshots) -> None:
    """The first host may be dialled: an allowed name that leads to what is not allowed."""
    async with serving(answer()) as target:
        settings = FetchSettings(allow_loopback=True)
        async with Fetcher(settings, snapshots, public_url=PUBLIC_URL) as fetcher:
            for form in (*CLOSED_FOURTH, *(f"[{sixth}]" for sixth in CLOSED_SIXTH)):
                if form in {"127.8.8.8", "[::1]"}:  # this machine, which is allowed here
                    continue
                async with serving(redirect(f"http://{form}:{target.port}/")) as upstream:
                    await refused(fetcher, upstream.url)
    assert target.connections == 0


@pytest.mark.parametrize("robots", [False, True])
async def test_no_form_is_handed_to_the_proxy(snapshots: Snapshots, robots: bool) -> None:
    async with serving(answer(b"x")) as proxy:
        settings = FetchSettings(proxy=proxy.url)
        async with Fetcher(settings, snapshots, public_url=PUBLIC_URL) as fetcher:
            for form in FORMS:
                for scheme in ("http", "https"):
                    await refused(fetcher, f"{scheme}://{form}/", robots=robots)
    assert proxy.connections == 0


async def test_a_public_name_is_handed_to_the_proxy(snapshots: Snapshots) -> None:
    async with serving(answer(b"x")) as proxy:
        settings = FetchSettings(proxy=f"http://127.0.0.1:{proxy.port}")
        names = Names("8.8.8.8")
        opened = Fetcher(settings, snapshots, public_url=PUBLIC_URL, resolver=names)
        async with opened as fetcher:
            fetched = await fetcher.fetch(Request(url="http://stadt.example/a"), limits=LIMITS)
    assert (fetched.size, names.asked) == (1, 1)
    assert [asked.target for asked in proxy.asked] == ["http://stadt.example/a"]


async def test_a_name_of_which_one_address_is_private_is_not_handed_over(
    snapshots: Snapshots,
) -> None:
    async with serving(answer(b"x")) as proxy:
        settings = FetchSettings(proxy=f"http://127.0.0.1:{proxy.port}")
        names = Names(("8.8.8.8", "10.0.0.1"))
        opened = Fetcher(settings, snapshots, public_url=PUBLIC_URL, resolver=names)
        async with opened as fetcher:
            code = await refused(fetcher, "http://stadt.example/a")
    assert (code, proxy.connections) == ("source.forbidden_address", 0)


async def test_the_proxy_hears_its_login_and_nobody_else(
    snapshots: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROXY_LOGIN", "wir:geheim")
    async with serving(answer(b"x")) as proxy:
        settings = FetchSettings(
            proxy=f"http://127.0.0.1:{proxy.port}", proxy_login="env:PROXY_LOGIN"
        )
        opened = Fetcher(settings, snapshots, public_url=PUBLIC_URL, resolver=Names("8.8.8.8"))
        async with opened as fetcher:
            await fetcher.fetch(Request(url="http://stadt.example/a"), limits=LIMITS)
    assert proxy.asked[0].header("Proxy-Authorization") == b"Basic d2lyOmdlaGVpbQ=="
    assert proxy.asked[0].header("Authorization") is None


async def test_a_silent_proxy_is_named(snapshots: Snapshots) -> None:
    async with serving(answer()) as proxy:
        pass
    settings = FetchSettings(proxy=f"http://127.0.0.1:{proxy.port}")
    opened = Fetcher(settings, snapshots, public_url=PUBLIC_URL, resolver=Names("8.8.8.8"))
    async with opened as fetcher:
        with pytest.raises(SourceError, match="the proxy does not answer"):
            await fetcher.fetch(Request(url="http://stadt.example/a"), limits=LIMITS)


async def test_a_name_that_changes_its_address_is_judged_by_the_dialled_one(
    snapshots: Snapshots,
) -> None:
    """A thousand tries; every other answer leads into the private network or to this machine."""
    names = Names("127.0.0.1", "10.0.0.1", "::1", ("169.254.169.254", "127.0.0.1"))
    opened = Fetcher(FetchSettings(), snapshots, public_url=PUBLIC_URL, resolver=names)
    async with serving(answer(b"x")) as upstream, opened as fetcher:
        url = f"http://stadt.example:{upstream.port}/"
        codes = await asyncio.gather(*(refused(fetcher, url) for _ in range(1000)))
    assert Counter(codes) == {"source.forbidden_address": 1000}
    assert (upstream.connections, names.asked) == (0, 1000)


async def test_of_several_addresses_only_the_allowed_one_is_dialled(snapshots: Snapshots) -> None:
    names = Names(("10.0.0.1", "127.0.0.1"))
    settings = FetchSettings(allow_loopback=True)
    opened = Fetcher(settings, snapshots, public_url=PUBLIC_URL, resolver=names)
    async with serving(answer(b"x")) as upstream, opened as fetcher:
        request = Request(url=f"http://stadt.example:{upstream.port}/")
        assert (await fetcher.fetch(request, limits=LIMITS)).size == 1
    assert upstream.connections == 1
