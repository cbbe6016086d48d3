"""Lists of every kind, narrowed down by what entries say: real entities that differ in much."""

from typing import Any

import pytest

from aggregator.queries import Database
from schema import Offer, Organisation, Project
from tests.api.asking import said
from tests.api.conftest import Client, Serve
from tests.api.programme import put
from tests.api.seeding import add_entities, add_source, identity
from tests.planting import plant

GARDEN = str(identity("organisation", 1))


def place(locality: str, ags: str | None = None, lat: float | None = None) -> dict[str, Any]:
    """Somewhere."""
    code = {"authority": {"ags": ags}} if ags else {}
    return {"locality": locality, **code, **({"lat": lat, "lon": 11.97} if lat else {})}


def about(*terms: str) -> list[dict[str, str]]:
    """Categories, as a source says them."""
    return [{"scheme": "topics", "term": term, "by": "source"} for term in terms]


OFFERS: tuple[dict[str, Any], ...] = (
    {
        "title": {"de": "Bäume gießen", "en": "Water trees"},
        "status": "open",
        "commitment": "short_term",
        "remote": False,
        "tags": ["Baum", "Natur, Tiere"],
        "climate": ["adaptation"],
        "categories": about("urban_green_biodiversity"),
        "place": place("Halle (Saale)", "15002000", 51.48),
    },
    {
        "title": {"de": "Fahrräder reparieren"},
        "status": "open",
        "commitment": "one_off",
        "tags": ["fahrrad"],
        "climate": ["mitigation"],
        "categories": about("mobility", "production_consumption_recycling"),
        "place": place("Halle", "15002000", 51.49),
    },
    {
        "title": {"nl": "Website maken"},
        "status": "filled",
        "commitment": "long_term",
        "remote": True,
        "climate": [],
        "place": place("Halle", "05754012"),
    },
    {"title": {"de": "Ämter begleiten"}, "place": place("Leipzig")},
)
ORGANISATIONS: tuple[dict[str, Any], ...] = (
    {
        "title": {"de": "Garten"},
        "type": "initiative",
        "initiative_type": "community_garden",
        "open_for_cooperation": True,
    },
    {"title": {"de": "Stadt"}, "type": "municipality", "open_for_cooperation": False},
)


def seed(database: Database) -> None:
    """Four offers, two organisations and a project, that differ."""
    database.write_now(add_source, "agentur")
    database.write_now(add_source, "alt", outcome="refused")
    behind = [
        [("source", "agentur"), ("licence", "cc-by/4.0"), ("organisation", GARDEN)],
        [("source", "agentur"), ("licence", "unknown")],
        [("source", "alt"), ("licence", "odbl")],
        [("source", "alt"), ("licence", "odbl"), ("freshness", "withheld")],
    ]
    for number, (fields, facets) in enumerate(zip(OFFERS, behind, strict=True), 1):
        offer = Offer.model_validate({"native_id": "x", **fields})
        database.write_now(put, number, offer, *facets)
    for number, fields in enumerate(ORGANISATIONS, 1):
        database.write_now(put, number, Organisation.model_validate({"native_id": "x", **fields}))
    call = Project(native_id="x", title={"de": "Aufruf"}, form="call", status="idea")
    database.write_now(put, 1, call)


@pytest.fixture
async def asker(database: Database, serve: Serve) -> Client:
    plant(database, seed)
    return await serve(database)


async def found(client: Client, kind: str, query: str) -> list[int]:
    """The numbers of the entries of a list."""
    answer = await said(client, f"/v1/{kind}s?{query}")
    numbers = {str(identity(kind, n)): n for n in range(1, 9)}
    assert answer["pagination"]["totalElements"] == len(answer["data"])
    return [numbers[entry["id"]] for entry in answer["data"]]


