"""Portals: a filter under a name narrows every list down, and nothing asked for widens it."""

from datetime import timedelta
from typing import Any

import pytest

from aggregator.queries import Database
from aggregator.settings import PortalSettings
from schema import Offer
from schema.when import Timed, wall_of
from tests.api.asking import ask, inside, said
from tests.api.conftest import Client, Serve
from tests.api.programme import ZONE, evening, put
from tests.api.seeding import NOW, PUBLIC_URL, add_source, identity
from tests.planting import plant

ENERGY = ({"scheme": "topics", "term": "energy", "by": "source"},)
MOBILITY = ({"scheme": "topics", "term": "mobility", "by": "source"},)


def at(lat: float, locality: str = "Halle", ags: str = "15002000") -> dict[str, Any]:
    """Somewhere on one meridian."""
    return {"locality": locality, "lat": lat, "lon": 11.97, "authority": {"ags": ags}}


OFFERS: tuple[dict[str, Any], ...] = (
    {"title": {"de": "Solar erklären"}, "categories": ENERGY, "place": at(51.48), "status": "open"},
    {
        "title": {"de": "Solar bauen"},
        "categories": ENERGY,
        "place": at(51.5),
        "status": "filled",
        "commitment": "one_off",
        "remote": True,
    },
    {"title": {"de": "Rad reparieren"}, "categories": MOBILITY, "place": at(51.48)},
    {"title": {"de": "Anderes Halle"}, "place": at(52.06, ags="05754012"), "status": "open"},
)


def portal(id_: str, filter_: str, title: str | None = None) -> PortalSettings:
    """A portal as the configuration has it."""
    return PortalSettings(id=id_, filter=filter_, title=title)


day = (NOW + timedelta(days=2)).date()
PORTALS = (
    portal("energie", "category=energy", "Energie & mehr"),
    portal("beide", "category=energy,mobility"),
    portal("offen", "status=open,scheduled"),
    portal("einmalig", "commitment=one_off&remote=true"),
    portal("nah", "near=51.48,11.97&radius=1"),
    portal("karte", "bbox=11.9,51.49,12,51.6"),
    portal("solar", "q=solar"),
    portal("halle", "city=Halle"),
    portal("nirgends", "source=alt"),
    portal("frisch", "freshness=confirmed"),
    portal("gehalten", "freshness=withheld"),
    portal("tag", f"from={day}&to={day}"),
    portal("kommend", "from=now"),
    portal("vorbei", "to=2020-01-01"),
)


def seed(database: Database) -> None:
    """Four offers and four events."""
    database.write_now(add_source)
    for number, fields in enumerate(OFFERS, 1):
        database.write_now(put, number, Offer.model_validate({"native_id": "x", **fields}))
    events = (
        evening(2, "Solarabend", categories=ENERGY),
        evening(3, "Radtour", categories=MOBILITY),
        evening(2, "Ausfall", categories=ENERGY, status="cancelled"),
        evening(500, "Weit weg", categories=ENERGY),
    )
    for number, event in enumerate(events, 1):
        database.write_now(put, number, event)


@pytest.fixture
async def client(database: Database, serve: Serve) -> Client:
    """An instance with many portals."""
    plant(database, seed)
    return await serve(database, portals=PORTALS, title="Allmende")


