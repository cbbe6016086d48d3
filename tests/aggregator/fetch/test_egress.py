"""What may be dialled: the address in the end, however it is spelled or found."""

import socket
from ipaddress import ip_address

import pytest

from aggregator.errors import SourceError, Unfetchable
from aggregator.fetch.client import Fetcher
from aggregator.fetch.egress import ForbiddenAddress, is_public, socket_factory
from connectors.base import Request
from tests.aggregator.fetch.conftest import LIMITS
from tests.upstreams.faults import answer, redirect, serving

LOOPBACK = [
    "127.0.0.1",
    "127.1",
    "127.0.0.1.",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "017700000001",
    "１２７.０.０.１",
    "localhost",
    "localhost.",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[2002:7f00:1::]",
    "[64:ff9b::7f00:1]",
]
CLOSED_FOURTH = [
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.254",
    "0.0.0.0",
    "127.8.8.8",
    "192.0.0.8",
    "192.88.99.1",
    "198.18.0.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
]
CLOSED_SIXTH = [
    "::",
    "::1",
    "fe80::1",
    "fd00::1",
    "fec0::1",
    "ff0e::1",
    "::ffff:10.0.0.1",
    "::ffff:0:127.0.0.1",
    "::127.0.0.1",
    "2002:a00:1::",
    "64:ff9b::a00:1",
    "64:ff9b::6440:1",
    "64:ff9b:1::1",
    "2001:db8::1",
    "2001:0:7f00:1::",
    "3fff::1",
    "100::1",
    "5f00::1",
]
OPEN = [
    "8.8.8.8",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "2002:808:808::",
    "64:ff9b::808:808",
]


@pytest.mark.parametrize("spelling", LOOPBACK)
async def test_no_spelling_reaches_this_machine(guarded: Fetcher, spelling: str) -> None:
    async with serving(answer()) as upstream, serving(answer(), "::1") as sixth:
        for port in (upstream.port, sixth.port):
            with pytest.raises(SourceError) as raised:
                await guarded.fetch(Request(url=f"http://{spelling}:{port}/"), limits=LIMITS)
            assert raised.value.problem.code in {"source.forbidden_address", "source.unreachable"}
    assert (upstream.connections, sixth.connections) == (0, 0)


@pytest.mark.parametrize("spelling", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
async def test_this_machine_is_reached_where_allowed(fetcher: Fetcher, spelling: str) -> None:
    async with serving(answer(b"x")) as upstream:
        request = Request(url=f"http://{spelling}:{upstream.port}/")
        assert (await fetcher.fetch(request, limits=LIMITS)).size == 1


async def test_a_refused_address_is_named_so(guarded: Fetcher) -> None:
    with pytest.raises(Unfetchable) as raised:
        await guarded.fetch(Request(url="http://169.254.169.254/latest/"), limits=LIMITS)
    assert raised.value.problem.code == "source.forbidden_address"


async def test_a_redirect_into_the_private_network_is_not_dialled(fetcher: Fetcher) -> None:
    async with serving(redirect("http://10.0.0.1/")) as upstream:
        with pytest.raises(Unfetchable, match="not in the public internet"):
            await fetcher.fetch(Request(url=upstream.url), limits=LIMITS)


@pytest.mark.parametrize("address", [*CLOSED_FOURTH, *CLOSED_SIXTH])
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OPEN)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ip_address(address))


def info(address: str) -> tuple[int, int, int, str, tuple[str, int]]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return (family, socket.SOCK_STREAM, 0, "", (address, 80))


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "8.8.8.8"])
def test_allowing_this_machine_allows_it_alone(address: str) -> None:
    make = socket_factory(allow_loopback=True)
    make(info(address)).close()
    with pytest.raises(ForbiddenAddress):
        make(info("10.0.0.1"))
    with pytest.raises(ForbiddenAddress):
        make(info("fe80::1%1"))


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://city.example/",
        "gopher://city.example/",
        "data:text/xml,<a/>",
        "javascript:alert(1)",
        "//city.example/",
        "/etc/passwd",
        "",
        "http://",
        "http://[::1",
        "http://city.example:99999/",
        "http://user:word@city.example/",
        "http://user@city.example/",
    ],
)
async def test_only_plain_web_addresses_are_fetched(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(Unfetchable) as raised:
        await fetcher.fetch(Request(url=url), limits=LIMITS)
    assert raised.value.problem.code == "source.forbidden_address"


async def test_the_environment_names_no_proxy(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(answer(b"x")) as upstream, serving(answer(b"proxied")) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        fetched = await fetcher.fetch(Request(url=upstream.url), limits=LIMITS)
    assert (fetched.size, proxy.connections) == (1, 0)
