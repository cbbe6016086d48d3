"""Network errors → ours, in words of our own. Their own texts may hold the whole address."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from socket import gaierror
from typing import Final

import aiohttp

from aggregator.errors import TimedOut, Unfetchable, Unreachable
from aggregator.fetch.coding import BadCoding
from aggregator.fetch.egress import ForbiddenAddress
from schema import Problem

_NOT_SECURE: Final = "no secure connection could be made"
_REASONS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (aiohttp.ClientProxyConnectionError, "the proxy does not answer"),
    (aiohttp.ClientHttpProxyError, "the proxy refuses"),
    (aiohttp.ClientSSLError, _NOT_SECURE),
    (aiohttp.ClientConnectorDNSError, "its name does not resolve"),
    (gaierror, "its name does not resolve"),
    (aiohttp.ClientConnectorError, "no connection could be made"),
    (aiohttp.ClientPayloadError, "its answer broke off"),
    (aiohttp.ClientConnectionError, "it closed the connection"),
    (ConnectionError, "it closed the connection"),
)
# OpenSSL's x509_vfy.h: X509_V_ERR_*.
_CERTIFICATES: Final = {
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is signed by itself",
    19: "its issuer is unknown",
    20: "its issuer is unknown, or the server leaves out a part of the chain",
    21: "its issuer is unknown, or the server leaves out a part of the chain",
    23: "it was revoked",
    62: "it is made out to another name",
    64: "it is made out to another address",
}


@contextmanager
def plain_errors() -> Iterator[None]:
    """Network errors → `SourceError`; the originals are left behind."""
    try:
        yield
    except TimeoutError:
        raise TimedOut(Problem("source.timeout", message="no whole answer in time")) from None
    except BadCoding as error:
        raise Unfetchable(Problem("source.encoding", message=str(error))) from None
    except aiohttp.InvalidURL:
        said = "not an address that can be fetched"
        raise Unfetchable(Problem("source.forbidden_address", message=said)) from None
    except ForbiddenAddress:
        raise _forbidden() from None
    except (aiohttp.ClientError, ConnectionError, gaierror) as error:
        if isinstance(getattr(error, "os_error", None), ForbiddenAddress):
            raise _forbidden() from None
        raise Unreachable(Problem("source.unreachable", message=_reason(error))) from None


def too_large(max_bytes: int) -> Unfetchable:
    """The answer exceeds its limit."""
    return Unfetchable(Problem("source.too_large", message=f"more than {max_bytes:,} bytes"))


def _forbidden() -> Unfetchable:
    said = "it is not in the public internet"
    return Unfetchable(Problem("source.forbidden_address", message=said))


def _reason(error: Exception) -> str:
    """What happened, in words of our own: never the text of the error."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"its certificate is refused: {_certificate(error.certificate_error)}"
    if isinstance(getattr(error, "os_error", None), ConnectionResetError):
        return _NOT_SECURE  # connected, and hung up before a request: during the handshake
    return next((said for kind, said in _REASONS if isinstance(error, kind)), "it is not HTTP")


def _certificate(error: Exception) -> str:
    code = error.verify_code if isinstance(error, ssl.SSLCertVerificationError) else 0
    return _CERTIFICATES.get(code, "it is not valid")
