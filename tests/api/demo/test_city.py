"""The fake city answers like the original, and wrongly when told to."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from lxml import etree

from api.demo.city import City, Fault, fake_city
from api.demo.faults import SPOILS
from api.demo.offers import TWIN

LIST = "query/api/MatchingServiceEndpoint.php"
DETAILS = "query/api/OfferServiceEndpoint.php"
PORTAL = "query/api/portal/v1/"
AGENCY = {"agencyId": "177", "accessKey": "demo-key"}
PORTAL_QUERY = {"portalId": "9001", "accessKey": "demo-key"}
ALL = {**AGENCY, "limit": "9999"}


@pytest.fixture
async def city() -> AsyncIterator[City]:
    """A running city, without compression so that raw bytes can be compared."""
    async with fake_city(City(gzip=False)) as city:
        yield city


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """A client that gives up soon."""
    timeout = aiohttp.ClientTimeout(total=5)
    async with aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as session:
        yield session


async def ask(
    client: aiohttp.ClientSession, city: City, path: str, query: dict[str, str]
) -> tuple[int, bytes]:
    """Status and body."""
    async with client.get(city.url + path, params=query, allow_redirects=False) as response:
        return response.status, await response.read()


async def test_the_list_is_the_twin(city: City, client: aiohttp.ClientSession) -> None:
    assert await ask(client, city, LIST, ALL) == (200, TWIN.read_bytes())


async def test_a_list_holds_100_offers_unless_asked_for_more(
    city: City, client: aiohttp.ClientSession
) -> None:
    _, short = await ask(client, city, LIST, AGENCY)
    assert short.count(b"<angebot ") == 100
    _, three = await ask(client, city, LIST, {**AGENCY, "limit": "3"})
    assert three.count(b"<angebot ") == 3


@pytest.mark.parametrize("query", [{}, {**AGENCY, "accessKey": "x"}, {**AGENCY, "agencyId": "1"}])
@pytest.mark.parametrize("path", [LIST, DETAILS, f"{PORTAL}MatchingServiceEndpoint.php"])
async def test_a_wrong_key_is_refused(
    city: City, client: aiohttp.ClientSession, path: str, query: dict[str, str]
) -> None:
    status, body = await ask(client, city, path, query)
    assert (status, json.loads(body)["error"]["code"]) == (403, 403)


async def test_details_swap_the_names_of_the_axes(
    city: City, client: aiohttp.ClientSession
) -> None:
    listed = next(offer for offer in city.offers if offer.value("geo_breite") > "1")
    _, body = await ask(client, city, DETAILS, {**AGENCY, "offerId": str(listed.id)})
    details = etree.fromstring(body)
    assert details.findtext("angebot_details/geo_x") == listed.value("geo_breite")
    assert details.findtext("einrichtung_details/name") == listed.value("einrichtungsname")


async def test_details_of_an_offer_that_is_gone_are_not_found(
    city: City, client: aiohttp.ClientSession
) -> None:
    status, _ = await ask(client, city, DETAILS, {**AGENCY, "offerId": "1"})
    assert status == 404


async def test_a_portal_lists_offers_and_agencies_with_their_keys(
    city: City, client: aiohttp.ClientSession
) -> None:
    _, offers = await ask(client, city, f"{PORTAL}MatchingServiceEndpoint.php", PORTAL_QUERY)
    assert offers.count(b"<angebot ") == 100
    path = f"{PORTAL}MandantenMatchingServiceEndpoint.php"
    _, agencies = await ask(client, city, path, PORTAL_QUERY)
    assert len(etree.fromstring(agencies).findall("mandant/accessKey")) == 2


async def test_the_full_export_has_details_of_every_offer(
    city: City, client: aiohttp.ClientSession
) -> None:
    _, body = await ask(client, city, "query/api/ExportServiceEndpoint.php", AGENCY)
    assert len(etree.fromstring(body).findall("angebot/einrichtung_details")) == 429


async def test_top_offers_are_no_geojson(city: City, client: aiohttp.ClientSession) -> None:
    _, body = await ask(client, city, "query/api/TopOfferServiceEndpoint.php", {})
    assert rb"\/" in body
    features = json.loads(body)["features"]
    assert len(features) == 4
    assert "geometry" not in features[0]


async def test_the_link_of_an_offer_leads_to_its_page(
    city: City, client: aiohttp.ClientSession
) -> None:
    query = {"agid": "177", "frametyp": "2", "styleid": "1", "detail": "900001"}
    status, page = await ask(client, city, "query/iframe/detail.php", query)
    assert status == 200
    assert "Beispiel-Einrichtung 2 e.V." in page.decode()
    status, _ = await ask(client, city, "query/iframe/detail.php", {"detail": "1"})
    assert status == 404


async def test_time_passes_when_told(city: City, client: aiohttp.ClientSession) -> None:
    _, first = await ask(client, city, LIST, ALL)
    city.minute = 1
    _, second = await ask(client, city, LIST, ALL)
    assert first != second
    city.minute = lambda: 0
    assert (await ask(client, city, LIST, ALL))[1] == first


@pytest.mark.parametrize(
    ("fault", "status", "starts"),
    [
        (Fault.FORBIDDEN, 403, b'{"error"'),
        (Fault.FAILING, 500, b"<h1>"),
        (Fault.BUSY, 503, b"<h1>"),
        (Fault.REDIRECT, 302, b""),
        (Fault.LOGIN, 200, b"<!DOCTYPE html>"),
        (Fault.XHTML, 200, b"<?xml"),
        (Fault.JSON_ERROR, 200, b'{"error"'),
        (Fault.BLANK, 200, b""),
    ],
)
async def test_a_fault_replaces_the_answer(
    city: City, client: aiohttp.ClientSession, fault: Fault, status: int, starts: bytes
) -> None:
    city.fault = fault
    got, body = await ask(client, city, LIST, ALL)
    assert (got, body[: len(starts)]) == (status, starts)
    assert b"<angebot " not in body


@pytest.mark.parametrize(
    ("fault", "offers", "strict"),
    [
        (Fault.EMPTY, 0, True),
        (Fault.CUT, 200, False),
        (Fault.SHRUNK, 3, True),
        (Fault.LATIN_1, 429, False),
        (Fault.NUL, 429, False),
        (Fault.VERTICAL_TAB, 429, False),
        (Fault.SURROGATE, 429, False),
        (Fault.HUGE_TITLE, 429, True),
        (Fault.DUPLICATE, 430, True),
        (Fault.NO_ID, 428, True),
    ],
)
async def test_a_fault_spoils_the_list(
    city: City, client: aiohttp.ClientSession, fault: Fault, offers: int, strict: bool
) -> None:
    city.fault = fault
    _, body = await ask(client, city, LIST, ALL)
    assert abs(body.count(b"<angebot angebotsId") - offers) <= (20 if fault is Fault.CUT else 0)
    assert parses(body) is strict


def parses(body: bytes) -> bool:
    """Whether a strict parser takes the body."""
    try:
        etree.fromstring(body, etree.XMLParser(huge_tree=True))
    except etree.XMLSyntaxError:
        return False
    return True


def test_every_fault_is_tested_here() -> None:
    assert {*SPOILS} == {each for each in Fault if each not in INSTEAD_OR_SLOW}


INSTEAD_OR_SLOW = {
    Fault.FORBIDDEN,
    Fault.FAILING,
    Fault.BUSY,
    Fault.REDIRECT,
    Fault.LOGIN,
    Fault.XHTML,
    Fault.JSON_ERROR,
    Fault.BLANK,
    Fault.HANG,
    Fault.DRIP,
}


async def test_a_cut_list_ends_where_told(city: City, client: aiohttp.ClientSession) -> None:
    city.fault, city.cut_at = Fault.CUT, 1234
    assert len((await ask(client, city, LIST, ALL))[1]) == 1234


async def test_a_hanging_city_never_answers_but_ends(
    city: City, client: aiohttp.ClientSession
) -> None:
    city.fault = Fault.HANG
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ask(client, city, LIST, ALL), 0.3)


async def test_a_dripping_city_sends_little_at_a_time(
    city: City, client: aiohttp.ClientSession
) -> None:
    city.fault = Fault.DRIP
    async with client.get(city.url + LIST, params=ALL) as response:
        assert len(await response.content.read(100_000)) < 1000


async def test_lists_can_carry_an_etag(city: City, client: aiohttp.ClientSession) -> None:
    city.validators = True
    async with client.get(city.url + LIST, params=ALL) as response:
        known = {"If-None-Match": response.headers["ETag"]}
    async with client.get(city.url + LIST, params=ALL, headers=known) as response:
        assert response.status == 304


async def test_lists_are_compressed_for_whoever_wants(client: aiohttp.ClientSession) -> None:
    async with (
        fake_city() as city,
        client.get(city.url + LIST, params=ALL, headers={"Accept-Encoding": "gzip"}) as response,
    ):
        assert response.headers["Content-Encoding"] == "gzip"


async def test_a_last_edit_belongs_to_the_test(city: City, client: aiohttp.ClientSession) -> None:
    city.edit = lambda offers: (offers[0].with_value("angebotsname", "Bäume & mehr"),)
    _, body = await ask(client, city, LIST, ALL)
    assert b"<angebotsname>B\xc3\xa4ume &amp; mehr</angebotsname>" in body
    assert body.count(b"<angebot ") == 1


async def test_visits_are_noted_without_the_key(city: City, client: aiohttp.ClientSession) -> None:
    await ask(client, city, LIST, ALL)
    (visit,) = city.visits
    assert (visit.path, visit.query) == (f"/{LIST}", {"agencyId": "177", "limit": "9999"})
    assert "user-agent" in visit.headers


async def test_the_start_page_names_the_newest_offers(
    city: City, client: aiohttp.ClientSession
) -> None:
    city.minute = 3
    status, page = await ask(client, city, "", {})
    assert status == 200
    assert "Diese Stadt ist 3 Minuten alt" in page.decode()


async def test_a_taken_port_is_an_error(city: City) -> None:
    port = int(city.url.rstrip("/").rpartition(":")[2])
    with pytest.raises(OSError, match="address already in use"):
        async with fake_city(port=port):
            pass