async def found(client: Client, path: str) -> list[int]:
    """The numbers of the entries of a list, smallest first; its total is that of its entries."""
    answer = await said(client, path)
    numbers = {str(identity(kind, n)): n for n in range(1, 9) for kind in ("offer", "event")}
    assert answer["pagination"]["totalElements"] == len(answer["data"])
    return sorted(numbers[entry["id"]] for entry in answer["data"])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("portal=energie", [1, 2]),
        ("portal=offen", [1, 4]),
        ("portal=einmalig", [2]),
        ("portal=nah", [1, 3]),
        ("portal=karte", [2]),
        ("portal=solar", [1, 2]),
        ("portal=halle", [1, 2, 3, 4]),
        ("portal=nirgends", []),
        ("portal=frisch", [1, 2, 3, 4]),
        ("portal=gehalten", []),
        ("portal=tag", [1, 2, 3, 4]),
        # what else is asked for must hold too
        ("portal=energie&status=open", [1]),
        ("portal=energie&category=mobility", []),
        ("portal=beide&category=mobility", [3]),
        ("portal=offen&status=filled", []),
        ("portal=offen&status=open,filled", [1, 4]),
        ("portal=nah&near=51.49,11.97&radius=1.2", [1, 3]),
        ("portal=nah&near=51.5,11.97&radius=2", []),
        ("portal=karte&bbox=11.9,51.4,12,51.495", []),
        ("portal=nah&bbox=11.9,51.4,12,51.6", [1, 3]),
        ("portal=solar&q=bauen", [2]),
        ("portal=solar&q=rad", []),
        ("portal=halle&city=ags:05754012", [4]),
        ("portal=nirgends&source=agentur", []),
        ("portal=frisch&freshness=stale", []),
        ("portal=frisch&freshness=withheld", []),
        ("portal=gehalten&freshness=confirmed", []),
        ("portal=energie&sort=distance&near=51.5,11.97", [1, 2]),
        ("portal=solar&q=solar&sort=relevance", [1, 2]),
    ],
)
async def test_a_list_of_offers_stays_within_the_portal(
    client: Client, asked: str, expected: list[int]
) -> None:
    assert await found(client, f"/v1/offers?{asked}") == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("portal=energie", [1, 3, 4]),
        ("portal=einmalig", [1, 2, 3, 4]),
        ("portal=offen", [1, 2, 4]),
        ("portal=offen&status=cancelled", []),
        ("portal=offen&from=now", [1, 2, 4]),
        ("portal=offen&from=now&status=cancelled", []),
        ("portal=offen&from=now&status=cancelled,scheduled", [1, 2, 4]),
        ("portal=tag", [1, 3]),
        (f"portal=tag&from={day + timedelta(days=1)}", []),
        (f"portal=tag&to={day - timedelta(days=1)}", []),
        ("portal=tag&from=2020-01-01&to=2099-01-01", [1, 3]),
        ("portal=tag&expand=occurrences", [1, 3]),
        ("portal=tag&category=mobility", []),
        ("portal=vorbei", []),
        ("portal=vorbei&from=now", []),
        ("portal=vorbei&expand=occurrences", []),
        ("portal=kommend&from=2020-01-01", [1, 2, 3, 4]),
    ],
)
async def test_a_list_of_events_stays_within_the_portal(
    client: Client, asked: str, expected: list[int]
) -> None:
    assert await found(client, f"/v1/events?{asked}") == expected


async def test_counts_of_a_facet_stay_within_the_portal_that_names_it(client: Client) -> None:
    answer = await said(client, "/v1/offers?portal=beide&category=mobility&facets=category")
    assert answer["facets"]["category"]["values"] == [
        {"value": "topics:energy", "count": 2},
        {"value": "topics:mobility", "count": 1},
    ]
    answer = await said(client, "/v1/offers?portal=offen&status=filled&facets=status")
    assert answer["facets"]["status"]["values"] == [{"value": "open", "count": 2}]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("portal=energie", {"Solarabend", "Abgesagt: Ausfall"}),
        ("portal=tag", {"Solarabend", "Abgesagt: Ausfall"}),
        ("portal=kommend", {"Solarabend", "Radtour", "Abgesagt: Ausfall", "Weit weg"}),
        ("portal=vorbei", set()),
        ("portal=energie&category=mobility", set()),
    ],
)
async def test_a_calendar_stays_within_the_portal_and_has_its_window(
    client: Client, asked: str, expected: set[str]
) -> None:
    lines = (await (await ask(client, f"/v1/events.ics?{asked}")).text()).splitlines()
    titles = {line.partition(":")[2] for line in lines if line.startswith("SUMMARY")}
    assert titles == expected


async def test_a_calendar_is_called_by_the_portals_title(client: Client) -> None:
    text = await (await ask(client, "/v1/events.ics?portal=energie")).text()
    assert "\r\nNAME:Allmende · Energie & mehr\r\n" in text
    text = await (await ask(client, "/v1/events.ics?portal=tag")).text()
    assert "\r\nNAME:Allmende · tag\r\n" in text


