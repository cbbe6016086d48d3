"""A certificate that is not in order is refused in plain words; there is no switch for it."""

import asyncio
import contextlib
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from aggregator.errors import SourceError, Unreachable
from aggregator.fetch.client import Fetcher
from aggregator.fetch.session import trust
from aggregator.fetch.snapshots import Snapshots
from aggregator.settings import FetchSettings
from connectors.base import Request
from tests.aggregator.fetch.conftest import LIMITS, PUBLIC_URL
from tests.upstreams.faults import answer

HERE = "127.0.0.1"
NOW = datetime.now(UTC)
DAY = timedelta(days=1)
Server = Callable[[trustme.CA], ssl.SSLContext]


def serving_as(leaf: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    return context


def good(ca: trustme.CA) -> ssl.SSLContext:
    return serving_as(ca.issue_cert(HERE))


def expired(ca: trustme.CA) -> ssl.SSLContext:
    return serving_as(ca.issue_cert(HERE, not_before=NOW - 9 * DAY, not_after=NOW - DAY))


def not_yet(ca: trustme.CA) -> ssl.SSLContext:
    return serving_as(ca.issue_cert(HERE, not_before=NOW + DAY, not_after=NOW + 9 * DAY))


def another_name(ca: trustme.CA) -> ssl.SSLContext:
    return serving_as(ca.issue_cert("anders.example"))


def unknown_issuer(_: trustme.CA) -> ssl.SSLContext:
    return serving_as(trustme.CA().issue_cert(HERE))


def signed_by_itself(_: trustme.CA) -> ssl.SSLContext:
    """The authority's own certificate, sent along, is what the chain ends in."""
    other = trustme.CA()
    leaf = other.issue_cert(HERE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    chain = leaf.private_key_and_cert_chain_pem.bytes() + other.cert_pem.bytes()
    with trustme.Blob(chain).tempfile() as path:
        context.load_cert_chain(path)
    return context


def incomplete(ca: trustme.CA) -> ssl.SSLContext:
    leaf = ca.create_child_ca().issue_cert(HERE)
    only = leaf.private_key_pem.bytes() + leaf.cert_chain_pems[0].bytes()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with trustme.Blob(only).tempfile() as path:
        context.load_cert_chain(path)
    return context


def old_version(ca: trustme.CA) -> ssl.SSLContext:
    context = good(ca)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that it is old is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


REFUSED: list[tuple[Server, str]] = [
    (expired, "its certificate is refused: it has expired"),
    (not_yet, "its certificate is refused: it is not valid yet"),
    (another_name, "its certificate is refused: it is made out to another address"),
    (unknown_issuer, "its certificate is refused: its issuer is unknown"),
    (signed_by_itself, "its certificate is refused: its issuer is unknown"),
    (incomplete, "its certificate is refused: its issuer is unknown, or the server leaves out"),
    (old_version, "no secure connection could be made"),
]


@asynccontextmanager
async def secure(context: ssl.SSLContext) -> AsyncIterator[str]:
    """The URL of a server that says "ok" to everyone."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            await answer(b"ok")(writer)
        writer.close()

    server = await asyncio.start_server(serve, HERE, 0, ssl=context)
    async with server:
        yield f"https://{HERE}:{server.sockets[0].getsockname()[1]}/"


@pytest.fixture
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusting(ca: trustme.CA, snapshots: Snapshots, tmp_path: Path) -> Fetcher:
    """A fetcher that trusts one authority more."""
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    settings = FetchSettings(allow_loopback=True, ca_file=str(tmp_path / "ca.pem"))
    return Fetcher(settings, snapshots, public_url=PUBLIC_URL)


async def test_an_authority_of_the_citys_own_is_trusted_where_it_is_named(
    ca: trustme.CA, trusting: Fetcher, fetcher: Fetcher
) -> None:
    async with secure(good(ca)) as url, trusting:
        assert (await trusting.fetch(Request(url=url), limits=LIMITS)).size == 2
        with pytest.raises(Unreachable, match="its issuer is unknown"):
            await fetcher.fetch(Request(url=url), limits=LIMITS)


def test_a_named_authority_is_one_more_and_not_instead(
    ca: trustme.CA, trusting: Fetcher, tmp_path: Path
) -> None:
    system, more = trust(None), trust(str(tmp_path / "ca.pem"))
    count = more.cert_store_stats()["x509_ca"] - system.cert_store_stats()["x509_ca"]
    assert count == 1
    assert more.verify_mode is ssl.CERT_REQUIRED
    assert more.check_hostname


@pytest.mark.parametrize(
    ("server", "words"), REFUSED, ids=lambda value: getattr(value, "__name__", "")
)
async def test_what_is_not_in_order_is_refused_in_plain_words(
    ca: trustme.CA, trusting: Fetcher, server: Server, words: str
) -> None:
    async with secure(server(ca)) as url, trusting:
        with pytest.raises(Unreachable) as raised:
            await trusting.fetch(Request(url=url), limits=LIMITS)
    assert raised.value.problem.message.startswith(words)


async def test_plain_http_on_the_port_of_tls_is_refused(fetcher: Fetcher) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(serve, HERE, 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(SourceError, match="no secure connection could be made"):
            await fetcher.fetch(Request(url=f"https://{HERE}:{port}/"), limits=LIMITS)
