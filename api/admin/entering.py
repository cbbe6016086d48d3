"""What every page under `/admin` goes through first: is the door open, is this a login that holds?

Shows no page; sends to the login, or refuses.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Final

from aiohttp import hdrs, web

from api.admin.session import Session
from api.caching import NEVER
from api.keys import CLOCK, DATABASE, DOOR, LINKS
from api.links import encoded
from api.params import Query
from api.problems import HttpProblem, not_found
from api.site.here import LANGUAGE

LOGIN: Final = "/admin/login"
DECISION: Final = "/decision"
"""How the addresses end that decisions are sent to."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks: with a session somebody who may decide, and the token of their forms."""

    session: Session | None = None
    token: str | None = None

    @property
    def may_decide(self) -> bool:
        """Whether forms are offered."""
        return self.session is not None


READER: Final = Visitor()
Handler = Callable[[web.Request, Query], Awaitable[web.Response]]
AdminHandler = Callable[[web.Request, Query, Visitor], Awaitable[web.Response]]


def admitted(handler: AdminHandler) -> Handler:
    """The handler behind the door, with its visitor."""

    @wraps(handler)
    async def behind_the_door(request: web.Request, query: Query) -> web.Response:
        visitor = await visitor_of(request)
        if visitor is None:
            return to_login(request, query)
        return await handler(request, query, visitor)

    return behind_the_door


async def visitor_of(request: web.Request) -> Visitor | None:
    """Who asks; None for somebody who has to log in. Raises a 403 where the door is closed."""
    door = request.app[DOOR]
    if door.lock is None:
        if door.is_open:
            return READER
        raise HttpProblem(status=403, code="admin.closed")
    cookie = request.cookies.get(door.cookie.name)
    if cookie is None:
        return None
    now = await request.app[DATABASE].read(request.app[CLOCK].now)
    session = door.lock.read(cookie, now)
    return None if session is None else Visitor(session, door.lock.token(session))


def must_decide(request: web.Request, visitor: Visitor, token: str) -> None:
    """Raises a problem unless the form is one of this very session."""
    door = request.app[DOOR]
    if door.lock is None or visitor.session is None:
        raise not_found()
    if not door.lock.is_token(visitor.session, token):
        raise HttpProblem(status=403, code="request.not_from_here")


def to_login(request: web.Request, query: Query) -> web.Response:
    """To the login, and from there back to the page that was asked for."""
    back = request.path.removesuffix(DECISION)
    return see_other(with_language(request.app[LINKS].local(LOGIN), query, next=back))


def with_language(path: str, query: Query, **more: str) -> str:
    """A path with the language the reader chose by hand, and further parameters."""
    chosen = {name: text for name, text in query.texts.items() if name == LANGUAGE}
    said = encoded({**chosen, **more})
    return f"{path}?{said}" if said else path


def see_other(address: str) -> web.Response:
    """303: go on there, with GET."""
    headers = {hdrs.LOCATION: address, hdrs.CACHE_CONTROL: NEVER}
    return web.Response(status=303, headers=headers)
