"""The one HTTP session: what it may dial, through which proxy, and whom it trusts."""

import ssl
from dataclasses import dataclass
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from aggregator.fetch.egress import judge, proxy_socket, socket_factory
from aggregator.fetch.secrets import resolve
from aggregator.settings import FetchSettings
from connectors.base import Secret

BUFFER: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Way:
    """How requests go out. Without a proxy the socket decides what is dialled; with one, every
    target is judged by its name before the proxy hears of it."""

    session: aiohttp.ClientSession
    resolver: AbstractResolver
    proxied: bool
    allow_loopback: bool

    async def judge(self, url: URL) -> None:
        """Raises `ForbiddenAddress` or `OSError` for what must not be handed to the proxy."""
        if self.proxied:
            assert url.host is not None
            assert url.port is not None
            await judge(self.resolver, url.host, url.port, allow_loopback=self.allow_loopback)

    async def close(self) -> None:
        """Close the session and its resolver."""
        await self.session.close()
        await self.resolver.close()


def open_way(settings: FetchSettings, resolver: AbstractResolver | None) -> Way:
    """A session as the settings want it. No cookies, nothing from the environment. Raises
    `OSError` for a `ca_file` that cannot be used, `Unfetchable` for a missing proxy login."""
    resolver = resolver or aiohttp.ThreadedResolver()
    loopback = settings.allow_loopback
    make = proxy_socket if settings.proxy else socket_factory(allow_loopback=loopback)
    connector = aiohttp.TCPConnector(
        limit=0,
        ssl=trust(settings.ca_file),
        resolver=resolver,
        use_dns_cache=False,
        socket_factory=make,
    )
    session = aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
        auto_decompress=False,
        trust_env=False,
        read_bufsize=BUFFER,
        proxy=settings.proxy,
        proxy_auth=_login(settings.proxy_login),
    )
    return Way(session, resolver, settings.proxy is not None, loopback)


def trust(ca_file: str | None) -> ssl.SSLContext:
    """Whom a connection trusts: the system's authorities, and those of a PEM file too. Raises
    `OSError` (also as `ssl.SSLError`) when the file cannot be read or holds no certificate."""
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    return context


def _login(reference: str | None) -> aiohttp.BasicAuth | None:
    if reference is None:
        return None
    user, _, password = resolve(Secret(reference)).partition(":")
    return aiohttp.BasicAuth(user, password)
