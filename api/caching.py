"""Entity tags, conditional requests and cache headers. Knows no table and no document.

Tags are strong. They are decided from ids and change numbers, so they can be compared before any
body is read. `If-Modified-Since` is not looked at: seconds are too coarse to tell two changes
apart.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import blake2b
from typing import Final

from aiohttp import web

LIST: Final = "public, max-age=10, stale-while-revalidate=60"
CHANGES: Final = "public, max-age=5"
NEVER: Final = "no-store"
FOREVER: Final = "public, max-age=31536000, immutable"
GONE: Final = "public, max-age=60"

JSON: Final = "application/json"
HTML: Final = "text/html; charset=utf-8"


def tag_of(parts: Iterable[object]) -> str:
    """What an answer depends on → its strong entity tag."""
    said = "\n".join(map(str, parts))
    return f'"{blake2b(said.encode(), digest_size=12).hexdigest()}"'


def is_known(request: web.Request, tag: str) -> bool:
    """Whether the client has the answer with this tag (If-None-Match, RFC 9110 13.1.2)."""
    given = request.headers.get("If-None-Match")
    if given is None:
        return False
    if given == tag:
        return True
    offered = (part.strip().removeprefix("W/") for part in given.split(","))
    return given.strip() == "*" or tag in offered


def http_date(moment: datetime) -> str:
    """An aware time → as headers write it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def validators(tag: str, control: str, modified: datetime | None = None) -> dict[str, str]:
    """The headers that 200 and 304 share."""
    headers = {"ETag": tag, "Cache-Control": control}
    if modified is not None:
        headers["Last-Modified"] = http_date(modified)
    return headers


def not_modified(headers: dict[str, str]) -> web.Response:
    """304 with the headers of the full answer."""
    return web.Response(status=304, headers=headers)


def full(body: bytes, headers: dict[str, str], media_type: str = JSON) -> web.Response:
    """200 with a body made of ready bytes."""
    return web.Response(body=body, headers={"Content-Type": media_type, **headers})
