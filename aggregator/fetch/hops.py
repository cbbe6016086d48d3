"""Where a request goes, and where a redirect may lead it. Resolves secrets; sends nothing.

Only http and https; never from https back to http; a secret never leaves the origin it was meant
for; what must stay on an origin stays there.
"""

from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import unquote

from yarl import URL

from aggregator.errors import Unfetchable
from aggregator.fetch.answers import Validators
from aggregator.fetch.redact import redact
from aggregator.fetch.secrets import resolve
from connectors.base import Request, Secret
from schema import Problem

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
PERMANENT: Final = frozenset({301, 308})
MOST_REDIRECTS: Final = 5
MOST_QUOTINGS: Final = 4
CONDITIONS: Final = ("If-None-Match", "If-Modified-Since")
HARMLESS: Final = frozenset({"accept", "accept-language", "content-type"})
"""Headers of a connector that another origin may see too."""
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request as it is sent. Its representation shows no secret."""

    url: URL = field(repr=False)
    method: str
    headers: Headers = field(repr=False)
    private: Headers = field(default=(), repr=False)
    """Headers that hold secrets; they stay on this origin."""
    body: str | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Those this hop carries."""
    told: tuple[str, ...] = field(default=(), repr=False)
    """Those that any hop of the request carried."""
    sent: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)
    """The query that was added to the connector's address."""
    moved: URL | None = field(default=None, repr=False)
    """Where permanent redirects led, before any other one."""
    lasting: bool = True
    """Whether there were permanent redirects only."""

    @property
    def moved_to(self) -> str | None:
        """The asked address's new one, without the query that was added; None for an address
        that did not move, or not to one that may be shown."""
        if self.moved is None:
            return None
        own = [pair for pair in self.moved.query.items() if pair not in self.sent]
        moved = str(self.moved.with_query(own))
        return moved if redact(moved) == moved else None

    @property
    def shown(self) -> str:
        """The URL as it may be shown."""
        return redact(str(self.url))

    @property
    def is_conditional(self) -> bool:
        """Whether "not modified" is an answer to it."""
        return any(name in CONDITIONS for name, _ in self.headers)


def first_hop(request: Request, validators: Validators, origin: str | None) -> Hop:
    """A connector's request, its secrets resolved. Raises `Unfetchable`, also when the request
    would leave `origin` (any URL of that origin)."""
    query = [(name, resolve(value)) for name, value in request.query]
    private = tuple((n, resolve(v)) for n, v in request.headers if isinstance(v, Secret))
    secrets = (*_secrets(request.query, query), *(value for _, value in private))
    hop = Hop(
        url=_address(request.url).extend_query(query),
        method=request.method,
        headers=(*_plain_headers(request), *_conditions(validators)),
        private=private,
        body=request.body,
        secrets=secrets,
        told=secrets,
        sent=frozenset(query),
    )
    _stay_on(origin, hop.url)
    return hop


def next_hop(hop: Hop, status: int, location: str | None, origin: str | None) -> Hop:
    """A redirect's Location → the hop it asks for. Raises `Unfetchable` (source.redirected)."""
    if not location:
        raise _not_followed("a redirect without a Location")
    target = _target(hop.url, location)
    if hop.url.scheme == "https" and target.scheme != "https":
        raise _not_followed("a redirect from https to http")
    _stay_on(origin, target)
    following = replace(hop, url=target)
    if hop.lasting and status in PERMANENT:
        following = replace(following, moved=target)
    else:
        following = replace(following, lasting=False)
    if target.origin() != hop.url.origin():
        following = _abroad(following, location)
    if status == 303 or (status in (301, 302) and hop.method == "POST"):
        following = replace(following, method="GET", body=None)
    return following


def moved_request(request: Request, to: str) -> Request:
    """A connector's request, asked at the address it moved to; unchanged when it holds secrets
    and would take them to another origin."""
    private = any(isinstance(value, Secret) for _, value in (*request.query, *request.headers))
    if private and not same_origin(to, request.url):
        return request
    return replace(request, url=to)


def same_origin(one: str, other: str) -> bool:
    """Whether two addresses have one origin. Raises `Unfetchable` for what is no address."""
    return _address(one).origin() == _address(other).origin()


def _abroad(hop: Hop, location: str) -> Hop:
    """A hop to another origin, without what is private."""
    if any(_carries(location, secret) for secret in hop.secrets):
        raise _not_followed("a redirect that would hand the key to another origin")
    kept = tuple(
        (name, value)
        for name, value in hop.headers
        if name.lower() in HARMLESS or name in CONDITIONS
    )
    return replace(hop, headers=kept, private=(), secrets=())


def _carries(location: str, secret: str) -> bool:
    """Whether a secret stands in a Location, however often it was quoted."""
    return _unquoted(secret) in _unquoted(location)


def _unquoted(text: str) -> str:
    """Text without any quoting; spaces and plus signs, which stand for one another, left out."""
    for _ in range(MOST_QUOTINGS):
        text = unquote(text)
    return text.replace("+", "").replace(" ", "")


def _address(text: str) -> URL:
    try:
        url = URL(text)
        host = url.host
    except ValueError:
        raise _not_fetched("not an address that can be fetched") from None
    if url.scheme not in ("http", "https") or not host:
        raise _not_fetched("only http:// and https:// addresses are fetched")
    if url.user is not None or url.password is not None:
        raise _not_fetched("addresses with user or password are not fetched")
    return url


def _target(base: URL, location: str) -> URL:
    try:
        joined = str(base.join(URL(location)))
    except ValueError:
        raise _not_followed("a redirect to something that is no address") from None
    return _address(joined).with_fragment(None)


def _stay_on(origin: str | None, url: URL) -> None:
    if origin is not None and not same_origin(str(url), origin):
        raise _not_followed(f"it leads from the source's own address to {url.host}")


def _plain_headers(request: Request) -> Headers:
    return tuple((name, value) for name, value in request.headers if isinstance(value, str))


def _conditions(validators: Validators) -> Headers:
    values = (validators.etag, validators.last_modified)
    pairs = zip(CONDITIONS, values, strict=True)
    return tuple((name, value) for name, value in pairs if value is not None)


def _secrets(
    asked: tuple[tuple[str, str | Secret], ...], resolved: list[tuple[str, str]]
) -> tuple[str, ...]:
    pairs = zip(asked, resolved, strict=True)
    return tuple(value for (_, was), (_, value) in pairs if isinstance(was, Secret))


def _not_fetched(message: str) -> Unfetchable:
    return Unfetchable(Problem("source.forbidden_address", message=message))


def _not_followed(message: str) -> Unfetchable:
    return Unfetchable(Problem("source.redirected", message=redact(message)))
