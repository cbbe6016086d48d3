"""`/healthz` and `/readyz`."""

from typing import Any

import pytest
from sqlalchemy import Connection, Table, delete, insert, select, text, update

from aggregator.queries import Database
from aggregator.queries.filled import MADE
from aggregator.store.migrate import downgrade
from aggregator.store.tables import entity, search_entry
from schema import Offer
from tests.api.asking import said
from tests.api.conftest import Serve
from tests.api.programme import put
from tests.api.seeding import HOUR, NOW, add_source, restore


async def test_the_process_lives_even_without_tables(database: Database, serve: Serve) -> None:
    client = await serve(database)
    database.write_now(downgrade)
    assert await said(client, "/healthz") == {"status": "alive"}


async def test_ready_once_every_source_was_tried(database: Database, serve: Serve) -> None:
    database.write_now(add_source)
    database.write_now(add_source, "kaputt", outcome="refused", succeeded=None)
    assert await said(await serve(database), "/readyz") == {
        "status": "ready",
        "reasons": [],
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
    assert codes(answer) == ["source.not_asked"]


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
    assert "database.outdated" in codes(answer)


def codes(answer: dict[str, Any]) -> list[str]:
    """The codes of what an instance waits for."""
    return [reason["code"] for reason in answer["reasons"]]


OFFER = Offer.model_validate({"native_id": "x", "title": {"de": "Bäume gießen"}})


@pytest.mark.parametrize("table", MADE, ids=[table.name for table in MADE])
async def test_not_ready_while_an_entry_lacks_what_lists_and_search_read(
    database: Database, serve: Serve, table: Table
) -> None:
    database.write_now(add_source)
    for number in range(1, 4):
        database.write_now(put, number, OFFER)
    lost = database.read_now(lambda c: c.execute(select(table)).mappings().all())
    database.write_now(lambda c: c.execute(delete(table).where(table.c.entity_no == 2)))
    client = await serve(database)
    for _ in range(2):
        answer = await said(client, "/readyz", status=503)
        assert codes(answer) == ["database.not_filled"]
        assert "`allmende rebuild`" in answer["reasons"][0]["advice"]
    again = [dict(row) for row in lost if row["entity_no"] == 2]
    database.write_now(lambda c: c.execute(insert(table), again))
    assert (await said(client, "/readyz"))["reasons"] == []


async def test_what_came_later_is_looked_at_too_and_what_went_is_not_missed(
    database: Database, serve: Serve
) -> None:
    database.write_now(add_source)
    client = await serve(database)
    assert (await said(client, "/readyz"))["status"] == "ready"
    database.write_now(put, 1, OFFER)
    database.write_now(lambda c: c.execute(delete(search_entry)))
    assert codes(await said(client, "/readyz", status=503)) == ["database.not_filled"]
    database.write_now(lambda c: c.execute(update(entity).values(state="withdrawn")))
    assert (await said(client, "/readyz"))["status"] == "ready"


async def test_after_a_restored_backup_all_is_looked_at_again(
    database: Database, serve: Serve
) -> None:
    database.write_now(add_source)
    database.write_now(put, 1, OFFER)
    client = await serve(database)
    assert (await said(client, "/readyz"))["status"] == "ready"
    database.write_now(lambda c: c.execute(delete(search_entry)))
    database.write_now(restore)
    assert codes(await said(client, "/readyz", status=503)) == ["database.not_filled"]
