"""The change feed is Realtime Paged Data Exchange 1.0."""

from typing import Any

import pytest

from aggregator.queries import Database
from tests.api.asking import ask, inside, said
from tests.api.conftest import Client
from tests.api.seeding import (
    PUBLIC_URL,
    add_entity,
    body,
    forget_everything,
    identity,
    remove,
    restore,
    touch,
)

FEED = f"{PUBLIC_URL}v1/changes"


async def harvest(client: Client, path: str = "/v1/changes?limit=50") -> list[Any]:
    """Read as RPDE says: follow `next` until an empty page repeats its own address."""
    items: list[Any] = []
    while True:
        page = await said(client, path)
        items += page["items"]
        following = inside(page["next"], PUBLIC_URL)
        if not page["items"]:
            assert following == path
            return items
        assert following != path
        path = following


def held(items: list[Any]) -> dict[str, Any]:
    """What a reader of the feed holds in the end."""
    state: dict[str, Any] = {}
    for item in items:
        if item["state"] == "deleted":
            state.pop(item["id"], None)
        else:
            state[item["id"]] = item["data"]
    return state


async def test_a_reader_gets_everything_once_in_order(client: Client) -> None:
    items = await harvest(client)
    assert [item["modified"] for item in items] == list(range(1, 124))
    assert len({item["id"] for item in items}) == 123


async def test_an_item_carries_the_stored_document(client: Client) -> None:
    page = await (await ask(client, "/v1/changes?afterChangeNumber=122")).read()
    id_ = identity("offer", 120)
    head = f'{{"state":"updated","kind":"offer","id":"{id_}","modified":123,"data":'
    assert page.startswith(b'{"items":[' + head.encode() + body("offer", 120) + b"}],")


async def test_a_page_names_epoch_and_licence(client: Client, seeded: Database) -> None:
    before = await said(client, "/v1/changes")
    assert before["license"] == f"{PUBLIC_URL}#licences"
    seeded.write_now(restore)
    assert (await said(client, "/v1/changes"))["epoch"] == "another" != before["epoch"]


async def test_a_page_is_full_by_default_and_never_larger(client: Client) -> None:
    assert len((await said(client, "/v1/changes"))["items"]) == 123
    assert len((await said(client, "/v1/changes?limit=10"))["items"]) == 10
    problem = await said(client, "/v1/changes?limit=501", status=400)
    assert problem["errors"][0]["parameter"] == "limit"


@pytest.mark.parametrize(
    "query",
    ["", "?afterChangeNumber=123", "?limit=7&afterChangeNumber=123", "?afterChangeNumber=0123"],
)
async def test_the_last_page_is_empty_and_repeats_its_own_address(
    client: Client, seeded: Database, query: str
) -> None:
    if not query:
        seeded.write_now(forget_everything)
    page = await said(client, f"/v1/changes{query}")
    assert page["items"] == []
    assert page["next"] == FEED + query


async def test_a_reader_that_asks_again_later_gets_only_what_is_new(
    client: Client, seeded: Database
) -> None:
    last = (await harvest(client))[-1]["modified"]
    seeded.write_now(touch, "offer", 5, status="filled")
    seeded.write_now(add_entity, "organisation", 50)
    items = await harvest(client, f"/v1/changes?afterChangeNumber={last}&limit=1")
    assert [item["id"] for item in items] == [
        str(identity("offer", 5)),
        str(identity("organisation", 50)),
    ]


@pytest.mark.parametrize("state", ["withdrawn", "merged", "erased"])
async def test_what_is_gone_is_deleted_and_shows_nothing(
    client: Client, seeded: Database, state: str
) -> None:
    number = seeded.write_now(remove, "offer", 5, state, 6)
    item = (await said(client, f"/v1/changes?afterChangeNumber={number - 1}"))["items"][0]
    id_ = str(identity("offer", 5))
    assert item == {"state": "deleted", "kind": "offer", "id": id_, "modified": number}


async def test_a_survivor_names_whom_it_took_over(client: Client, seeded: Database) -> None:
    seeded.write_now(remove, "offer", 5, "merged", 7)
    seeded.write_now(remove, "offer", 6, "merged", 7)
    number = seeded.write_now(touch, "offer", 7)
    item = (await said(client, f"/v1/changes?afterChangeNumber={number - 1}"))["items"][0]
    assert item["state"] == "updated"
    assert item["previousIds"] == sorted(str(identity("offer", n)) for n in (5, 6))


@pytest.mark.parametrize("limit", [1, 2, 3, 500])
async def test_gone_and_merged_and_live_ones_stand_side_by_side(
    client: Client, seeded: Database, limit: int
) -> None:
    seeded.write_now(remove, "offer", 1, "withdrawn")
    seeded.write_now(touch, "organisation", 2)
    seeded.write_now(remove, "offer", 3, "merged", 4)
    seeded.write_now(touch, "offer", 4)
    seeded.write_now(remove, "organisation", 1, "erased")
    items = await harvest(client, f"/v1/changes?afterChangeNumber=123&limit={limit}")
    assert [(item["state"], item["kind"], item["id"]) for item in items] == [
        ("deleted", "offer", str(identity("offer", 1))),
        ("updated", "organisation", str(identity("organisation", 2))),
        ("deleted", "offer", str(identity("offer", 3))),
        ("updated", "offer", str(identity("offer", 4))),
        ("deleted", "organisation", str(identity("organisation", 1))),
    ]
    assert [item.get("previousIds") for item in items] == [
        None, None, None, [str(identity("offer", 3))], None
    ]  # fmt: skip
    assert [item["data"]["id"] for item in items if "data" in item] == [
        str(identity("organisation", 2)),
        str(identity("offer", 4)),
    ]


async def test_who_follows_the_feed_holds_what_the_lists_show(
    client: Client, seeded: Database
) -> None:
    items = (await said(client, "/v1/changes?limit=60"))["items"]
    seeded.write_now(remove, "offer", 5, "withdrawn")
    seeded.write_now(touch, "offer", 90, status="paused")
    seeded.write_now(remove, "offer", 110, "merged", 111)
    items += await harvest(client, f"/v1/changes?afterChangeNumber={items[-1]['modified']}")
    lists = [await said(client, f"/v1/{name}?limit=500") for name in ("offers", "organisations")]
    assert held(items) == {entry["id"]: entry for page in lists for entry in page["data"]}


async def test_pages_with_another_next_have_another_tag(client: Client) -> None:
    pages = [await ask(client, f"/v1/changes?limit={limit}") for limit in (200, 300)]
    assert pages[0].headers["ETag"] != pages[1].headers["ETag"]


async def test_a_page_is_kept_only_shortly(client: Client) -> None:
    kept = (await ask(client, "/v1/changes")).headers["Cache-Control"]
    assert kept.startswith("public, max-age=5, ")


@pytest.mark.parametrize("after", ["-1", "1.5", "x", "9223372036854775808", ""])
async def test_only_whole_numbers_are_change_numbers(face: Client, after: str) -> None:
    problem = await said(face, f"/v1/changes?afterChangeNumber={after}", status=400)
    assert problem["errors"][0]["parameter"] == "afterChangeNumber"
