"""Entity tags: the same answer has the same one, every difference another."""

from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import ClientResponse

from aggregator.queries import Database
from api.routes import ROUTES
from tests.api.asking import ask
from tests.api.conftest import Client, Serve
from tests.api.seeding import (
    add_entity,
    add_source,
    add_words_to_all,
    identity,
    lose_documents,
    move_view,
    remove,
    restore,
    touch,
)

OFFERS = "/v1/offers?limit=50"
ONE = f"/v1/offers/{identity('offer', 7)}"
DATA = (OFFERS, ONE, "/v1/changes?limit=10", "/v1/sources", "/v1/categories", "/v1/stats")
ALL = (*DATA, "/", "/problems/run.held")


NEEDED = {"/v1/search": "?q=offer"}


async def tag_of(client: Client, path: str, **headers: str) -> str:
    answer = await ask(client, path, **headers)

    assert answer.status == 200
    return answer.headers["ETag"]


async def test_a_known_answer_is_not_sent_again(client: Client) -> None:
    for path in ALL:
        full = await ask(client, path)
        again = await ask(client, path, If_None_Match=full.headers["ETag"])
        assert again.status == 304
        assert await again.read() == b""
        for header in ("ETag", "Cache-Control", "Last-Modified", "Content-Security-Policy"):
            assert again.headers.get(header) == full.headers.get(header)


@pytest.mark.parametrize("offered", ["{}", 'W/{}, "b"', '"a", {}', "*"])
async def test_all_forms_of_if_none_match_are_understood(face: Client, offered: str) -> None:
    tag = await tag_of(face, OFFERS)
    assert (await ask(face, OFFERS, If_None_Match=offered.format(tag))).status == 304


@pytest.mark.parametrize("offered", ['"a"', "", "W/*", "nonsense"])
async def test_another_tag_gets_the_whole_answer(face: Client, offered: str) -> None:
    answer = await ask(face, OFFERS, If_None_Match=offered)
    assert answer.status == 200
    assert "data" in await answer.json()


CHANGES: dict[str, Callable[..., Any]] = {
    "an entry on the page changed": lambda c: touch(c, "offer", 100),
    "an entry came": lambda c: add_entity(c, "offer", 500),
    "an entry went": lambda c: remove(c, "offer", 100, "withdrawn"),
    "one on another page went, so the total changed": lambda c: remove(c, "offer", 1, "erased"),
    "what else changes answers moved on": move_view,
    "the data was restored": restore,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_whatever_changes_the_page_changes_its_tag(
    client: Client, seeded: Database, change: Callable[..., Any]
) -> None:
    before = await tag_of(client, OFFERS)
    seeded.write_now(change)
    after = await ask(client, OFFERS, If_None_Match=before)
    assert after.status == 200
    assert after.headers["ETag"] != before


async def test_a_change_elsewhere_keeps_the_tag(client: Client, seeded: Database) -> None:
    before = await tag_of(client, OFFERS, Accept_Encoding="identity")
    seeded.write_now(touch, "organisation", 1)
    assert await tag_of(client, OFFERS, Accept_Encoding="identity") == before


async def test_every_query_has_a_tag_of_its_own(client: Client) -> None:
    since = "modified_since=2020-01-01T00:00:00Z"
    queries = ("", "?limit=499", "?limit=500", f"?{since}", f"?{since}&limit=500")
    tags = [await tag_of(client, f"/v1/offers{query}") for query in queries]
    assert len(set(tags)) == len(queries)


async def test_the_order_of_parameters_does_not_matter(client: Client) -> None:
    since = "modified_since=2020-01-01T00:00:00Z"
    one, other = f"/v1/offers?{since}&limit=9", f"/v1/offers?limit=9&{since}"
    tags = [await tag_of(client, each, Accept_Encoding="identity") for each in (one, other)]
    assert tags[0] == tags[1]


async def test_a_source_that_turns_stale_changes_the_tag(seeded: Database, serve: Serve) -> None:
    before = await tag_of(await serve(seeded), OFFERS)
    seeded.write_now(add_source, "kaputt", outcome="refused")
    assert await tag_of(await serve(seeded), OFFERS) != before


@pytest.mark.parametrize("path", ["/v1/offers?limit=3", "/v1/changes?limit=3"])
async def test_a_known_page_is_recognised_without_its_bodies(
    seeded: Database, serve: Serve, path: str
) -> None:
    tag = await tag_of(await serve(seeded), path)
    seeded.write_now(lose_documents)
    client = await serve(seeded)
    assert (await ask(client, path)).status == 503
    assert (await ask(client, path, If_None_Match=tag)).status == 304


async def test_last_modified_is_the_newest_change(client: Client) -> None:
    for path in (OFFERS, f"/v1/offers/{identity('offer', 120)}"):
        answer = await ask(client, path)
        assert answer.headers["Last-Modified"] == "Fri, 20 Nov 2026 12:02:03 GMT"


def undated(answer: ClientResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "Date"}


async def test_head_says_what_get_says_without_a_body(seeded: Database, client: Client) -> None:
    seeded.write_now(add_words_to_all, "baume giessen")
    for path in (*ALL, "/healthz", "/readyz", "/admin"):
        await ask(client, path)  # the first answer is not compressed yet
        full, head = await ask(client, path), await client.head(path)
        assert head.status == full.status == 200
        assert undated(head) == undated(full)
        assert await head.read() == b""


@pytest.mark.parametrize("path", ["/admin", "/healthz", "/readyz", "/v1/nothing"])
async def test_what_must_not_be_kept_says_so(face: Client, path: str) -> None:
    assert (await ask(face, path)).headers["Cache-Control"] == "no-store"


async def test_whatever_may_be_kept_is_kept_here_too_in_each_coding(client: Client) -> None:
    for path in (route.path for route in ROUTES if "{" not in route.path):
        answer = await ask(client, path + NEEDED.get(path, ""))
        if answer.status == 200 and answer.headers["Cache-Control"] != "no-store":
            assert "Accept-Encoding" in answer.headers["Vary"], path