async def test_lists_for_people_are_narrowed_and_called_by_the_title(client: Client) -> None:
    for path in ("/offers", "/events", "/events/month"):
        answer = await ask(client, f"{path}?portal=energie", Accept_Language="de")
        text = await answer.text()
        assert answer.status == 200
        assert "Energie &amp; mehr" in text
        assert '<input type="hidden" name="portal" value="energie">' in text
        assert "Radtour" not in text
        assert "Rad reparieren" not in text


async def test_a_fragment_is_narrowed(client: Client) -> None:
    text = await (await ask(client, "/embed?portal=energie")).text()
    assert "Solar bauen" in text
    assert "Rad reparieren" not in text
    assert f"{PUBLIC_URL}offers?portal=energie" in text


async def test_pages_of_a_list_and_its_calendar_keep_the_portal(client: Client) -> None:
    answer = await said(client, "/v1/events?portal=energie&limit=1")
    assert "portal=energie" in answer["links"]["next"]
    assert "portal=energie" in answer["links"]["calendar"]


@pytest.mark.parametrize("path", ["/v1/offers", "/v1/events.ics", "/embed"])
async def test_a_portal_there_is_not_is_refused_with_those_there_are(
    client: Client, path: str
) -> None:
    problem = await said(client, f"{path}?portal=nowhere", status=400)
    (error,) = problem["errors"]
    assert error["parameter"] == "portal"
    assert "accepted are energie, beide" in error["detail"]


async def test_a_page_says_that_there_is_no_such_portal(client: Client) -> None:
    answer = await ask(client, "/offers?portal=nowhere&lang=en")
    assert answer.status == 400
    assert "There is no such portal." in await answer.text()


async def test_without_portals_every_one_is_refused(face: Client) -> None:
    problem = await said(face, "/v1/offers?portal=energie", status=400)
    assert problem["errors"][0]["detail"] == "there is no such portal; there is none here."
    assert "portals" not in await said(face, "/v1")


async def test_the_root_names_the_portals_and_leads_to_their_lists(client: Client) -> None:
    first = (await said(client, "/v1"))["portals"][0]
    assert (first["id"], first["title"]) == ("energie", "Energie & mehr")
    assert await found(client, inside(first["links"]["offers"], PUBLIC_URL)) == [1, 2]
    assert (await ask(client, inside(first["links"]["calendar"], PUBLIC_URL))).status == 200


@pytest.mark.parametrize("path", ["/v1/offers", "/v1/events.ics"])
async def test_a_changed_filter_has_another_tag_even_where_the_same_is_found(
    database: Database, serve: Serve, path: str
) -> None:
    database.write_now(add_source)
    database.write_now(put, 1, evening(2))
    tags = []
    for filter_ in ("category=energy", "category=energy,mobility", "category=energy"):
        client = await serve(database, portals=(portal("energie", filter_),))
        answers = [await ask(client, f"{path}?portal=energie", Accept_Encoding="identity")]
        answers.append(await ask(client, f"{path}?portal=energie", Accept_Encoding="identity"))
        assert answers[0].headers["ETag"] == answers[1].headers["ETag"]
        tags.append(answers[0].headers["ETag"])
    assert tags[0] == tags[2]
    assert tags[0] != tags[1]


async def test_an_answer_that_is_kept_is_that_of_its_portal(
    client: Client, database: Database
) -> None:
    for _ in range(2):
        assert await found(client, "/v1/offers?portal=energie") == [1, 2]
        assert await found(client, "/v1/offers?portal=nah") == [1, 3]
    more = Offer.model_validate({"native_id": "x", **OFFERS[0]})
    database.write_now(put, 5, more)
    assert await found(client, "/v1/offers?portal=energie") == [1, 2, 5]


async def test_what_goes_on_between_two_windows_is_in_neither(
    client: Client, database: Database
) -> None:
    start = wall_of(NOW, ZONE)
    when = Timed(start=start, end=start + timedelta(days=9), zone=ZONE)
    event = evening(0, "Ausstellung").model_copy(update={"when": when})
    database.write_now(put, 5, event)
    assert await found(client, "/v1/events?portal=tag") == [1, 3, 5]
    assert await found(client, f"/v1/events?portal=tag&from={day + timedelta(days=3)}") == []
