"""Lists: envelope, paging, filters, totals."""

from datetime import timedelta

import pytest

from aggregator.queries import Database
from tests.api.asking import ask, ids, inside, said, walk
from tests.api.conftest import Client, Serve
from tests.api.seeding import (
    PUBLIC_URL,
    add_entities,
    add_entity,
    add_source,
    body,
    changed_at,
    identity,
    lose_documents,
    remove,
    restore,
    touch,
)

OFFERS = f"{PUBLIC_URL}v1/offers"


async def test_a_list_shows_the_newest_change_first_in_its_envelope(client: Client) -> None:
    answer = await said(client, "/v1/offers?limit=2")
    assert [entry["title"]["de"] for entry in answer["data"]] == [
        "Bäume gießen 120",
        "Bäume gießen 119",
    ]
    assert answer["pagination"] == {"totalElements": 120, "elementsPerPage": 2}
    assert answer["links"]["first"] == answer["links"]["self"] == f"{OFFERS}?limit=2"
    assert answer["links"]["next"].startswith(f"{OFFERS}?cursor=")
    assert "prev" not in answer["links"]


async def test_a_page_has_fifty_entries_unless_asked_otherwise(client: Client) -> None:
    assert len((await said(client, "/v1/offers"))["data"]) == 50
    assert len((await said(client, "/v1/offers?limit=500"))["data"]) == 120


async def test_bodies_are_the_stored_bytes(client: Client) -> None:
    answer = await (await ask(client, "/v1/organisations?limit=2")).read()
    newest, older = body("organisation", 3), body("organisation", 2)
    assert answer.startswith(b'{"data":[' + newest + b"," + older + b'],"pagination":')


async def test_following_next_shows_every_entry_once(client: Client) -> None:
    pages = await walk(client, "/v1/offers?limit=50", PUBLIC_URL)
    assert [len(page["data"]) for page in pages] == [50, 50, 20]
    assert ids(pages) == [str(identity("offer", n)) for n in range(120, 0, -1)]


async def test_following_prev_leads_back_to_the_same_pages(client: Client) -> None:
    there = await walk(client, "/v1/offers?limit=50", PUBLIC_URL)
    last = inside(there[-1]["links"]["self"], PUBLIC_URL)
    back = await walk(client, last, PUBLIC_URL, relation="prev")
    assert [ids([page]) for page in reversed(back)] == [ids([page]) for page in there]
    assert back[-1]["links"]["next"]


async def test_the_last_page_has_no_next_even_when_it_is_full(client: Client) -> None:
    pages = await walk(client, "/v1/offers?limit=60", PUBLIC_URL)
    assert [len(page["data"]) for page in pages] == [60, 60]


async def test_pages_do_not_shift_while_entries_come_and_change(
    client: Client, seeded: Database
) -> None:
    first = await said(client, "/v1/offers?limit=50")
    seeded.write_now(touch, "offer", 119)
    seeded.write_now(add_entity, "offer", 121)
    rest = await walk(client, inside(first["links"]["next"], PUBLIC_URL), PUBLIC_URL)
    assert ids([first, *rest]) == [str(identity("offer", n)) for n in range(120, 0, -1)]


async def test_links_keep_the_filters(client: Client) -> None:
    answer = await said(client, "/v1/offers?modified_since=2020-01-01T00:00:00Z&limit=10")
    for name in ("first", "self", "next"):
        assert "modified_since=2020-01-01T00%3A00%3A00Z" in answer["links"][name]
        assert "limit=10" in answer["links"][name]


async def test_links_stand_in_the_header_too(client: Client) -> None:
    answer = await ask(client, "/v1/offers?limit=50")
    links = (await answer.json())["links"]
    assert str(answer.links["next"]["url"]) == links["next"]


async def test_deleted_entries_are_in_no_list(client: Client, seeded: Database) -> None:
    seeded.write_now(remove, "offer", 1, "withdrawn")
    seeded.write_now(remove, "offer", 2, "erased")
    seeded.write_now(remove, "offer", 3, "merged", 4)
    answer = await said(client, "/v1/offers?limit=500")
    gone = {str(identity("offer", n)) for n in (1, 2, 3)}
    assert answer["pagination"]["totalElements"] == len(answer["data"]) == 117
    assert not gone & set(ids([answer]))


