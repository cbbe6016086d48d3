"""Whom a request counts for: a client cannot choose."""

import tracemalloc
from collections.abc import Callable

import pytest

from api.clients import Trusted, counted

PROXIES = Trusted(["10.0.0.0/8", "::1", "192.0.2.7"])
NONE: tuple[str, ...] = ()


def by_hops(peer: str | None, *lines: str) -> str:
    return PROXIES.client(peer, NONE, lines)


def by_forwarded(peer: str, *lines: str) -> str:
    return PROXIES.client(peer, lines, ("198.51.100.99",))


@pytest.mark.parametrize(
    ("peer", "lines", "client"),
    [
        ("203.0.113.5", (), "203.0.113.5"),
        ("203.0.113.5", ("198.51.100.1",), "203.0.113.5"),
        ("10.1.2.3", ("203.0.113.5",), "203.0.113.5"),
        ("10.1.2.3", ("198.51.100.1, 203.0.113.5",), "203.0.113.5"),
        ("10.1.2.3", ("198.51.100.1, 203.0.113.5, 10.9.9.9",), "203.0.113.5"),
        ("10.1.2.3", ("198.51.100.1", "203.0.113.5, 192.0.2.7"), "203.0.113.5"),
        ("::1", ("203.0.113.5:4711",), "203.0.113.5"),
        ("10.1.2.3", ("[2001:db8:1:2:3::4]:80",), "2001:db8:1:2::/64"),
        ("10.1.2.3", (), "10.1.2.3"),
        ("10.1.2.3", ("10.1.1.1, 10.2.2.2",), "10.1.1.1"),
        ("10.1.2.3", ("203.0.113.5, unknown",), "10.1.2.3"),
        ("10.1.2.3", ("203.0.113.5, <script>, 10.9.9.9",), "10.9.9.9"),
        ("10.1.2.3", ("203.0.113.5,",), "10.1.2.3"),
        ("::ffff:10.1.2.3", ("203.0.113.5",), "203.0.113.5"),
        (None, ("203.0.113.5",), "203.0.113.5"),
    ],
)
def test_hops_are_walked_from_the_right_through_trusted_ones_only(
    peer: str | None, lines: tuple[str, ...], client: str
) -> None:
    assert by_hops(peer, *lines) == client


@pytest.mark.parametrize(
    ("lines", "client"),
    [
        (("for=203.0.113.5",), "203.0.113.5"),
        (("for=198.51.100.1, for=203.0.113.5;proto=https;by=10.1.1.1",), "203.0.113.5"),
        (('For="[2001:db8:1:2::9]:4711"',), "2001:db8:1:2::/64"),
        (('for="203.0.113.5:4711"',), "203.0.113.5"),
        (("proto=https;for=203.0.113.5", "for=10.4.4.4"), "203.0.113.5"),
        (("for=203.0.113.5, for=_hidden",), "10.1.2.3"),
        (("for=203.0.113.5, proto=https",), "10.1.2.3"),
        (('for="198.51.100.1, for=198.51.100.2", for=203.0.113.5',), "203.0.113.5"),
    ],
)
def test_forwarded_says_the_same_and_counts_before_x_forwarded_for(
    lines: tuple[str, ...], client: str
) -> None:
    assert by_forwarded("10.1.2.3", *lines) == client


def test_a_client_that_lies_stays_in_its_bucket() -> None:
    lies = [f"198.51.100.{n}" for n in range(50)]
    assert {by_hops("10.1.2.3", f"{lie}, 203.0.113.5") for lie in lies} == {"203.0.113.5"}
    assert {by_hops("203.0.113.5", lie) for lie in lies} == {"203.0.113.5"}


def test_who_has_a_whole_network_counts_as_one() -> None:
    assert counted("2001:db8:1:2::1") == counted("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert counted("2001:db8:1:3::1") != counted("2001:db8:1:2::1")
    assert counted("fe80::1%eth0") == "fe80::/64"
    assert counted("::ffff:203.0.113.5") == "203.0.113.5"


def test_without_trusted_proxies_nobody_is_believed() -> None:
    nobody = Trusted([])
    assert nobody.client("127.0.0.1", NONE, ("203.0.113.5",)) == "127.0.0.1"
    assert not nobody.trusts(None)


@pytest.mark.parametrize("networks", [(), ("10.0.0.0/8",)])
@pytest.mark.parametrize(
    "hops",
    [
        lambda n: ("198.51.100.1, " * 1000 + f"203.0.113.{n}",),
        lambda n: (f"fe80::{n}%" + "a" * 15_000,),
    ],
    ids=["many", "zone"],
)
def test_what_clients_say_of_themselves_fills_no_memory(
    networks: tuple[str, ...], hops: Callable[[int], tuple[str, ...]]
) -> None:
    proxies = Trusted(networks)
    tracemalloc.start()
    try:
        for n in range(200):
            proxies.client("10.1.2.3", NONE, hops(n))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 500_000
