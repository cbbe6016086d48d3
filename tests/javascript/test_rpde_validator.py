"""`/v1/changes` as OpenActive's own validator reads it: from its start to its end."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from aggregator.settings import ServiceSettings, Settings
from aggregator.store.database import Database
from api.app import make_app
from tests.api.seeding import add_entities
from tests.contract.world import settle

pytestmark = pytest.mark.javascript

Start = Callable[[TestServer], Awaitable[Any]]
FEED = "v1/changes"
ADVICE = {"missing_cache_control", "minimum_items_per_page", "no_modelling_data"}
"""Recommendations that we do not follow: an erased entry must not live on in caches for an hour,
a test asks for short pages, and our entries are no bookable sessions."""


async def follow(folder: Path, address: str) -> tuple[list[str], list[dict[str, str]]]:
    """A feed's address → the pages that the validator asked for, and what it found."""
    process = await asyncio.create_subprocess_exec(
        "node", "following.mjs", address, cwd=folder, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    told = json.loads(said)
    return told["pages"], told["found"]


@pytest.fixture
async def town(database: Database, aiohttp_client: Start) -> str:
    """The address of the invented town and 1,200 offers, ending with a slash."""
    world = settle(database)
    database.write_now(add_entities, "offer", 1_200)
    port = unused_port()
    address = f"http://127.0.0.1:{port}/"
    settings = Settings(service=ServiceSettings(public_url=address))
    await aiohttp_client(TestServer(make_app(database, settings, world.clock), port=port))
    return address


@pytest.mark.parametrize(("query", "least"), [("", 4), ("?limit=7", 170)])
async def test_the_validator_reads_the_feed_to_its_end_without_an_error(
    town: str, installed: Path, query: str, least: int
) -> None:
    pages, found = await follow(installed, f"{town}{FEED}{query}")
    assert len(pages) > least
    assert [one for one in found if one["severity"] == "failure"] == []
    assert {one["type"] for one in found} <= ADVICE


async def lying(request: web.Request) -> web.Response:
    """A feed whose pages repeat an item and never end as they should."""
    item = {"state": "gone", "kind": "offer", "id": "1", "modified": 5}
    address = str(request.url.with_query(afterChangeNumber="1"))
    return web.json_response({"items": [item, item], "next": address, "license": "x"})


async def test_a_feed_that_breaks_the_rules_would_be_noticed(
    aiohttp_client: Start, installed: Path
) -> None:
    app = web.Application()
    app.router.add_get(f"/{FEED}", lying)
    server = TestServer(app)
    await aiohttp_client(server)
    _, found = await follow(installed, str(server.make_url(f"/{FEED}")))
    assert [one for one in found if one["severity"] == "failure"]
