"""`/admin/login` and `/admin/logout`: a password for a cookie, and back. Wrong passwords cost time;
none is logged or shown."""

import asyncio
import logging
import re
from typing import Final

from aiohttp import hdrs, web

from api.admin.answering import shown
from api.admin.door import HOME
from api.admin.entering import (
    LOGIN,
    READER,
    Visitor,
    admitted,
    must_decide,
    see_other,
    visitor_of,
    with_language,
)
from api.admin.forms import read_form
from api.admin.session import LASTS
from api.keys import ADMISSION, CLOCK, DATABASE, DOOR, LINKS
from api.params import Parameter, Query
from api.problems import not_found

log = logging.getLogger(__name__)

OWN: Final = re.compile(r"/admin(/runs(/[0-9]{1,18})?|/sources/[a-z0-9-]{1,63})?", re.ASCII)
"""Pages that a login leads back to: no other host, no other part of this one."""
LONGEST: Final = 1000
"""Characters of a password that are looked at."""
NEXT: Final = Parameter(
    name="next",
    form="the page to go on to.",
    parse=str,
    schema={"type": "string"},
    example="/admin/runs",
)


async def login(request: web.Request, query: Query) -> web.Response:
    """The form, or what it is sent to."""
    return await (_log_in if request.method == hdrs.METH_POST else _show)(request, query)


async def _show(request: web.Request, query: Query) -> web.Response:
    """The form; who is logged in goes on at once. 404 where there is no password."""
    _must_have_password(request)
    back = query.values.get("next", HOME)
    if await visitor_of(request) is not None:
        return _onwards(request, query, back)
    return _form(request, query, back)


async def _log_in(request: web.Request, query: Query) -> web.Response:
    """The right password → a session, and on to the page that was asked for."""
    _must_have_password(request)
    form = await read_form(request)
    door, client = request.app[DOOR], request.app[ADMISSION].client(request)
    wait = door.tries.spend(client, asyncio.get_running_loop().time())
    back = form.get("next", HOME)
    if wait is not None:
        log.warning("too many wrong passwords for /admin; the last one from %s", client)
        answer = _form(request, query, back, wait=wait)
        answer.set_status(429)
        answer.headers[hdrs.RETRY_AFTER] = str(wait)
        return answer
    assert door.lock is not None
    if not door.lock.opens(form.get("password", "")[:LONGEST]):
        log.warning("a wrong password for /admin from %s", client)
        answer = _form(request, query, back, wrong=True)
        answer.set_status(403)
        return answer
    door.tries.give_back(client)
    now = await request.app[DATABASE].read(request.app[CLOCK].now)
    answer = _onwards(request, query, back)
    _set_cookie(request, answer, door.lock.issue(now), int(LASTS.total_seconds()))
    return answer


@admitted
async def log_out(request: web.Request, query: Query, visitor: Visitor) -> web.Response:
    """Forget the cookie."""
    form = await read_form(request)
    must_decide(request, visitor, form.get("token", ""))
    answer = see_other(with_language(request.app[LINKS].local(LOGIN), query))
    _set_cookie(request, answer, "", 0)
    return answer


def _must_have_password(request: web.Request) -> None:
    if request.app[DOOR].lock is None:
        raise not_found()


def _form(
    request: web.Request, query: Query, back: str, *, wrong: bool = False, wait: int | None = None
) -> web.Response:
    told = {"back": back if OWN.fullmatch(back) else HOME, "wrong": wrong, "wait": wait}
    return shown(request, query, "login.html", READER, **told)


def _onwards(request: web.Request, query: Query, back: str) -> web.Response:
    path = back if OWN.fullmatch(back) else HOME
    return see_other(with_language(request.app[LINKS].local(path), query))


def _set_cookie(request: web.Request, answer: web.Response, value: str, seconds: int) -> None:
    cookie = request.app[DOOR].cookie
    answer.set_cookie(
        cookie.name,
        value,
        max_age=seconds,
        path=cookie.path,
        secure=cookie.secure,
        httponly=True,
        samesite="Strict",
    )
