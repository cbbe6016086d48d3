"""The invented town, served on both databases, and its OpenAPI document to hold it against."""

from importlib.util import find_spec

import pytest

from aggregator.store.database import Database
from tests.api.conftest import Client, Serve, face, face_database, serve
from tests.contract.judging import Contract
from tests.contract.world import PORTALS, World, settle

__all__ = ["face", "face_database", "serve"]

collect_ignore = [] if find_spec("schemathesis") else ["test_fuzz.py"]
"""It belongs to the extra `contract`; without that the other files here are still collected."""


@pytest.fixture
def world(database: Database) -> World:
    """The town, in a database."""
    return settle(database)


@pytest.fixture
async def town(database: Database, world: World, serve: Serve) -> Client:
    """A client of the town's service."""
    return await serve(database, clock=world.clock, title="Klima in Halle", portals=PORTALS)


@pytest.fixture
async def contract(town: Client) -> Contract:
    """What the town's service promises."""
    answer = await town.get("/openapi.json")
    return Contract(await answer.json())