OFFERED = [
    ("category=mobility", [2]),
    ("category=topics:mobility,urban_green_biodiversity", [2, 1]),
    ("category=mobility,production_consumption_recycling", [2]),
    ("category=unmapped", [4, 3]),
    ("tag=BAUM", [1]),
    ("tag=natur\\,+tiere", [1]),
    ("tag=Fahrrad,baum", [2, 1]),
    ("climate=mitigation", [2]),
    ("climate=none", [3]),
    ("climate=unassessed", [4]),
    ("status=open", [2, 1]),
    ("status=filled,unknown", [4, 3]),
    ("commitment=one_off,long_term", [3, 2]),
    ("remote=true", [3]),
    ("remote=false", [1]),
    (f"organisation={GARDEN}", [1]),
    (f"organisation={GARDEN.upper()}", [1]),
    ("city=ags:15002000", [2, 1]),
    ("city=leipzig", [4]),
    ("city=HALLE+SAALE", [1]),
    ("city=Leipzig,ags:05754012", [4, 3]),
    ("city=Atlantis", []),
    ("has_lang=de", [4, 2, 1]),
    ("has_lang=EN-gb,nl", [3, 1]),
    ("source=alt", [4, 3]),
    ("source=agentur,alt", [4, 3, 2, 1]),
    ("licence=odbl,unknown", [4, 3, 2]),
    ("freshness=withheld", [4]),
    ("freshness=stale", [3]),
    ("freshness=confirmed", [2, 1]),
    ("near=51.48,11.97&radius=1", [1]),
    ("near=51.48,11.97&radius=5&status=open&commitment=one_off", [2]),
    ("bbox=11.9,51.485,12,51.5", [2]),
    ("q=fahrräder", [2]),
    ("q=giessen&climate=adaptation", [1]),
    ("sort=title", [4, 1, 2, 3]),
    ("sort=title&status=open", [1, 2]),
    ("sort=distance&near=51.495,11.97", [2, 1]),
    ("modified_since=2099-01-01T00:00:00Z&status=open", []),
]


@pytest.mark.parametrize(("query", "expected"), OFFERED)
async def test_offers_are_narrowed_down(asker: Client, query: str, expected: list[int]) -> None:
    assert await found(asker, "offer", query) == expected


@pytest.mark.parametrize(
    ("kind", "query", "expected"),
    [
        ("organisation", "type=initiative", [1]),
        ("organisation", "type=initiative,municipality", [2, 1]),
        ("organisation", "initiative_type=community_garden", [1]),
        ("organisation", "open_for_cooperation=false", [2]),
        ("organisation", "sort=title", [1, 2]),
        ("project", "form=call&status=idea", [1]),
        ("project", "form=partnership", []),
    ],
)
async def test_organisations_and_projects_have_filters_of_their_own(
    asker: Client, kind: str, query: str, expected: list[int]
) -> None:
    assert await found(asker, kind, query) == expected


REFUSED = [
    ("status=scheduled", "status", "open, paused, filled, closed, unknown"),
    ("status=open,", "status", "open, paused"),
    ("commitment=ever", "commitment", "one_off"),
    ("remote=yes", "remote", "true, false"),
    ("organisation=garten", "organisation", "UUID"),
    ("tag=", "tag", "a tag as entries have it"),
    ("tag=a%00b", "tag", "a tag as entries have it"),
    ("tag=a,b,c,d,e,f,g,h,i", "tag", "at most 8 values"),
    ("city=Halle", "city", "ags:05754012, ags:15002000"),
    ("climate=warm", "climate", "mitigation"),
    ("has_lang=german!", "has_lang", "code of a language"),
    ("source=agentur,nowhere", "source", "accepted are agentur, alt"),
    ("licence=mine", "licence", "cc-by/4.0"),
    ("freshness=fresh", "freshness", "confirmed, stale, withheld"),
    ("sort=age", "sort", "newest"),
    ("sort=distance", "sort", "needs `near`"),
    ("sort=start", "sort", "one of newest"),
    ("facets=colour", "facets", "status, commitment"),
    ("facets=", "facets", "status, commitment"),
    ("fields=colour", "fields", "title"),
]


