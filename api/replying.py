"""A kept answer → what one client gets: 304 or the body, in a coding it takes, with the headers of
this one reply. Makes codings when an answer is asked for again. Decides nothing about keeping.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from api.answers import Answer, Answers, Key, Spelling
from api.caching import OF_BODIES, TAG, known_as, said
from api.codings import CODERS, IDENTITY, LEAST, Choice, choose, compressible, tagged
from api.flights import Flights
from api.headers import vary_with
from api.problems import HttpProblem
from api.rates import RATE
from api.sending import Ready
from api.streams import Stream, pour

INLINE: Final = 64 * 1024
"""Bodies up to so many bytes are compressed at once, larger ones in a thread."""
STALE: Final = "public, max-age=0, stale-if-error=86400"


class Replies:
    """Makes replies of the answers in a store."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._flights: Flights[None] = Flights(())

    def spelling(self, request: web.Request) -> Spelling:
        """What decides about the answer, as it came."""
        return (
            request.raw_path,
            said(request, hdrs.ACCEPT_ENCODING),
            request.headers.get(hdrs.ACCEPT_LANGUAGE),
        )

    def can(self, request: web.Request, answer: Answer) -> bool:
        """Whether the client can be answered with what is kept."""
        return answer.body is not None or _matched(request, answer, IDENTITY) is not None

    def at_once(self, request: web.Request, answer: Answer) -> Ready | None:
        """The reply; None where something is to be made first."""
        if not self.can(request, answer):
            return None
        choice = choose(said(request, hdrs.ACCEPT_ENCODING))
        coding = _coding(answer, choice)
        if coding is None:
            return None
        return _ready(request, answer, coding)

    async def reply(self, request: web.Request, key: Key, answer: Answer) -> Ready:
        """The reply. Raises a 406 `HttpProblem` where the client takes nothing of what there is."""
        coding = _coding(answer, choose(said(request, hdrs.ACCEPT_ENCODING)))
        if coding is None:
            coding = await self._settled(request, key, answer)
        self._answers.lead(self.spelling(request), key)
        ready = _ready(request, answer, coding)
        ready.more = request.get(RATE)
        return ready

    async def stale(self, request: web.Request, key: Key, answer: Answer, age: float) -> Ready:
        """The reply with an answer that cannot be confirmed since `age` seconds."""
        coding = await self._settled(request, key, answer)
        ready = _ready(request, answer, coding, age)
        ready.more = request.get(RATE)
        return ready

    async def stream(self, request: web.Request, key: Key, stream: Stream) -> web.StreamResponse:
        """Send what is being read; who takes no plain bytes gets it when all is there. Raises
        `DatabaseUnavailable` where it cannot be read to its end for those."""
        answer = stream.answer
        if not choose(said(request, hdrs.ACCEPT_ENCODING)).identity:
            return await self.reply(request, key, replace(answer, body=await stream.all()))
        response = web.StreamResponse(headers=_headers(answer, IDENTITY, None))
        await pour(request, response, stream)
        return response

    async def _settled(self, request: web.Request, key: Key, answer: Answer) -> str:
        """The coding that the client gets, made where it is not there yet."""
        choice = choose(said(request, hdrs.ACCEPT_ENCODING))
        coding = _coding(answer, choice)
        if coding is not None:
            return coding
        if choice.coding is None:
            raise _nothing_acceptable()
        wanted = choice.coding
        await self._flights.share((id(answer), wanted), lambda: self._make(answer, wanted))
        self._answers.weigh(key)
        return wanted

    async def _make(self, answer: Answer, coding: str) -> None:
        body, coder = answer.body or b"", CODERS[coding]
        if len(body) <= INLINE:
            answer.coded[coding] = coder(body)
        else:
            answer.coded[coding] = await asyncio.to_thread(coder, body)


def _nothing_acceptable() -> HttpProblem:
    accepted = ", ".join((*CODERS, IDENTITY))
    return HttpProblem(
        status=406,
        code="request.not_acceptable",
        detail=f"Accept-Encoding: there are {accepted}.",
    )


def _coding(answer: Answer, choice: Choice) -> str | None:
    """The coding to send now; None where one is to be made, or none is acceptable."""
    body, coding = answer.body, choice.coding
    if body is None or answer.status != 200:
        return IDENTITY
    if coding in answer.coded:
        return coding
    if not choice.identity:
        return None
    worth = len(body) >= LEAST and compressible(answer.headers.get("Content-Type", ""))
    return None if coding is not None and worth and answer.asked else IDENTITY


def _matched(request: web.Request, answer: Answer, coding: str) -> str | None:
    """The tag under which the client has the answer."""
    given = said(request, hdrs.IF_NONE_MATCH)
    if given is None or answer.tag is None:
        return None
    return given if given in answer.tags else known_as(given, answer.tag, coding)


def _ready(request: web.Request, answer: Answer, coding: str, age: float | None = None) -> Ready:
    answer.asked += 1
    matched = _matched(request, answer, coding)
    status = answer.status if matched is None else 304
    variant = matched or coding
    if age is None:
        head = answer.heads.get((status, variant))
        if head is None:
            head = answer.heads[status, variant] = _head(status, _headers(answer, coding, matched))
    else:
        headers = _headers(answer, coding, matched)
        headers.update({hdrs.CACHE_CONTROL: STALE, hdrs.AGE: str(max(0, round(age)))})
        head = _head(status, headers)
    body = answer.coded.get(coding) or answer.body or b""
    return Ready(status, head, b"" if matched else body)


def _vary(answer: Answer) -> str:
    return vary_with(answer.headers.get("Vary"), hdrs.ACCEPT_ENCODING)


def _headers(answer: Answer, coding: str, matched: str | None) -> dict[str, str]:
    """All headers of a reply but those of the moment."""
    headers = {**answer.standing, **answer.headers}
    headers[hdrs.VARY] = _vary(answer)
    if matched is not None:
        for name in OF_BODIES:
            headers.pop(name, None)
        headers[TAG] = matched
        return headers
    if answer.tag is not None:
        headers[TAG] = tagged(answer.tag, coding)
    if coding != IDENTITY:
        headers[hdrs.CONTENT_ENCODING] = coding
    body = answer.coded[coding] if coding != IDENTITY else answer.body
    if body is not None and answer.status != 304:
        headers[hdrs.CONTENT_LENGTH] = str(len(body))
    return headers


@cache
def _status_line(status: int) -> str:
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    """Status line and headers. Raises `ValueError` for one that holds a line end (RFC 9110 5.5)."""
    lines = [_status_line(status), *map(": ".join, headers.items())]
    head = "\r\n".join([*lines, ""])
    if head.count("\r") != len(lines) or head.count("\n") != len(lines):
        raise ValueError("a header with a line end in it")
    return head.encode()
