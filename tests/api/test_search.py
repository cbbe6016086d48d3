"""`/v1/search` over HTTP: all kinds in one list, what fits best first, with counts."""

from typing import Any
from urllib.parse import quote

import pytest

from aggregator.queries import Database
from aggregator.queries.search import FEW
from tests.aggregator.queries.searching import add_found, titled
from tests.api.asking import ask, said
from tests.api.conftest import Client, Serve
from tests.planting import plant

ENERGY = "topics:energy"
TOWN = (
    titled("Stadtbäume gießen"),
    titled("Baum", "event", ENERGY),
    titled("Lesepatin", text="Unter Bäumen."),
    titled("Baumschule", "organisation"),
)


def seed(database: Database) -> None:
    database.write_now(add_found, TOWN)


@pytest.fixture
async def town(database: Database, serve: Serve) -> Client:
    plant(database, seed)
    return await serve(database)


def kinds(got: dict[str, Any]) -> list[str]:
    return [entry["kind"] for entry in got["data"]]


async def test_all_kinds_stand_in_one_list(town: Client) -> None:
    got = await said(town, "/v1/search?q=baum")
    assert kinds(got) == ["event", "organisation", "offer", "offer"]
    assert got["pagination"] == {"totalElements": 4, "elementsPerPage": 50}
    assert got["facets"] == {
        "kind": {"offer": 2, "event": 1, "organisation": 1},
        "category": {"unmapped": 3, ENERGY: 1},
    }
    assert got["stale_sources"] == []


async def test_kinds_and_categories_narrow_it_down(town: Client) -> None:
    got = await said(town, "/v1/search?q=baum&kind=offer,event&category=energy")
    assert kinds(got) == ["event"]
    assert got["facets"]["kind"] == {"event": 1}
    assert got["facets"]["category"] == {"unmapped": 2, ENERGY: 1}


async def test_pages_follow_each_other_and_back(town: Client) -> None:
    first = await said(town, "/v1/search?q=baum&limit=3")
    assert len(first["data"]) == 3
    assert "prev" not in first["links"]
    second = await said(town, _path(first["links"]["next"]))
    assert (kinds(second), "next" in second["links"]) == (["offer"], False)
    back = await said(town, _path(second["links"]["prev"]))
    assert back["data"] == first["data"]


def _path(address: str) -> str:
    return "/v1/search?" + address.partition("?")[2]


async def test_nothing_found_is_an_empty_list(town: Client) -> None:
    got = await said(town, "/v1/search?q=zeppelin")
    assert (got["data"], got["pagination"]["totalElements"]) == ([], 0)
    assert got["facets"] == {"kind": {}, "category": {}}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=",
        "?kind=offer",
        "?q=%25",
        "?q=_*%2F",
        "?q=%F0%9F%8C%B3",
        "?q=%00",
        f"?q={'x' * 201}",
        "?q=a+b+c+d+e+f+g+h+i",
        "?q=baum&kind=person",
        "?q=baum&category=nothing",
        "?q=baum&cursor=x",
        "?q=baum&status=open",
        "?q=baum&q=busch",
    ],
)
async def test_what_cannot_be_looked_for_is_explained(town: Client, query: str) -> None:
    got = await said(town, f"/v1/search{query}", 400)
    assert got["type"].endswith(("invalid_parameter", "unknown_parameter"))


@pytest.mark.parametrize(
    "text",
    [
        "x" * 200,
        "\x00baum",
        "baum\x00",
        "🌳 baum",
        "b%um'; DROP TABLE entity--",
        "ａｂｃ",
        "İstanbul",
        "한국어 여행",
        "हिन्दी",
        "a b c d e f g h",
        "ß",
        "ae",
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
    ],
)
async def test_anything_with_a_letter_may_be_looked_for(town: Client, text: str) -> None:
    for path in ("search", "offers", "events"):
        got = await ask(town, f"/v1/{path}?q={quote(text)}")
        assert got.status == 200


async def test_the_cursor_of_another_list_is_refused(town: Client) -> None:
    listed = await said(town, "/v1/offers?limit=1")
    cursor = listed["links"]["next"].partition("cursor=")[2]
    got = await ask(town, f"/v1/search?q=baum&cursor={cursor}")
    assert got.status == 400


async def test_an_unchanged_answer_is_not_sent_again(town: Client) -> None:
    got = await ask(town, "/v1/search?q=baum")
    tag = got.headers["ETag"]
    again = await ask(town, "/v1/search?q=baum", If_None_Match=tag)
    assert again.status == 304
    assert (await ask(town, "/v1/search?q=lesen", If_None_Match=tag)).status == 200


async def test_lists_take_words_and_go_by_relevance(town: Client) -> None:
    got = await said(town, "/v1/offers?q=baum")
    titles = [entry["id"] for entry in got["data"]]
    newest = await said(town, "/v1/offers?q=baum&sort=newest")
    assert titles == [entry["id"] for entry in reversed(newest["data"])]
    assert (await ask(town, "/v1/offers?sort=relevance")).status == 400


async def test_what_many_have_goes_by_change(database: Database, serve: Serve) -> None:
    many = [titled(f"Wald {number}", text="Bäume") for number in range(FEW + 50)]
    database.write_now(add_found, many)
    asker = await serve(database)
    got = await said(asker, "/v1/search?q=baum&limit=2")
    assert got["pagination"] == {
        "totalElements": FEW,
        "totalIsMinimum": True,
        "elementsPerPage": 2,
    }
    listed = await said(asker, "/v1/offers?q=baum&limit=2")
    assert got["data"] == listed["data"]
    further = await said(asker, _path(got["links"]["next"]))
    assert further["data"] != got["data"]
    assert (await said(asker, _path(further["links"]["prev"])))["data"] == got["data"]


async def test_of_what_is_asked_for_as_many_are_counted_as_there_are(
    database: Database, serve: Serve
) -> None:
    offers = [titled(f"Beet {n}", terms="topics:energy", text="Bäume") for n in range(40)]
    events = [titled(f"Fest {n}", "event", text="Bäume") for n in range(FEW + 50)]
    database.write_now(add_found, [*offers, *events])
    asker = await serve(database)
    for asked in ("kind=offer", "category=energy", "kind=offer&category=energy"):
        got = await said(asker, f"/v1/search?q=baum&limit=1&{asked}")
        assert got["pagination"] == {"totalElements": 40, "elementsPerPage": 1}
        assert got["facets"]["kind"]["offer"] == 40
        assert got["facets"]["category"]["topics:energy"] == 40
