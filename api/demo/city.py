"""The fake city: a real server on loopback that speaks an agency's and some calendars' formats.

It ships with the product as the demo's upstream and is the tests' upstream, with faults to switch
on. It imports nothing of the other rooms: what it sends is written by hand.
"""

from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from api.demo import details, pages
from api.demo.answering import Manner, answer
from api.demo.calendars import CALENDARS, Calendar, document, happening
from api.demo.changes import Life, offers_at
from api.demo.faults import Fault, error_body, spoil
from api.demo.neighbours import breaking
from api.demo.offers import Offer, write_list

BIRTH: Final = 1_775_000_000
"""Unix seconds; later than every edit stamp of the list it starts with."""
LIMIT: Final = "100"
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
    calendar_faults: dict[str, Fault] = field(default_factory=dict)
    """Name of a calendar → what is wrong with it."""
    breaks: bool = True
    """Whether the neighbours' calendar breaks by itself now and then."""
    cut_at: int | None = None
    """After how many bytes a document with `Fault.CUT` ends; half of it when None."""
    validators: bool = False
    """Whether lists carry an ETag and answer 304."""
    gzip: bool = True
    """Whether lists are compressed for whoever accepts that."""
    edit: Callable[[tuple[Offer, ...]], tuple[Offer, ...]] | None = None
    """A last change to the offers, for tests."""
    asked: int = 0
    """How often somebody asked for a calendar."""
    visits: deque[Visit] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    """The last requests, oldest first."""

    @property
    def age(self) -> int:
        """Minutes since the city's birth."""
        return self.minute() if callable(self.minute) else self.minute

    @property
    def life(self) -> Life:
        """What the city's fate follows from."""
        return Life(self.seed, self.birth)

    @property
    def offers(self) -> tuple[Offer, ...]:
        """The offers it has right now."""
        offers = offers_at(self.life, self.age)
        return self.edit(offers) if self.edit else offers

    def offer(self, number: str) -> Offer | None:
        """The offer with this id, where there is one right now."""
        return next((offer for offer in self.offers if str(offer.id) == number), None)

    def calendar_fault(self, calendar: Calendar) -> Fault | None:
        """What is wrong with a calendar right now."""
        broken = self.breaks and calendar.name == "quartier"
        by_itself = breaking(self.seed, self.age) if broken else None
        return self.calendar_faults.get(calendar.name, by_itself)


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
            web.get("/termine/{number}", _happening_page),
        ]
    )
    app.add_routes([web.get(f"/{each.path}", _asked_for(each)) for each in CALENDARS])
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
    return await _answer(request, write_list(city.offers[:limit], owner), city.fault)


async def _export(request: web.Request) -> web.StreamResponse:
    _check_key(request, "agencyId", details.AGENCY)
    city = request.app[CITY]
    return await _answer(request, details.write_export(city.offers), city.fault)


async def _details(request: web.Request) -> web.StreamResponse:
    number = "portalId" if "/portal/" in request.path else "agencyId"
    _check_key(request, number, details.PORTAL if number == "portalId" else details.AGENCY)
    offer = request.app[CITY].offer(request.query.get("offerId", ""))
    if offer is None:
        text = error_body(404, "Not Found")
        raise web.HTTPNotFound(text=text, content_type="application/json")
    return await _answer(request, details.write_details(offer), request.app[CITY].details_fault)


async def _agencies(request: web.Request) -> web.StreamResponse:
    _check_key(request, "portalId", details.PORTAL)
    city = request.app[CITY]
    return await _answer(request, details.write_agencies(city.key), city.fault)


async def _top_offers(request: web.Request) -> web.StreamResponse:
    city = request.app[CITY]
    text = details.write_top_offers(city.offers, city.url)
    return web.Response(text=text, content_type="application/json")


async def _offer_page(request: web.Request) -> web.StreamResponse:
    offer = request.app[CITY].offer(request.query.get("detail", ""))
    text = pages.offer_page(offer) if offer else pages.missing_page()
    return web.Response(text=text, status=200 if offer else 404, content_type="text/html")


def _asked_for(calendar: Calendar) -> Handler:
    """What answers a request for the calendar."""

    async def ask(request: web.Request) -> web.StreamResponse:
        city = request.app[CITY]
        city.asked += 1
        fault = city.calendar_fault(calendar)
        good = document(calendar, city.life, city.age, city.asked, city.url)
        spoiled = spoil(good, fault, city.cut_at, calendar.shape)
        return await answer(
            request, spoiled, Manner(kind=calendar.kind, fault=fault, gzip=city.gzip)
        )

    return ask


async def _happening_page(request: web.Request) -> web.StreamResponse:
    city = request.app[CITY]
    found = happening(city.life, city.age, request.match_info["number"])
    text = pages.happening_page(found) if found else pages.missing_page()
    return web.Response(text=text, status=200 if found else 404, content_type="text/html")


async def _start_page(request: web.Request) -> web.StreamResponse:
    city = request.app[CITY]
    text = pages.start_page(city.age, city.offers, CALENDARS)
    return web.Response(text=text, content_type="text/html")


async def _answer(request: web.Request, good: str, fault: Fault | None) -> web.StreamResponse:
    city = request.app[CITY]
    manner = Manner(fault=fault, validators=city.validators, gzip=city.gzip)
    return await answer(request, spoil(good.encode(), fault, city.cut_at), manner)


__all__ = ["City", "Fault", "Visit", "fake_city", "make_city"]