@pytest.mark.parametrize(("query", "parameter", "accepted"), REFUSED)
async def test_what_makes_no_sense_is_refused_and_says_what_is_accepted(
    asker: Client, query: str, parameter: str, accepted: str
) -> None:
    problem = await said(asker, f"/v1/offers?{query}", status=400)
    (error,) = problem["errors"]
    assert error["parameter"] == parameter
    assert accepted in error["detail"]


async def test_a_city_in_which_nothing_is_any_more_shares_its_name_with_none(
    asker: Client, database: Database
) -> None:
    elsewhere = place("Leipzig", "14713000")
    for number, where in ((3, elsewhere), (4, elsewhere)):
        moved = Offer.model_validate({"native_id": "x", **OFFERS[number - 1], "place": where})
        database.write_now(put, number, moved)
    assert await found(asker, "offer", "city=Halle") == [2]


async def facets(client: Client, query: str) -> Any:
    """The facets beside a list of offers."""
    return (await said(client, f"/v1/offers?{query}"))["facets"]


async def test_facets_of_a_whole_list_are_kept_counts(asker: Client) -> None:
    assert await facets(asker, "facets=status,has_lang&limit=1") == {
        "status": {
            "of": "list",
            "values": [
                {"value": "open", "count": 2},
                {"value": "filled", "count": 1},
                {"value": "unknown", "count": 1},
            ],
        },
        "has_lang": {
            "of": "list",
            "values": [
                {"value": "de", "count": 3},
                {"value": "en", "count": 1},
                {"value": "nl", "count": 1},
            ],
        },
    }


async def test_a_facet_is_counted_without_its_own_filter_and_with_all_others(
    asker: Client,
) -> None:
    told = await facets(asker, "facets=status,commitment,source&status=open")
    assert [each["value"] for each in told["status"]["values"]] == ["open", "filled", "unknown"]
    assert told["commitment"]["values"] == [
        {"value": "one_off", "count": 1},
        {"value": "short_term", "count": 1},
    ]
    assert told["source"] == {"of": "list", "values": [{"value": "agentur", "count": 2}]}
    assert (await facets(asker, "facets=status&q=nichts"))["status"]["values"] == []


async def test_facets_of_a_list_too_long_to_count_say_that_they_are_of_all(
    database: Database, serve: Serve
) -> None:
    database.write_now(add_source)
    database.write_now(add_entities, "offer", 1_100)
    client = await serve(database)
    told = await facets(client, "facets=licence,source&source=agentur&limit=1")
    assert told["licence"] == {"of": "all", "values": [{"value": "cc-by/4.0", "count": 1100}]}
    assert told["source"]["of"] == "list"


async def test_the_tag_of_a_list_covers_its_facets(asker: Client, database: Database) -> None:
    path = "/v1/offers?facets=status&limit=1&sort=title"
    tag = (await asker.get(path)).headers["ETag"]
    kept = await asker.get(path, headers={"If-None-Match": tag})
    assert kept.status == 304
    more = Offer.model_validate({"native_id": "x", "title": {"de": "Zuletzt"}, "status": "paused"})
    database.write_now(put, 5, more)
    assert (await asker.get(path, headers={"If-None-Match": tag})).status == 200


async def test_fields_leave_out_everything_else_but_what_names_the_entry(asker: Client) -> None:
    (entry,) = (await said(asker, "/v1/offers?fields=title,place&remote=true"))["data"]
    assert [*entry] == ["id", "kind", "self", "place", "title"]
    (entry,) = (await said(asker, "/v1/offers?fields=remote&tag=fahrrad"))["data"]
    assert [*entry] == ["id", "kind", "self"]


async def test_links_keep_every_filter(asker: Client) -> None:
    query = "category=mobility&city=ags%3A15002000&facets=tag&fields=title&sort=title&status=open"
    links = (await said(asker, f"/v1/offers?{query}"))["links"]
    assert links["self"].endswith(f"?{query}")
