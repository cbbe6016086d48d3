"""A served application over a seeded database, and a client that speaks HTTP to it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from aggregator.queries import Database, open_pages
from aggregator.settings import (
    AdminSettings,
    HttpSettings,
    PortalSettings,
    ServiceSettings,
    Settings,
    SiteSettings,
    SourceSettings,
)
from api.app import OpenPages, make_app
from tests.api.seeding import PUBLIC_URL, FixedClock, add_entities, add_run, add_source

Client = TestClient[Request, Application]
READABLE = AdminSettings(public=True)
"""Everybody may read the pages under `/admin`; the instance's address is a public one."""
Serve = Callable[..., Awaitable[Client]]
EXACT = HttpSettings(recheck=0)
"""What was written a moment ago is seen."""


@pytest.fixture
def seeded(database: Database) -> Database:
    """One source, 3 organisations, 120 offers."""
    database.write_now(add_source)
    database.write_now(add_run)
    database.write_now(add_entities, "organisation", 3)
    database.write_now(add_entities, "offer", 120)
    return database


@pytest.fixture
async def serve(aiohttp_client: Callable[[TestServer], Awaitable[Client]]) -> Serve:
    """Serve a database; the answer is a client."""

    async def start(
        database: Database,
        public_url: str = PUBLIC_URL,
        *,
        pages: OpenPages = open_pages,
        clock: FixedClock | None = None,
        debug: bool = False,
        site: SiteSettings | None = None,
        admin: AdminSettings = READABLE,
        sources: tuple[SourceSettings, ...] = (),
        portals: tuple[PortalSettings, ...] = (),
        http: HttpSettings = EXACT,
        **service: Any,
    ) -> Client:
        asyncio.get_running_loop().set_debug(debug)
        settings = Settings(
            service=ServiceSettings(public_url=public_url, **service),
            site=site or SiteSettings(),
            admin=admin,
            sources=sources,
            portals=portals,
            http=http,
        )
        app = make_app(database, settings, clock or FixedClock(), pages=pages)
        return await aiohttp_client(TestServer(app))

    return start


@pytest.fixture
async def client(seeded: Database, serve: Serve) -> Client:
    """A client of the seeded application."""
    return await serve(seeded)


@pytest.fixture
def face_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A database that does not matter: one source, nothing else."""
    path = copy(sqlite_template, tmp_path / "face.db")
    database = Database(f"sqlite:///{path}")
    database.write_now(add_source)
    yield database
    database.close()


@pytest.fixture
async def face(face_database: Database, serve: Serve) -> Client:
    """A client of an application whose database does not matter."""
    return await serve(face_database)
