"""The fake city: a real server on loopback that speaks the volunteer agency's formats.

It ships with the product as the demo's upstream and is the tests' upstream, with faults to switch
on. It imports nothing of the other rooms: what it sends is written by hand.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from api.demo import details, pages
from api.demo.changes import Life, offers_at
from api.demo.faults import INSTEAD, STATUS, XML, Fault, error_body, spoil
from api.demo.offers import Offer, write_list

BIRTH: Final = 1_775_000_000
"""Unix seconds; later than every edit stamp of the list it starts with."""
LIMIT: Final = "100"
DRIP_BYTES: Final = 64
DRIP_SECONDS: Final = 0.2
GRACE: Final = 0.1
REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Visit:
    """A request as it came in: path, query without the key, headers by lower-case name."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass(slots=True, kw_only=True)
class City:
    """The running city. Everything but `url` may be changed while it runs."""

    url: str = ""
    """Address of the city, ending with a slash."""
    key: str = "demo-key"
    seed: int = 1
    birth: int = BIRTH
    minute: int | Callable[[], int] = 0
    """Minutes since its birth, or what to ask for them."""
    fault: Fault | None = None
    """What is wrong with every list."""
    details_fault: Fault | None = None
    """What is wrong with every offer's details."""
    cut_at: int | None = None
    """After how many bytes a list with `Fault.CUT` ends; half of it when None."""
    validators: bool = False
    """Whether lists carry an ETag and answer 304."""
    gzip: bool = True
    """Whether lists are compressed for whoever accepts that."""
    edit: Callable[[tuple[Offer, ...]], tuple[Offer, ...]] | None = None
    """A last change to the offers, for tests."""
    visits: deque[Visit] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    """The last requests, oldest first."""

    @property
    def age(self) -> int:
        """Minutes since the city's birth."""
        return self.minute() if callable(self.minute) else self.minute

    @property
    def offers(self) -> tuple[Offer, ...]:
        """The offers it has right now."""
        offers = offers_at(Life(self.seed, self.birth), self.age)
        return self.edit(offers) if self.edit else offers

    def offer(self, number: str) -> Offer | None:
        """The offer with this id, where there is one right now."""
        return next((offer for offer in self.offers if str(offer.id) == number), None)


CITY: Final = web.AppKey("city", City)


@asynccontextmanager
async def fake_city(city: City | None = None, *, port: int = 0) -> AsyncIterator[City]:
    """A running city on 127.0.0.1; port 0: any free one. Raises `OSError` for a taken port."""
    city = city or City()
    runner = web.AppRunner(make_city(city), access_log=None, shutdown_timeout=GRACE)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        city.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        yield city
    finally:
        await runner.cleanup()


def make_city(city: City) -> web.Application:
    """The city's addresses, as the original has them."""
    app = web.Application(middlewares=[_note_visit])
    app[CITY] = city
    api = "/query/api/"
    app.add_routes(
        [
            web.get("/", _start_page),
            web.get(f"{api}MatchingServiceEndpoint.php", _agency_list),
            web.get(f"{api}OfferServiceEndpoint.php", _details),
            web.get(f"{api}ExportServiceEndpoint.php", _export),
            web.get(f"{api}TopOfferServiceEndpoint.php", _top_offers),
            web.get(f"{api}portal/v1/MatchingServiceEndpoint.php", _portal_list),
            web.get(f"{api}portal/v1/MandantenMatchingServiceEndpoint.php", _agencies),
            web.get(f"{api}portal/v1/OfferServiceEndpoint.php", _details),
            web.get("/query/iframe/detail.php", _offer_page),
            web.get("/query/iframe/print.php", _offer_page),
        ]
    )
    return app


@web.middleware
async def _note_visit(request: web.Request, handler: Handler) -> web.StreamResponse:
    query = {name: value for name, value in request.query.items() if name != "accessKey"}
    headers = {name.lower(): value for name, value in request.headers.items()}
    request.app[CITY].visits.append(Visit(request.path, query, headers))
    return await handler(request)


