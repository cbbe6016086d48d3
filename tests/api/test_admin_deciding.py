"""Approve and reject over HTTP: the same command as the command line's, and every way around it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from sqlalchemy import Connection, text

from aggregator.commands.runs import NotPossible
from aggregator.commands.runs import decide as decide_it
from aggregator.decisions import Decision
from aggregator.queries import Database
from aggregator.store import withheld as withheld_rows
from aggregator.store.database import WRITES
from aggregator.store.tables import record, withheld
from aggregator.working.clock import ShiftedClock
from tests.aggregator.making import DAY, draft
from tests.aggregator.queries.telling import TellingBench, ten
from tests.api.administering import NAME, get, guarded, inner, log_in, post, token
from tests.api.conftest import Client, Serve
from tests.api.seeding import NOW


@pytest.fixture
def bench(database: Database) -> TellingBench:
    """A source whose second run would have lost eight offers."""
    made = TellingBench(database, source="halle", clock=ShiftedClock())
    made.sync(*ten())
    made.sync(*ten()[:2])
    return made


@pytest.fixture
async def client(bench: TellingBench, serve: Serve, tmp_path: Path) -> Client:
    """A client of the instance with a password."""
    return await serve(bench.database, clock=bench.clock, admin=guarded(tmp_path))


@pytest.fixture
async def cookie(client: Client) -> str:
    """A login."""
    return await log_in(client)


def decisions(bench: TellingBench) -> set[tuple[str | None, str | None]]:
    """What was decided by whom."""
    return {(row.decision, row.who) for row in bench.rows(withheld)}


def withdrawn(bench: TellingBench) -> int:
    return sum(row.withdrawn is not None for row in bench.rows(record) if row.kind == "offer")


async def decide(client: Client, cookie: str, number: int, decision: str) -> Any:
    path = f"/admin/runs/{number}"
    given = await token(client, cookie, f"{path}?lang=en")
    return await post(client, f"{path}/decision?lang=en", cookie, token=given, decision=decision)


async def read(client: Client, cookie: str, answer: Any) -> str:
    """Follow the redirect after a form; the page's text."""
    assert answer.status == 303
    page = await get(client, inner(answer), cookie)
    tree: Any = html.fromstring(await page.text())
    return " ".join(tree.xpath("//main")[0].text_content().split())


async def test_what_is_approved_happens_at_the_next_visit(
    client: Client, cookie: str, bench: TellingBench
) -> None:
    number = bench.newest()
    answer = await decide(client, cookie, number, "approved")
    assert inner(answer) == f"/admin/runs/{number}?lang=en&told=approved"
    text = await read(client, cookie, answer)
    assert "Approved. The next visit of the source lets it pass" in text
    assert f"Approved by {NAME}" in text
    assert decisions(bench) == {("approved", NAME)}
    assert withdrawn(bench) == 0
    bench.later(DAY)
    bench.sync(*ten()[:2])
    assert withdrawn(bench) == 8


async def test_what_is_rejected_stays(client: Client, cookie: str, bench: TellingBench) -> None:
    text = await read(client, cookie, await decide(client, cookie, bench.newest(), "rejected"))
    assert "Rejected. What is published stays." in text
    for _ in range(3):
        bench.later(DAY)
        bench.sync(*ten()[:2])
    assert withdrawn(bench) == 0
    assert decisions(bench) == {("rejected", NAME)}
    (source,) = await cards(client, await log_in(client))
    assert "Rejected, stays published8" in source


async def cards(client: Client, cookie: str) -> list[str]:
    """What the monitor says of each source."""
    tree: Any = html.fromstring(await (await get(client, "/admin?lang=en", cookie)).text())
    return [" ".join(each.text_content().split()) for each in tree.xpath("//article")]


async def test_what_was_decided_meanwhile_is_explained(
    client: Client, cookie: str, bench: TellingBench
) -> None:
    number, path = bench.newest(), f"/admin/runs/{bench.newest()}"
    given = await token(client, cookie, path)
    bench.decide(Decision.REJECTED, who="somebody else")
    answer = await post(
        client, f"{path}/decision?lang=en", cookie, token=given, decision="approved"
    )
    text = await read(client, cookie, answer)
    assert inner(answer) == f"/admin/runs/{number}?lang=en&told=late"
    assert "This was decided already" in text
    assert decisions(bench) == {("rejected", "somebody else")}


async def test_what_is_approved_twice_is_explained(
    client: Client, cookie: str, bench: TellingBench
) -> None:
    path = f"/admin/runs/{bench.newest()}"
    given = await token(client, cookie, path)
    told = [
        inner(await post(client, f"{path}/decision", cookie, token=given, decision="approved"))
        for _ in range(2)
    ]
    assert [each.rpartition("=")[2] for each in told] == ["approved", "late"]


