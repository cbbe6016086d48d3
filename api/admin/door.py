"""Who gets into the pages under `/admin`, as settings say it: what every page asks, in one value.

Answers no request. Without a password nobody can log in, and so nobody decides.
"""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from aggregator.configuring.admission import is_reached_from_elsewhere
from aggregator.settings import Settings
from api.admin.session import Lock
from api.admin.tries import Tries
from api.links import Links

HOME: Final = "/admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """How the login's cookie is named, and where it is sent."""

    name: str
    path: str
    secure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """`lock` is what the password opens (None: there is none), `is_open` whether everybody may
    read, `who` the name that decisions are kept under."""

    lock: Lock | None
    is_open: bool
    who: str
    cookie: Cookie
    tries: Tries = field(default_factory=Tries)


def door_of(settings: Settings, links: Links, lock: Lock | None) -> Door:
    """The door that settings describe."""
    admin = settings.admin
    everybody = admin.public or not is_reached_from_elsewhere(settings.service)
    return Door(
        lock=lock,
        is_open=admin.password is None and everybody,
        who=admin.name,
        cookie=_cookie(links),
    )


def _cookie(links: Links) -> Cookie:
    """Browsers take a name that begins with __Secure- over TLS only (RFC 6265bis 4.1.3.1)."""
    secure = urlsplit(links.public_url).scheme == "https"
    name = "__Secure-allmende-admin" if secure else "allmende-admin"
    return Cookie(name=name, path=links.local(HOME), secure=secure)