def _check_key(request: web.Request, owner: str, number: int) -> None:
    """Raise 403 unless key and number fit."""
    given = request.query.get("accessKey", "")
    fits = compare_digest(given.encode(), request.app[CITY].key.encode())
    if not fits or request.query.get(owner) != str(number):
        text = error_body(403, "Forbidden")
        raise web.HTTPForbidden(text=text, content_type="application/json")


async def _agency_list(request: web.Request) -> web.StreamResponse:
    _check_key(request, "agencyId", details.AGENCY)
    return await _list(request, f'agenturId="{details.AGENCY}"')


async def _portal_list(request: web.Request) -> web.StreamResponse:
    _check_key(request, "portalId", details.PORTAL)
    return await _list(request, f'portalId="{details.PORTAL}"')


async def _list(request: web.Request, owner: str) -> web.StreamResponse:
    city = request.app[CITY]
    limit = int(request.query.get("limit", LIMIT))
    good = write_list(city.offers[:limit], owner).encode()
    return await _answer(request, spoil(good, city.fault, city.cut_at), city.fault)


async def _export(request: web.Request) -> web.StreamResponse:
    _check_key(request, "agencyId", details.AGENCY)
    city = request.app[CITY]
    good = details.write_export(city.offers).encode()
    return await _answer(request, spoil(good, city.fault, city.cut_at), city.fault)


async def _details(request: web.Request) -> web.StreamResponse:
    number = "portalId" if "/portal/" in request.path else "agencyId"
    _check_key(request, number, details.PORTAL if number == "portalId" else details.AGENCY)
    offer = request.app[CITY].offer(request.query.get("offerId", ""))
    if offer is None:
        text = error_body(404, "Not Found")
        raise web.HTTPNotFound(text=text, content_type="application/json")
    good = details.write_details(offer).encode()
    return await _answer(request, good, request.app[CITY].details_fault)


async def _agencies(request: web.Request) -> web.StreamResponse:
    _check_key(request, "portalId", details.PORTAL)
    city = request.app[CITY]
    return await _answer(request, details.write_agencies(city.key).encode(), city.fault)


async def _top_offers(request: web.Request) -> web.StreamResponse:
    city = request.app[CITY]
    text = details.write_top_offers(city.offers, city.url)
    return web.Response(text=text, content_type="application/json")


async def _offer_page(request: web.Request) -> web.StreamResponse:
    offer = request.app[CITY].offer(request.query.get("detail", ""))
    text = pages.offer_page(offer) if offer else pages.missing_page()
    return web.Response(text=text, status=200 if offer else 404, content_type="text/html")


async def _start_page(request: web.Request) -> web.StreamResponse:
    city = request.app[CITY]
    text = pages.start_page(city.age, city.offers)
    return web.Response(text=text, content_type="text/html")


async def _answer(request: web.Request, good: bytes, fault: Fault | None) -> web.StreamResponse:
    if fault is Fault.HANG:
        await asyncio.Event().wait()
    if fault is Fault.DRIP:
        return await _drip(request, good)
    if fault in INSTEAD:
        return _instead(fault)
    city = request.app[CITY]
    response = web.Response(body=good, headers={"Content-Type": XML})
    if city.validators:
        stamp = sha256(good).hexdigest()[:16]
        if any(tag.value == stamp for tag in request.if_none_match or ()):
            return web.Response(status=304, headers={"ETag": f'"{stamp}"'})
        response.etag = stamp
    if city.gzip:
        response.enable_compression()
    return response


def _instead(fault: Fault) -> web.Response:
    kind, text = INSTEAD[fault]
    headers = {"Content-Type": kind}
    headers |= {"Location": "/anmeldung"} if fault is Fault.REDIRECT else {}
    headers |= {"Retry-After": "120"} if fault is Fault.BUSY else {}
    return web.Response(body=text.encode(), status=STATUS.get(fault, 200), headers=headers)


async def _drip(request: web.Request, good: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": XML})
    await response.prepare(request)
    for start in range(0, len(good), DRIP_BYTES):
        await response.write(good[start : start + DRIP_BYTES])
        await asyncio.sleep(DRIP_SECONDS)
    return response


__all__ = ["City", "Fault", "Visit", "fake_city", "make_city"]
