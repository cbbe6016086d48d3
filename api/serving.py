"""Every answer that may be kept goes through here: from memory where it holds, else made once for
all who want it, and from memory again while the database is away. Handlers do not know of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, replace
from typing import Final

from aiohttp import hdrs, web

from aggregator.queries import UNAVAILABLE, DatabaseUnavailable
from api.answers import Answer, Answers, Entry, Key
from api.caching import KNOWN, said
from api.flights import Flights
from api.headers import standing
from api.heads import HEAD, Head, Heads
from api.params import Query
from api.problems import HttpProblem
from api.replying import Replies
from api.sending import Ready
from api.site.words import language_for
from api.streams import Stream, Streamed

Handler = Callable[[web.Request, Query], Awaitable[web.StreamResponse]]
FOREVER: Final = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How a route's answers are kept. `language`: the reader's language belongs to the question.
    `literal`: the query counts as it was spelled. `seconds`: they hold no longer than that, since
    a clock is in them. `timeless`: no data is in them."""

    language: bool = False
    literal: bool = False
    seconds: float = FOREVER
    timeless: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that found its route: what answers it, and under which policy."""

    request: web.Request
    query: Query
    name: str
    handler: Handler
    keep: Keep
    policy: str

    def key(self) -> Key:
        """What its answer is kept under."""
        request, query = self.request, self.query
        spelled = request.rel_url.raw_query_string if self.keep.literal else query.canonical
        language = None
        if self.keep.language:
            accepted = request.headers.get(hdrs.ACCEPT_LANGUAGE, "")
            language = language_for(query.values.get("lang"), accepted)
        return self.name, *request.match_info.values(), spelled, language


class Serving:
    """Answers from memory, and what makes them. `most` bytes are kept."""

    def __init__(self, heads: Heads, most: int) -> None:
        self._heads = heads
        self._answers = Answers(most)
        self._replies = Replies(self._answers)
        self._flights: Flights[Entry | Stream] = Flights((HttpProblem, *UNAVAILABLE))
        self._streams: dict[tuple[Key, Head | None], Stream] = {}
        """The newest that is being read of each question, as it stood under a head."""

    def at_once(self, request: web.Request) -> Ready | None:
        """The answer to a request that was asked before in the same spelling, where it still
        holds; None where it is to be looked at."""
        entry = self._answers.led_to(self._replies.spelling(request))
        if entry is None:
            return None
        try:
            head = None if entry.head is None else self._heads.known()
        except DatabaseUnavailable:
            return None
        if not entry.holds(head, _now()):
            return None
        return self._replies.at_once(request, entry.answer)

    async def serve(self, asked: Asked) -> web.StreamResponse:
        """The answer. Raises `HttpProblem`, and what `UNAVAILABLE` names where the database is
        away and nothing is kept."""
        key = asked.key()
        kept = self._answers.get(key)
        try:
            head = None if asked.keep.timeless else await self._heads.current()
            if kept is None or not self._suffices(asked.request, kept, head):
                found = await self._found(asked, key, kept, head)
            else:
                found = kept
        except UNAVAILABLE:
            if kept is None or not self._replies.can(asked.request, kept.answer):
                raise
            return await self._replies.stale(asked.request, key, kept.answer, self._age(kept))
        if isinstance(found, Stream):
            return await self._replies.stream(asked.request, key, found)
        return await self._replies.reply(asked.request, key, found.answer)

    def forget(self) -> None:
        """Let go of every answer."""
        self._answers.clear()

    def _suffices(self, request: web.Request, kept: Entry, head: Head | None) -> bool:
        return kept.holds(head, _now()) and self._replies.can(request, kept.answer)

    async def _found(
        self, asked: Asked, key: Key, kept: Entry | None, head: Head | None
    ) -> Entry | Stream:
        """What answers it now, made by the first who asks."""
        stream = self._streams.get((key, head))
        if stream is not None and stream.joinable and asked.request.method == hdrs.METH_GET:
            return stream
        if kept is not None and kept.answer.body is None:
            kept = None
        request = asked.request
        condition = said(request, hdrs.IF_NONE_MATCH) if kept is None else id(kept)
        flight: Hashable = (key, head, request.method, condition)
        return await self._flights.share(flight, lambda: self._make(asked, key, kept, head))

    async def _make(
        self, asked: Asked, key: Key, kept: Entry | None, head: Head | None
    ) -> Entry | Stream:
        if kept is not None:
            asked.request[KNOWN] = kept.answer.tag or ""
        if head is not None:
            asked.request[HEAD] = head
        response = await asked.handler(asked.request, asked.query)
        if isinstance(response, Streamed):
            return self._begun(asked, key, response, head)
        assert isinstance(response, web.Response)
        answer = self._answer(asked, response, kept)
        now = _now()
        entry = Entry(answer, head, now, now + asked.keep.seconds)
        headed = asked.request.method == hdrs.METH_HEAD and answer.body is None
        if answer.status == 200 and answer.tag is not None and not headed:
            self._answers.put(key, entry)
        return entry

    def _answer(self, asked: Asked, response: web.Response, kept: Entry | None) -> Answer:
        """A handler's answer as it is kept. Where it says that the kept one still holds, that
        one, with the headers as they are now (RFC 9111 4.3.4)."""
        headers, body = dict(response.headers), response.body
        assert body is None or isinstance(body, bytes)
        if kept is not None and (response.status == 304 or body == kept.answer.body):
            fresh = {**kept.answer.headers, **headers}
            if fresh == kept.answer.headers:
                return kept.answer
            return replace(kept.answer, headers=fresh, heads={})
        known_only = response.status == 304
        headed = asked.request.method == hdrs.METH_HEAD and not body
        return Answer(
            status=200 if known_only else response.status,
            headers=headers,
            body=None if known_only or headed else body or b"",
            standing=standing(asked.request.path, asked.policy),
        )

    def _begun(self, asked: Asked, key: Key, response: Streamed, head: Head | None) -> Stream:
        answer = Answer(
            status=200,
            headers=dict(response.headers),
            body=None,
            standing=standing(asked.request.path, asked.policy),
        )
        stream = Stream(response, answer, self._answers.heaviest)
        self._streams[key, head] = stream

        def ended() -> None:
            if self._streams.get((key, head)) is stream:
                del self._streams[key, head]
            whole = stream.whole
            if whole is not None:
                now = _now()
                made = replace(answer, body=whole, asked=1)
                self._answers.put(key, Entry(made, head, now, now + asked.keep.seconds))

        stream.then(ended)
        return stream

    def _age(self, kept: Entry) -> float:
        """Seconds since an answer is known to have held."""
        head, seen = self._heads.last
        return _now() - (seen if kept.head is not None and kept.head is head else kept.made)


def _now() -> float:
    return asyncio.get_running_loop().time()
