"""What happens to a request before it is looked at: its client is counted, and what was asked
before in the same spelling is answered from memory. Decides nothing about content.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from aiohttp import hdrs, web

from aggregator.settings import HttpSettings
from api.clients import Trusted
from api.headers import PROBES, standing
from api.links import Links
from api.policies import STRICT
from api.problems import HttpProblem, answer
from api.rates import FROM_MEMORY, RATE, Buckets, Rate
from api.serving import Serving

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

READING: Final = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})
ADMITTED: Final = web.RequestKey("admitted", bool)


class Admission:
    """Lets requests in."""

    def __init__(self, http: HttpSettings, links: Links, serving: Serving) -> None:
        self.trusted = Trusted(http.trusted_proxies)
        self._serving = serving
        self._links = links
        per_minute = http.requests_per_minute
        self._buckets = Buckets(Rate(per_minute, http.burst)) if per_minute else None

    async def admit_once(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """`admit`, unless the request was admitted before it was routed."""
        admitted = request.get(ADMITTED, False)
        return await (handler(request) if admitted else self.admit(request, handler))

    async def admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The answer from memory, a 429, or what the handler says."""
        ready = self._serving.at_once(request) if request.method in READING else None
        if self._buckets is not None and request.raw_path not in PROBES:
            cost = 1.0 if ready is None else FROM_MEMORY
            now = asyncio.get_running_loop().time()
            found = self._buckets.take(self.client(request), now, cost)
            said = self._buckets.said(found)
            if found.wait is not None:
                return self._refused(request, found.wait, said)
            if ready is None:
                request[RATE] = said
            else:
                ready.more = said
        if ready is not None:
            return ready
        request[ADMITTED] = True
        return await handler(request)

    def _refused(self, request: web.Request, wait: int, said: Mapping[str, str]) -> web.Response:
        problem = HttpProblem(
            status=429,
            code="request.too_many",
            headers={hdrs.RETRY_AFTER: str(wait), **said},
        )
        refusal = answer(problem, self._links)
        refusal.headers.update(standing(request.path, STRICT))
        return refusal

    def client(self, request: web.Request) -> str:
        """Whom a request counts for: an address, or an IPv6 network."""
        headers = request.headers
        forwarded = tuple(headers.getall(hdrs.FORWARDED, ()))
        hops = tuple(headers.getall(hdrs.X_FORWARDED_FOR, ()))
        peer = request.transport and request.transport.get_extra_info("peername")
        return self.trusted.client(peer[0] if isinstance(peer, tuple) else None, forwarded, hops)