@pytest.mark.parametrize("limit", [7, 500])
async def test_modified_since_takes_the_instant_itself_and_what_is_newer(
    client: Client, limit: int
) -> None:
    since = changed_at(3 + 101).isoformat().replace("+00:00", "Z")
    path = f"/v1/offers?modified_since={since}&limit={limit}"
    pages = await walk(client, path, PUBLIC_URL)
    assert ids(pages) == [str(identity("offer", n)) for n in range(120, 100, -1)]
    assert {page["pagination"]["totalElements"] for page in pages} == {20}


async def test_modified_since_pages_lead_back(client: Client) -> None:
    since = (changed_at(3 + 101) + timedelta(hours=1)).isoformat()[:19]
    path = f"/v1/offers?modified_since={since}%2B01:00&limit=7"
    there = await walk(client, path, PUBLIC_URL)
    last = inside(there[-1]["links"]["self"], PUBLIC_URL)
    back = await walk(client, last, PUBLIC_URL, relation="prev")
    assert [ids([page]) for page in reversed(back)] == [ids([page]) for page in there]


async def test_a_kept_total_is_exact_however_large(database: Database, serve: Serve) -> None:
    database.write_now(add_entities, "offer", 1500)
    client = await serve(database)
    answer = await said(client, "/v1/offers?limit=1")
    assert answer["pagination"] == {"totalElements": 1500, "elementsPerPage": 1}


@pytest.mark.parametrize(("since", "total"), [(500, {"totalElements": 1000}), (501, None)])
async def test_other_totals_are_exact_up_to_a_thousand(
    database: Database, serve: Serve, since: int, total: dict[str, int] | None
) -> None:
    database.write_now(add_entities, "offer", 1500)
    client = await serve(database)
    moment = changed_at(since if total is None else since - 1).isoformat()[:19]
    answer = await said(client, f"/v1/offers?modified_since={moment}Z&limit=1")
    wanted = total or {"totalElements": 1000}
    minimum = {} if total is None else {"totalIsMinimum": True}
    assert answer["pagination"] == {**wanted, **minimum, "elementsPerPage": 1}


async def test_an_empty_list_is_a_list(database: Database, serve: Serve) -> None:
    client = await serve(database)
    answer = await said(client, "/v1/offers")
    assert answer["data"] == []
    assert answer["pagination"]["totalElements"] == 0
    assert set(answer["links"]) == {"first", "self"}


async def test_a_cursor_from_before_a_restore_is_refused(client: Client, seeded: Database) -> None:

    first = await said(client, "/v1/offers?limit=50")
    seeded.write_now(restore)
    refused = await said(client, inside(first["links"]["next"], PUBLIC_URL), status=400)
    assert refused["errors"][0]["parameter"] == "cursor"
    assert "first page" in refused["detail"]


@pytest.mark.parametrize("sort", ["title", "newest"])
async def test_a_cursor_of_another_order_is_refused(client: Client, sort: str) -> None:
    other = await said(client, f"/v1/offers?limit=50&sort={sort}")
    cursor = other["links"]["next"].partition("cursor=")[2].partition("&")[0]
    mine = {"title": "newest", "newest": "title"}[sort]
    problem = await said(client, f"/v1/offers?sort={mine}&cursor={cursor}", status=400)
    assert "of another order" in problem["detail"]


async def test_a_list_names_the_sources_that_are_not_confirmed(
    database: Database, serve: Serve
) -> None:

    database.write_now(add_source, "agentur")
    database.write_now(add_source, "kaputt", outcome="refused")
    client = await serve(database)
    assert (await said(client, "/v1/offers"))["stale_sources"] == ["kaputt"]


async def test_a_list_waits_rather_than_leave_an_entry_out(
    client: Client, seeded: Database
) -> None:

    seeded.write_now(lose_documents)
    problem = await said(client, "/v1/offers", status=503)
    assert problem["type"].endswith("/problems/database.unavailable")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_the_ends_of_time_are_instants_too(client: Client, moment: str) -> None:
    answer = await said(client, f"/v1/offers?modified_since={moment}&limit=500")
    assert len(answer["data"]) == (120 if moment < "2026" else 0)
