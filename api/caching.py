"""Entity tags, conditional requests and cache headers. Knows no table and no document.

Tags are strong; an answer has another one in each coding (see `codings`). They are decided from ids
and change numbers, so they can be compared before any body is read. `If-Modified-Since` is not
looked at: seconds are too coarse to tell two changes apart.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from aiohttp import hdrs, web

from api.codings import IDENTITY, tagged, tags_of

LIST: Final = "public, max-age=10, stale-while-revalidate=60, stale-if-error=86400"
CHANGES: Final = "public, max-age=5, stale-while-revalidate=10, stale-if-error=86400"
NEVER: Final = "no-store"
FOREVER: Final = "public, max-age=31536000, immutable"
GONE: Final = "public, max-age=60"
DAY: Final = "public, max-age=86400"

TAG: Final = "ETag"
"""As RFC 9110 spells it: a second spelling in a mapping would be a second header."""
OF_BODIES: Final = frozenset({"Content-Type", "Content-Language", "Content-Disposition"})
"""Headers that 304 does not repeat (RFC 9110, 15.4.5)."""

JSON: Final = "application/json"
HTML: Final = "text/html; charset=utf-8"


def tag_of(parts: Iterable[object]) -> str:
    """What an answer depends on → its strong entity tag."""
    said = "\n".join(map(str, parts))
    return f'"{blake2b(said.encode(), digest_size=12).hexdigest()}"'


KNOWN: Final = web.RequestKey("known", str)
"""The tag of the answer that is kept: whoever makes it need only say whether it still holds."""


def said(request: web.BaseRequest, name: str) -> str | None:
    """A request's header as one list, in however many lines it came; None where it did not."""
    lines = request.headers.getall(name, None)
    if lines is None:
        return None
    return lines[0] if len(lines) == 1 else ", ".join(lines)


def asks_conditionally(request: web.Request) -> bool:
    """Whether 304 may be the answer, so that a body should not be read before it must be."""
    return KNOWN in request or hdrs.IF_NONE_MATCH in request.headers


def is_known(request: web.Request, tag: str) -> bool:
    """Whether the answer with this tag is there already: kept here, or with the client."""
    kept: str | None = request.get(KNOWN)
    if kept is not None:
        return kept == tag
    given = said(request, hdrs.IF_NONE_MATCH)
    return given is not None and known_as(given, tag) is not None


def known_as(given: str, tag: str, coding: str = IDENTITY) -> str | None:
    """An `If-None-Match` and an answer's tag → the tag under which the client has the answer, in
    whatever coding (RFC 9110 13.1.2); None where it has not. Where it has any (`*`), the tag of
    the answer in `coding`."""
    ours = tags_of(tag)
    if given.strip() == "*":
        return tagged(tag, coding)
    for part in given.split(","):
        offered = part.strip().removeprefix("W/")
        if offered in ours:
            return offered
    return None


@lru_cache(maxsize=256)
def http_date(moment: datetime) -> str:
    """An aware time → as headers write it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def validators(tag: str, control: str, modified: datetime | None = None) -> dict[str, str]:
    """The headers that 200 and 304 share."""
    headers = {TAG: tag, "Cache-Control": control}
    if modified is not None:
        headers["Last-Modified"] = http_date(modified)
    return headers


def not_modified(headers: dict[str, str]) -> web.Response:
    """304 with the headers of the full answer, but for what describes its body."""
    shared = {name: text for name, text in headers.items() if name not in OF_BODIES}
    return web.Response(status=304, headers=shared)


def full(body: bytes, headers: dict[str, str], media_type: str = JSON) -> web.Response:
    """200 with a body made of ready bytes."""
    return web.Response(body=body, headers={"Content-Type": media_type, **headers})
