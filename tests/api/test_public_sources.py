"""`/v1/sources`: public freshness."""

from datetime import date
from typing import Any

import pytest

from aggregator.queries import Database
from tests.api.asking import ask, said
from tests.api.conftest import Client, Serve
from tests.api.seeding import HOUR, NOW, PUBLIC_URL, add_day_count, add_source


async def test_a_source_says_where_it_comes_from_and_how_fresh_it_is(
    client: Client, seeded: Database
) -> None:
    seeded.write_now(add_day_count, date(2026, 11, 20), "offer", "open", 400)
    seeded.write_now(add_day_count, date(2026, 11, 20), "organisation", "", 249)
    answer = await said(client, "/v1/sources")
    assert answer["data"] == [
        {
            "id": "agentur",
            "name": "Freiwilligen-Agentur",
            "url": "https://agentur.example/",
            "licence": "cc-by/4.0",
            "attribution": "Freiwilligen-Agentur",
            "freshness": "fresh",
            "condition": "fresh",
            "outcome": "applied",
            "checked": "2026-11-21T11:00:00Z",
            "succeeded": "2026-11-21T11:00:00Z",
            "entries": {"offer": 400, "organisation": 249},
        }
    ]
    assert answer["links"]["self"] == f"{PUBLIC_URL}v1/sources"
    assert answer["pagination"] == {"totalElements": 1, "elementsPerPage": 1}


@pytest.mark.parametrize(
    "columns",
    [
        {"outcome": "refused", "failures": 1},
        {"outcome": "held"},
        {"outcome": None, "checked": None, "succeeded": None},
        {"next_due": NOW - 2 * HOUR},
        {"paused": True},
        {"enabled": False},
    ],
    ids=["failing", "held", "never", "late", "paused", "disabled"],
)
async def test_whatever_is_not_confirmed_is_stale(
    database: Database, serve: Serve, columns: dict[str, Any]
) -> None:
    database.write_now(add_source, **columns)
    client = await serve(database)
    (source,) = (await said(client, "/v1/sources"))["data"]
    assert source["freshness"] == "stale"
    assert (await said(client, "/v1/offers"))["stale_sources"] == ["agentur"]


async def test_nothing_inner_shows(client: Client, seeded: Database) -> None:
    seeded.write_now(
        add_source,
        "geheim",
        outcome="refused",
        problem='{"code": "source.refused", "message": "http://10.0.0.7/?key=hush"}',
        validators='[{"url": "http://10.0.0.7/?key=hush"}]',
        state='"hush"',
        lease_owner="machine-7",
    )
    text = await (await ask(client, "/v1/sources")).text()
    assert "geheim" in text
    assert not [inner for inner in ("hush", "10.0.0.7", "machine-7", "freinet") if inner in text]
