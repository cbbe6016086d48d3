"""Whom a request counts for. Nothing here is logged or kept longer than a count.

A proxy that is trusted appends the address it was asked from, so the list is read from the right:
the first address that is no trusted proxy's is the client's. What stands further left the client
wrote itself, and it is never looked at.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address

FOR: Final = re.compile(r'(?:^|;)\s*for\s*=\s*("(?:[^"\\]|\\.)*"|[^;,"\s]+)', re.IGNORECASE)
PORT: Final = re.compile(r"^(\[[^\]]*\]|[0-9.]+)(?::[^:]*)?$")
NEIGHBOURS: Final = 64
"""Bits of an IPv6 address that one customer has for itself (RFC 6177)."""
MOST: Final = 50
"""Hops that are looked at."""
LONGEST: Final = 1000
"""Characters of what proxies say that are remembered; more is read each time."""


class Trusted:
    """The proxies whose word is taken, as networks in CIDR form."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = tuple(ip_network(each, strict=False) for each in networks)
        self._remembered = lru_cache(maxsize=8192)(self._client)

    def client(self, peer: str | None, forwarded: tuple[str, ...], hops: tuple[str, ...]) -> str:
        """The peer's address, the lines of `Forwarded` (RFC 7239) and of `X-Forwarded-For` → what
        the request is counted under: an IPv4 address or an IPv6 network. What somebody says whose
        word is not taken, and what is long, fills no memory."""
        if not self._networks:
            return counted(peer or "")
        long = sum(map(len, (*forwarded, *hops))) > LONGEST
        return (self._client if long else self._remembered)(peer, forwarded, hops)

    def trusts(self, peer: str | None) -> bool:
        """Whether an address is a trusted proxy's. A Unix socket's peer (None, or no address) is
        trusted where any proxy is."""
        address = _address(peer or "")
        if address is None:
            return bool(self._networks)
        return any(address in network for network in self._networks)

    def _client(self, peer: str | None, forwarded: tuple[str, ...], hops: tuple[str, ...]) -> str:
        if not self.trusts(peer):
            return counted(peer or "")
        named = _forwarded(forwarded) if forwarded else _split(hops)
        last = peer or ""
        for hop in reversed(named[-MOST:]):
            if _address(hop) is None:  # unknown, hidden, or nonsense: the proxy says no more
                return counted(last)
            if not self.trusts(hop):
                return counted(hop)
            last = hop
        return counted(last)


def counted(peer: str) -> str:
    """An address → what its requests are counted under; what is no address counts as one."""
    return _counted(peer.partition("%")[0])


@lru_cache(maxsize=8192)
def _counted(peer: str) -> str:
    address = _address(peer)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, NEIGHBOURS), strict=False))
    return str(address)


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _split(lines: Sequence[str]) -> list[str]:
    """`X-Forwarded-For` → addresses without ports."""
    return [_plain(part.strip()) for line in lines for part in line.split(",")]


def _forwarded(lines: Sequence[str]) -> list[str]:
    """`Forwarded` → the `for` of each hop, without ports; "" where a hop names none."""
    named = []
    for element in _elements(",".join(lines)):
        found = FOR.search(element)
        named.append("" if found is None else _plain(found[1].strip('"')))
    return named


def _elements(text: str) -> list[str]:
    """Split at commas outside quotes."""
    return re.findall(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+', text)


def _plain(node: str) -> str:
    """An address with or without brackets and port → the address."""
    found = PORT.match(node)
    return (found[1] if found else node).strip("[]")
