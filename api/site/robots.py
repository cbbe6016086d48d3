"""`/robots.txt`: what programs that read pages for search engines may read (RFC 9309)."""

from typing import Final

from aiohttp import web

from api.caching import DAY, full, is_known, not_modified, tag_of, validators
from api.keys import LINKS
from api.links import Links
from api.params import Query

TEXT: Final = "text/plain; charset=utf-8"
CLOSED: Final = ("/admin",)
"""What nobody shall find by a search engine."""


async def show_robots(request: web.Request, _query: Query) -> web.Response:
    """The rules, with the public path before each address."""
    rules = rules_of(request.app[LINKS])
    headers = validators(tag_of((rules,)), DAY)
    if is_known(request, headers["ETag"]):
        return not_modified(headers)
    return full(rules.encode(), headers, TEXT)


def rules_of(links: Links) -> str:
    """Pages may be read by everybody, those behind the login by nobody. What is closed comes first,
    for readers that take the first rule and not the longest."""
    closed = [f"Disallow: {links.local(path)}" for path in CLOSED]
    return "\n".join(["User-agent: *", *closed, f"Allow: {links.local('/')}", ""])
