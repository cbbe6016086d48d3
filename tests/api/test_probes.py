"""`/healthz` and `/readyz`."""

from typing import Any

import pytest
from sqlalchemy import Connection, text

from aggregator.queries import Database
from aggregator.store.migrate import downgrade
from tests.api.asking import said
from tests.api.conftest import Serve
from tests.api.seeding import HOUR, NOW, add_source


async def test_the_process_lives_even_without_tables(database: Database, serve: Serve) -> None:
    client = await serve(database)
    database.write_now(downgrade)
    assert await said(client, "/healthz") == {"status": "alive"}


async def test_ready_once_every_source_was_tried(database: Database, serve: Serve) -> None:
    database.write_now(add_source)
    database.write_now(add_source, "kaputt", outcome="refused", succeeded=None)
    assert await said(await serve(database), "/readyz") == {
        "status": "ready",
        "database": "available",
        "schema": "current",
        "waiting_for": [],
        "never_succeeded": ["kaputt"],
    }


@pytest.mark.parametrize("checked", [None, NOW - 72 * HOUR], ids=["never", "before it was added"])
async def test_not_ready_while_a_source_waits_for_its_first_run(
    database: Database, serve: Serve, checked: object
) -> None:
    database.write_now(add_source, "neu", checked=checked)
    answer = await said(await serve(database), "/readyz", status=503)
    assert answer["status"] == "waiting"
    assert answer["waiting_for"] == ["neu"]


@pytest.mark.parametrize("columns", [{"enabled": False}, {"paused": True}])
async def test_a_source_that_will_not_be_tried_holds_nothing_up(
    database: Database, serve: Serve, columns: dict[str, Any]
) -> None:
    database.write_now(add_source, checked=None, **columns)
    assert (await said(await serve(database), "/readyz"))["waiting_for"] == []


async def test_not_ready_with_another_schema(database: Database, serve: Serve) -> None:
    def age(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    database.write_now(age)
    answer = await said(await serve(database), "/readyz", status=503)
    assert answer["schema"] == "outdated"
