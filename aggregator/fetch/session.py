"""The one HTTP session: what it may dial, through which proxy, and whom it trusts."""

import ssl
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.hdrs import PROXY_AUTHORIZATION
from multidict import CIMultiDict
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
    login: str | None = field(default=None, repr=False)
    """What the proxy is told of who asks."""

    async def judge(self, url: URL) -> None:
        """Raises `ForbiddenAddress` or `OSError` for what must not be handed to the proxy."""
        if self.proxied:
            assert url.host is not None
            assert url.port is not None
            await judge(self.resolver, url.host, url.port, allow_loopback=self.allow_loopback)

    def request(
        self, method: str, url: URL, *, headers: CIMultiDict[str], data: bytes | None
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Send one request; redirects are not followed. The login goes to the proxy alone: with
        the request itself, or (https) with the one that opens the tunnel."""
        login = {PROXY_AUTHORIZATION: self.login} if self.login is not None else {}
        tunnelled = url.scheme == "https"
        return self.session.request(
            method,
            url,
            headers=headers if tunnelled else CIMultiDict([*headers.items(), *login.items()]),
            proxy_headers=login if tunnelled else None,
            data=data,
            allow_redirects=False,
        )

    async def close(self) -> None:
        """Close the session and its resolver."""
        await self.session.close()
        await self.resolver.close()


def open_way(settings: FetchSettings, resolver: AbstractResolver | None) -> Way:
    """A session as the settings want it. No cookies, nothing from the environment. Raises
    `OSError` for a `ca_file` that cannot be used, `Unfetchable` for a missing proxy login."""
    login, context = _login(settings.proxy_login), trust(settings.ca_file)
    resolver = resolver or aiohttp.ThreadedResolver()
    loopback = settings.allow_loopback
    make = proxy_socket if settings.proxy else socket_factory(allow_loopback=loopback)
    connector = aiohttp.TCPConnector(
        limit=0,
        ssl=context,
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
    )
    return Way(session, resolver, settings.proxy is not None, loopback, login)


def trust(ca_file: str | None) -> ssl.SSLContext:
    """Whom a connection trusts: the system's authorities, and those of a PEM file too. Raises
    `OSError` (also as `ssl.SSLError`) when the file cannot be read or holds no certificate."""
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    return context


def _login(reference: str | None) -> str | None:
    if reference is None:
        return None
    user, _, password = resolve(Secret(reference)).partition(":")
    return aiohttp.encode_basic_auth(user, password)