async def test_a_later_run_that_holds_more_back_is_pointed_to(
    client: Client, cookie: str, bench: TellingBench
) -> None:
    older, path = bench.newest(), f"/admin/runs/{bench.newest()}"
    given = await token(client, cookie, path)
    bench.sync(*ten()[:1])
    answer = await post(
        client, f"{path}/decision?lang=en", cookie, token=given, decision="approved"
    )
    text = await read(client, cookie, answer)
    assert inner(answer) == f"/admin/runs/{older}?lang=en&told=newer"
    assert "Meanwhile a later run holds other things back." in text
    assert decisions(bench) == {(None, None)}
    page: Any = html.fromstring(await (await get(client, path, cookie)).text())
    assert page.xpath("//form[@class='decide']") == []


async def test_nothing_is_decided_without_the_token_of_the_session(
    client: Client, cookie: str, bench: TellingBench
) -> None:
    path = f"/admin/runs/{bench.newest()}/decision"
    others = await token(client, await log_in(client), "/admin")
    for given in ({}, {"token": ""}, {"token": "x"}, {"token": "ä"}, {"token": others}):
        answer = await post(client, path, cookie, decision="approved", **given)
        assert answer.status == 403
    assert decisions(bench) == {(None, None)}


@pytest.mark.parametrize(
    "headers", [{"Origin": None}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "none"}]
)
async def test_nothing_is_decided_from_elsewhere(
    client: Client, cookie: str, bench: TellingBench, headers: Any
) -> None:
    path = f"/admin/runs/{bench.newest()}"
    given = {"token": await token(client, cookie, path), "decision": "approved"}
    answer = await post(client, f"{path}/decision", cookie, headers=headers, **given)
    assert answer.status == 403
    assert decisions(bench) == {(None, None)}


async def test_without_a_session_a_decision_leads_to_the_login_and_does_nothing(
    client: Client, bench: TellingBench
) -> None:
    number = bench.newest()
    answer = await post(client, f"/admin/runs/{number}/decision", decision="approved", token="x")
    assert (answer.status, inner(answer)) == (303, f"/admin/login?next=%2Fadmin%2Fruns%2F{number}")
    assert decisions(bench) == {(None, None)}


@pytest.mark.parametrize(
    ("number", "decision", "status"),
    [("4711", "approved", 404), ("x", "approved", 404), ("2", "maybe", 400), ("2", "", 400)],
)
async def test_what_cannot_be_decided_is_refused(
    client: Client, cookie: str, number: str, decision: str, status: int
) -> None:
    given = {"token": await token(client, cookie), "decision": decision}
    answer = await post(client, f"/admin/runs/{number}/decision", cookie, **given)
    assert answer.status == status


async def test_a_run_that_held_nothing_back_has_nothing_to_decide(
    client: Client, cookie: str, bench: TellingBench
) -> None:
    first = bench.newest() - 1
    given = {"token": await token(client, cookie), "decision": "approved"}
    answer = await post(client, f"/admin/runs/{first}/decision", cookie, **given)
    assert inner(answer) == f"/admin/runs/{first}?told=late"
    assert decisions(bench) == {(None, None)}


async def test_what_would_change_is_told_field_by_field_and_contacts_are_not(
    database: Database, serve: Serve, tmp_path: Path
) -> None:
    bench = TellingBench(database, source="halle", clock=ShiftedClock())
    person = {"contact": {"email": "anna@privat.example"}}
    bench.sync(*(draft(str(n), title=f"Angebot {n}", **person) for n in range(30)))
    bench.sync(*(draft(str(n), title=f"Neu {n}", **person) for n in range(2)))
    client = await serve(database, clock=bench.clock, admin=guarded(tmp_path))
    cookie = await log_in(client)
    text = await (await get(client, f"/admin/runs/{bench.newest()}", cookie)).text()
    assert "28 Einträge würden verschwinden" in text
    assert "Was verloren ginge" in text
    assert "wird hier nicht gezeigt" in text
    assert "anna@privat.example" not in text


async def test_of_two_who_decide_at_once_the_later_one_learns_so(bench: TellingBench) -> None:
    number, database = bench.newest(), bench.database
    rejected = database.engine.connect().execution_options(**WRITES)
    with rejected, rejected.begin():
        withheld_rows.decide(rejected, "halle", Decision.REJECTED, "eva", NOW)
        later = asyncio.ensure_future(
            decide_it(database, bench.clock, number, Decision.APPROVED, who="anna")
        )
        await database.read(until_somebody_waits)
    with pytest.raises(NotPossible) as error:
        await later
    assert error.value.code == "run.not_held"
    assert decisions(bench) == {("rejected", "eva")}


def until_somebody_waits(connection: Connection) -> None:
    """Ends when somebody waits for a lock; SQLite does not tell, and lets one write after the
    other anyway."""
    blocked = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while connection.dialect.name != "sqlite" and not connection.execute(blocked).scalar():
        connection.execute(text("SELECT pg_sleep(0.01)"))
