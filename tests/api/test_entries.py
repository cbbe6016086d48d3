"""One entry: its document, or where it went."""

from uuid import uuid4

import pytest

from aggregator.queries import Database
from tests.api.asking import ask, said
from tests.api.conftest import Client
from tests.api.seeding import PUBLIC_URL, body, identity, lose_documents, remove, touch

SEVEN = identity("offer", 7)


def offer(number: int) -> str:
    return f"/v1/offers/{identity('offer', number)}"


async def test_an_entry_is_its_stored_document(client: Client) -> None:
    answer = await ask(client, offer(7))
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert await answer.read() == body("offer", 7)


async def test_a_changed_entry_has_another_tag(client: Client, seeded: Database) -> None:
    before = (await ask(client, offer(7))).headers["ETag"]
    seeded.write_now(touch, "offer", 7, status="filled")
    after = await ask(client, offer(7), If_None_Match=before)
    assert (await after.json())["status"] == "filled"


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/offers/{uuid4()}",
        "/v1/offers/7",
        f"/v1/offers/{str(SEVEN).upper()}",
        f"/v1/offers/{SEVEN.hex}",
        f"/v1/organisations/{SEVEN}",
    ],
    ids=["unknown", "no id", "capitals", "no hyphens", "another collection"],
)
async def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    problem = await said(client, path, status=404)
    assert problem["type"] == f"{PUBLIC_URL}problems/entity.not_found"


async def test_a_merged_entry_leads_to_its_survivor(client: Client, seeded: Database) -> None:
    seeded.write_now(remove, "offer", 7, "merged", 8)
    answer = await ask(client, offer(7))
    assert answer.status == 308
    assert answer.headers["Location"] == f"{PUBLIC_URL}v1/offers/{identity('offer', 8)}"


async def test_a_withdrawn_entry_is_gone_and_says_since_when(
    client: Client, seeded: Database
) -> None:
    seeded.write_now(remove, "offer", 7, "withdrawn")
    assert await said(client, offer(7), status=410) == {
        "type": f"{PUBLIC_URL}problems/entity.gone",
        "title": "The entry was withdrawn",
        "status": 410,
        "id": str(SEVEN),
        "kind": "offer",
        "deleted": True,
        "modified": "2026-11-20T12:02:04Z",
    }


async def test_an_erased_entry_is_gone_without_more(client: Client, seeded: Database) -> None:
    seeded.write_now(remove, "offer", 7, "erased")
    assert await said(client, offer(7), status=410) == {
        "type": f"{PUBLIC_URL}problems/entity.gone",
        "title": "The entry was withdrawn",
        "status": 410,
    }


@pytest.mark.parametrize("state", ["withdrawn", "merged", "erased"])
async def test_an_entry_that_is_gone_is_gone_in_its_own_collection_only(
    client: Client, seeded: Database, state: str
) -> None:
    seeded.write_now(remove, "offer", 7, state, 8)
    assert (await ask(client, f"/v1/organisations/{SEVEN}")).status == 404


async def test_a_live_entry_without_its_document_is_not_called_gone(
    client: Client, seeded: Database
) -> None:
    seeded.write_now(lose_documents)
    problem = await said(client, offer(7), status=503)
    assert problem["type"] == f"{PUBLIC_URL}problems/database.unavailable"
