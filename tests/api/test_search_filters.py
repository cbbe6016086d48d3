"""`/v1/search` narrowed down: the filters and portals of the lists, over all kinds at once."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from lxml import html

from aggregator.queries import Database
from api.search import SHARED
from schema.entities import COLLECTIONS, Entity, Offer, Organisation, Project
from tests.api.alike import ENTITIES, ORGANISATION, add_alike
from tests.api.asking import ask, said
from tests.api.conftest import Client, Serve
from tests.api.lists_on_pages import chips, page, texts, titles, total
from tests.api.programme import evening, put
from tests.api.seeding import ALWAYS, NOW, PUBLIC_URL, add_source, changed_at, identity
from tests.api.test_portals import portal
from tests.planting import plant

ENERGY = [{"scheme": "topics", "term": "energy", "by": "source"}]
MOBILITY = [{"scheme": "topics", "term": "mobility", "by": "source"}]
CLUB = str(identity("organisation", 1))
HALLE = {"locality": "Halle", "lat": 51.48, "lon": 11.97, "authority": {"ags": "15002000"}}
BERNBURG = {"locality": "Bernburg", "lat": 51.79, "lon": 11.74, "authority": {"ags": "15089015"}}
OF_CLUB = (*ALWAYS, ("organisation", CLUB))


def tree(kind: type[Entity], title: str, **fields: Any) -> Entity:
    """Something of trees."""
    return kind.model_validate({"native_id": "x", "title": {"de": title}, **fields})


TOWN: dict[str, tuple[int, Entity, tuple[Any, ...]]] = {
    "gießen": (1, tree(Offer, "Bäume gießen", categories=ENERGY, place=HALLE), OF_CLUB),
    "pflanzen": (2, tree(Offer, "Baum pflanzen", tags=["Stadtgrün"], status="filled"), ()),
    "zählen": (3, tree(Offer, "Bäume zählen", place=BERNBURG, categories=MOBILITY), ()),
    "abend": (1, evening(1, "Abend der Bäume", place=HALLE, climate=["adaptation"]), OF_CLUB),
    "fest": (2, evening(400, "Baumfest", categories=ENERGY), ()),
    "club": (1, tree(Organisation, "Baumfreunde", place=HALLE, categories=ENERGY), ()),
    "allee": (1, tree(Project, "Baumallee", form="idea", tags=["Stadtgrün"]), ()),
}
NAMES = {str(identity(each.kind, n)): name for name, (n, each, _) in TOWN.items()}
SOON = (NOW + timedelta(days=3)).date()
PORTALS = (
    portal("energie", "category=energy", "Energie & mehr"),
    portal("belegt", "status=filled"),
    portal("bald", f"to={SOON}"),
    portal("feste", "q=fest"),
    portal("halle", "city=Halle&category=energy"),
)


def seed(database: Database) -> None:
    """Seven things of trees."""
    database.write_now(add_source)
    for number, thing, facets in TOWN.values():
        database.write_now(put, number, thing, *facets)


@pytest.fixture
async def town(database: Database, serve: Serve) -> Client:
    """An instance with some portals."""
    plant(database, seed)
    return await serve(database, portals=PORTALS)


async def found(client: Client, asked: str) -> set[str]:
    """What a search finds; its total and its counts are those of its entries."""
    got = await said(client, f"/v1/search?q=baum&{asked}")
    names = {NAMES[entry["id"]] for entry in got["data"]}
    assert got["pagination"]["totalElements"] == len(got["data"]) == len(names)
    if "kind=" not in asked:
        kinds = [entry["kind"] for entry in got["data"]]
        assert got["facets"]["kind"] == {kind: kinds.count(kind) for kind in sorted(set(kinds))}
    return names


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("tag=stadtgrün", "pflanzen allee"),
        ("climate=adaptation", "abend"),
        ("climate=unassessed&kind=event", "fest"),
        ("city=ags:15002000", "gießen abend club"),
        ("city=Bernburg,Halle", "gießen abend club zählen"),
        (f"organisation={CLUB}", "gießen abend"),
        (f"organisation={CLUB}&kind=organisation", ""),
        ("has_lang=de&kind=project", "allee"),
        ("has_lang=en", ""),
        ("source=agentur&kind=organisation", "club"),
        ("licence=odbl", ""),
        ("freshness=stale", ""),
        ("freshness=withheld", ""),
        ("freshness=confirmed&category=energy", "gießen fest club"),
        ("near=51.79,11.74&radius=5", "zählen"),
        ("near=51.48,11.97", "gießen abend club"),
        ("bbox=11.9,51.4,12,51.5", "gießen abend club"),
        ("city=Halle&category=energy", "gießen club"),
        ("city=Halle&category=mobility", ""),
        ("city=Halle&kind=offer,event", "gießen abend"),
        ("modified_since=2031-01-01T00:00:00Z", ""),
        # what a kind does not know of a portal is passed over for that kind
        ("portal=energie", "gießen fest club"),
        ("portal=energie&category=mobility", ""),
        ("portal=energie&city=Halle", "gießen club"),
        ("portal=belegt", "pflanzen abend fest club allee"),
        ("portal=bald", "gießen pflanzen zählen abend club allee"),
        ("portal=feste", "fest"),
        ("portal=halle&kind=organisation", "club"),
    ],
)
async def test_filters_of_lists_narrow_a_search_down(
    town: Client, asked: str, expected: str
) -> None:
    assert await found(town, asked) == set(expected.split())


async def test_what_changed_before_is_left_out(town: Client) -> None:
    since = changed_at(5).isoformat().replace("+00:00", "Z")
    assert await found(town, f"modified_since={since}") == {"fest", "club", "allee"}


def narrowings() -> Iterator[str]:
    """Every shared filter, alone and in pairs."""
    values = {each.name: each.example for each in SHARED} | {
        "city": "Halle",
        "category": "energy",
        "tag": "Stadtgrün",
        "organisation": CLUB,
        "source": "agentur",
        "portal": "halle",
        "has_lang": "de",
    }
    alone = [f"{name}={text}" for name, text in values.items() if name != "radius"]
    yield from alone
    yield from map("&".join, combinations(alone, 2))


async def test_a_search_has_just_what_the_lists_of_its_kinds_have(town: Client) -> None:
    for asked in narrowings():
        listed = set()
        for kind, collection in COLLECTIONS.items():
            if "organisation=" in asked and kind not in {"offer", "event"}:
                continue
            got = await said(town, f"/v1/{collection}?q=baum&{asked}")
            listed |= {NAMES[entry["id"]] for entry in got["data"]}
        assert await found(town, asked) == listed, asked


async def test_counts_are_those_of_what_another_choice_would_lead_to(town: Client) -> None:
    got = await said(town, "/v1/search?q=baum&city=Halle&kind=offer&category=energy")
    assert got["facets"]["kind"] == {"offer": 1, "organisation": 1}
    assert got["facets"]["category"] == {"topics:energy": 1}
    got = await said(town, "/v1/search?q=baum&portal=energie&kind=event")
    assert got["facets"]["kind"] == {"event": 1, "offer": 1, "organisation": 1}


async def test_distances_stand_beside_the_entries(town: Client) -> None:
    got = await said(town, "/v1/search?q=baum&near=51.49,11.97&kind=organisation")
    assert got["distances"] == [1.11]
    assert "distances" not in await said(town, "/v1/search?q=baum&city=Halle")


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ("portal=nowhere", "portal"),
        ("radius=5", "radius"),
        ("source=nowhere", "source"),
        ("licence=mine", "licence"),
    ],
)
async def test_what_cannot_be_followed_is_refused(town: Client, asked: str, parameter: str) -> None:
    got = await said(town, f"/v1/search?q=baum&{asked}", 400)
    assert [error["parameter"] for error in got["errors"]] == [parameter]


async def test_pages_within_filters_follow_each_other_and_back(town: Client) -> None:
    asked = "/v1/search?q=baum&portal=energie&limit=2"
    first = await said(town, asked)
    second = await said(town, inside(first["links"]["next"]))
    assert [len(first["data"]), len(second["data"])] == [2, 1]
    assert (await said(town, inside(second["links"]["prev"])))["data"] == first["data"]
    tag = (await ask(town, asked)).headers["ETag"]
    assert (await ask(town, asked, If_None_Match=tag)).status == 304


def inside(address: str) -> str:
    """A link of the data → what reaches the application."""
    return "/" + address.removeprefix(PUBLIC_URL)


async def test_a_changed_portal_has_another_tag_even_where_the_same_is_found(
    database: Database, serve: Serve
) -> None:
    database.write_now(add_source)
    database.write_now(put, 1, TOWN["gießen"][1])
    tags = set()
    for filter_ in ("category=energy", "category=energy,mobility"):
        client = await serve(database, portals=(portal("p", filter_),))
        tags.add((await ask(client, "/v1/search?q=baum&portal=p")).headers["ETag"])
    assert len(tags) == 2


MANY = 1_100
"""More than are ranked, of each kind."""


def seed_many(database: Database) -> None:
    """Many of each kind that are alike, and a few others."""
    database.write_now(add_source)
    for thing in ENTITIES:
        database.write_now(add_alike, thing, MANY)
    for number in range(1, 4):
        other = tree(Offer, f"Fahrrad {number}", tags=["Selten"], place=HALLE, categories=ENERGY)
        database.write_now(put, MANY + number, other)
    database.write_now(put, MANY + 1, tree(Project, "Fahrrad", tags=["Selten"], form="idea"))


@pytest.fixture
async def crowd(database: Database, serve: Serve) -> Client:
    plant(database, seed_many)
    return await serve(database, portals=(portal("selten", "tag=selten"),))


async def test_of_what_many_have_few_pass_and_are_counted(crowd: Client) -> None:
    for asked in ("tag=selten", "portal=selten"):
        got = await said(crowd, f"/v1/search?q=fahrrad&{asked}")
        assert [entry["kind"] for entry in got["data"]] == ["project", "offer", "offer", "offer"]
        assert got["pagination"] == {"totalElements": 4, "elementsPerPage": 50}
        assert got["facets"] == {
            "kind": {"offer": 3, "project": 1},
            "category": {"topics:energy": 3, "unmapped": 1},
        }
    got = await said(crowd, "/v1/search?q=fahrrad&tag=selten&category=energy&kind=project")
    assert got["data"] == []
    assert got["facets"] == {"kind": {"offer": 3}, "category": {"unmapped": 1}}


async def test_many_that_pass_go_by_change_through_all_kinds(crowd: Client) -> None:
    asked = "/v1/search?q=fahrrad&tag=fahrrad&limit=500"
    answers = [await said(crowd, asked)]
    assert answers[0]["pagination"]["totalIsMinimum"] is True
    assert answers[0]["facets"]["kind"] == dict.fromkeys(sorted(COLLECTIONS), 1000)
    assert answers[0]["facets"]["category"]["topics:mobility"] >= 1000
    while "next" in answers[-1]["links"] and len(answers) < 20:
        answers.append(await said(crowd, inside(answers[-1]["links"]["next"])))
    kinds = [entry["kind"] for answer in answers for entry in answer["data"]]
    assert kinds == [thing.kind for thing in reversed(ENTITIES) for _ in range(MANY)]
    back = await said(crowd, inside(answers[-1]["links"]["prev"]))
    assert back["data"] == answers[-2]["data"]
    assert "next" in back["links"]
    tag = (await ask(crowd, asked)).headers["ETag"]
    assert (await ask(crowd, asked, If_None_Match=tag)).status == 304


async def test_of_many_a_chosen_topic_has_as_many_as_are_told(crowd: Client) -> None:
    got = await said(crowd, "/v1/search?q=fahrrad&city=ags:15002000&category=mobility&limit=1")
    total_ = got["pagination"]["totalElements"]
    assert (total_, got["pagination"]["totalIsMinimum"]) == (1000, True)
    assert got["facets"]["category"]["topics:mobility"] >= total_
    got = await said(crowd, f"/v1/search?q=fahrrad&organisation={ORGANISATION}&limit=1")
    assert got["facets"]["kind"] == {"event": 1000, "offer": 1000}


async def test_a_page_names_the_portal_and_keeps_it(town: Client) -> None:
    shown = await page(town, "/search?q=baum&portal=energie")
    assert texts(shown, "//h1") == ["Suche: „baum“ · Energie & mehr"]
    assert total(shown) == "3 Treffer"
    assert set(titles(shown)) == {"Bäume gießen", "Baumfest", "Baumfreunde"}
    assert chips(shown) == {"Energie & mehr": "/klima/search?q=baum"}
    assert shown.xpath("//form[@class='search']/input[@name='portal']/@value") == ["energie"]
    ways = shown.xpath("//ul[@class='ways']//a/@href")
    assert "/klima/offers?portal=energie&q=baum" in ways
    (data,) = shown.xpath("//link[@type='application/json']/@href")
    assert inside(data) == "/v1/search?portal=energie&q=baum"


async def test_a_page_names_every_filter_and_each_can_be_dropped(town: Client) -> None:
    shown = await page(town, f"/search?q=baum&city=Halle&organisation={CLUB}&kind=event")
    assert titles(shown) == ["Abend der Bäume"]
    assert set(chips(shown)) == {"Halle", "Baumfreunde"}
    assert chips(shown)["Halle"] == f"/klima/search?kind=event&organisation={CLUB}&q=baum"


async def test_a_page_says_that_there_is_no_such_portal(town: Client) -> None:
    answer = await ask(town, "/search?q=baum&portal=nowhere&lang=en")
    assert answer.status == 400
    text = html.fromstring(await answer.text())
    assert "There is no such portal." in texts(text, "//*[@role='alert']")[0]
