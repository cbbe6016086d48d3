"""Which addresses may be dialled, decided on the address actually dialled. Sends nothing.

A resolver of our own would never see address literals, and names can change their address between
question and call: the socket is the one place everything passes.
"""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver

Address = IPv4Address | IPv6Address

# RFC 6052 §2.1: the last 32 bits are an IPv4 address.
_NAT64: Final = IPv6Network("64:ff9b::/96")
# Special-purpose blocks that some Python versions still call global.
_CLOSED: Final = tuple(
    ip_network(block)
    for block in (
        "100.64.0.0/10",  # carriers' own addresses, RFC 6598
        "192.0.0.0/24",  # protocol assignments, RFC 6890
        "192.88.99.0/24",  # the relays of 6to4, RFC 7526
        "3fff::/20",  # documentation, RFC 9637
    )
)


class ForbiddenAddress(OSError):
    """The dialled address is not a public one. Says nothing about what answers there."""


def is_public(address: Address) -> bool:
    """Whether an address, once unwrapped, lies in the public internet."""
    plain = unwrapped(address)
    if isinstance(plain, IPv6Address) and plain.is_site_local:
        return False
    closed = any(plain in block for block in _CLOSED if block.version == plain.version)
    return plain.is_global and not (plain.is_multicast or plain.is_reserved or closed)


def unwrapped(address: Address) -> Address:
    """The IPv4 address inside a mapped, 6to4 or NAT64 one; every other address unchanged."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


def permits(text: str, *, allow_loopback: bool) -> bool:
    """Whether an address, as text with or without a zone, may be dialled."""
    address = ip_address(text.partition("%")[0])
    return is_public(address) or (allow_loopback and unwrapped(address).is_loopback)


def socket_factory(*, allow_loopback: bool) -> Callable[[AddrInfoType], socket.socket]:
    """A maker of sockets for the connector. Raises `ForbiddenAddress` instead of making a socket
    to anything but the public internet (and this very machine, where that is allowed)."""

    def make(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, sockaddr = info
        if not permits(str(sockaddr[0]), allow_loopback=allow_loopback):
            raise ForbiddenAddress("not a public address")
        return socket.socket(family, kind, protocol)

    return make


def proxy_socket(info: AddrInfoType) -> socket.socket:
    """A socket to the configured proxy, which may live in a private network."""
    family, kind, protocol, _, _ = info
    return socket.socket(family, kind, protocol)


async def judge(resolver: AbstractResolver, host: str, port: int, *, allow_loopback: bool) -> None:
    """Look up a name that a proxy is going to dial. Raises `ForbiddenAddress` when any of its
    addresses must not be dialled, and `OSError` when there is none."""
    for found in await resolver.resolve(host, port, socket.AF_UNSPEC):
        if not permits(found["host"], allow_loopback=allow_loopback):
            raise ForbiddenAddress("not a public address")
