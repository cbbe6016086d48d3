"""`/admin/runs/{id}`: one run in plain words, escaped, without anybody's name or contact."""

from typing import Any

import pytest
from lxml import html
from sqlalchemy import Connection

from aggregator.decisions import Decision
from aggregator.differences import differences
from aggregator.queries import Database
from aggregator.store.tables import run, source
from aggregator.working.clock import ShiftedClock
from api.admin.fields import field_value
from api.admin.run_page import is_private
from api.saying import ended
from schema import canonical
from schema.problems import MEANINGS
from tests.aggregator.making import DAY, draft
from tests.aggregator.queries.telling import TellingBench, ten
from tests.api.asking import ask
from tests.api.conftest import Client, Serve
from tests.api.seeding import add_run, add_source

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def bench(database: Database) -> TellingBench:
    """A source whose second run changed one offer and would have lost eight."""
    made = TellingBench(database, source="halle", clock=ShiftedClock())
    made.sync(*ten())
    made.sync(draft("0", title="Ganz neu", contact={"email": "info@a.example"}), *ten()[1:2])
    return made


async def page(serve: Serve, bench: TellingBench, number: int) -> str:
    """A run's page, as text with single spaces."""
    return spaced(await source_of(await serve(bench.database), number))


async def source_of(client: Client, number: int) -> str:
    answer = await ask(client, f"/admin/runs/{number}?lang=en")
    assert answer.status == 200
    return await answer.text()


def spaced(text: str) -> str:
    tree: Any = html.fromstring(text)
    return " ".join(tree.xpath("//body")[0].text_content().split())


async def test_a_held_run_says_what_would_vanish_and_how_to_decide(
    bench: TellingBench, serve: Serve
) -> None:
    number = bench.newest()
    text = await page(serve, bench, number)
    for said in (
        ended("held"),
        "it was due",
        "8 entries would vanish.",
        f"allmende runs approve {number}",
        f"allmende runs reject {number}",
        "Would vanish Angebot 2 volunteering opportunity 2 What would be lost title (de)Angebot 2",
        "Not decided yet",
    ):
        assert said in text
    assert "Would change" not in text


async def test_a_run_says_what_it_changed_field_by_field(bench: TellingBench, serve: Serve) -> None:
    text = await page(serve, bench, bench.newest())
    assert "What it changed 1 changed changed: Ganz neu volunteering opportunity 0" in text
    assert "title (de)Angebot 0Ganz neu" in text


def test_of_an_organisation_its_name_is_told_and_its_contact_is_not() -> None:
    before = {"organisation": {"name": "A", "contact": {"email": "info@a.example"}}}
    after = {"organisation": {"name": "B", "contact": {"email": "info@b.example"}}}
    told = differences(canonical(before), canonical(after))
    assert {each.path: is_private(each) for each in told} == {
        "organisation, name": False,
        "organisation, contact, email": True,
    }


async def test_no_contact_and_no_message_and_no_name_shows(
    bench: TellingBench, serve: Serve
) -> None:
    bench.decide(Decision.APPROVED, who="Anna Beispiel")
    text = await page(serve, bench, bench.newest())
    assert "contact, emaildifferent (not shown here)" in text
    assert "Approved" in text
    for private in ("info@a.example", "Anna", "plausible are", "3 at most"):
        assert private not in text


async def test_what_a_source_says_is_text_and_nothing_else(
    bench: TellingBench, serve: Serve
) -> None:
    bench.later(DAY)
    bench.sync(draft("0", title=EVIL), *ten()[1:])
    bench.sync(draft(EVIL, title=EVIL), *ten()[1:])
    client = await serve(bench.database)
    for number in (bench.newest() - 1, bench.newest()):
        text = await source_of(client, number)
        assert "&lt;script&gt;" in text
        assert "<script" not in text


async def test_every_link_of_it_leads_somewhere(bench: TellingBench, serve: Serve) -> None:
    bench.database.write_now(
        lambda c: c.execute(
            run.update().values(
                findings='{"text.cut": {"count": 2, "examples": []}, "odd": {"count": 1}}'
            )
        )
    )
    client = await serve(bench.database, bench_url(bench))
    text = await source_of(client, bench.newest())
    tree: Any = html.fromstring(text)
    links = set(tree.xpath("//main//a/@href"))
    assert any("/problems/text.cut" in link for link in links)
    assert not any("odd" in link for link in links)
    for link in links:
        path = "/" + link.removeprefix(bench_url(bench)).removeprefix("/klima/").lstrip("/#")
        assert (await ask(client, path)).status == 200, link


def bench_url(bench: TellingBench) -> str:
    """The public address the database was made with."""
    from aggregator.store.sources import identity

    return bench.database.read_now(identity)[0]


async def test_an_older_held_run_points_to_the_newest(bench: TellingBench, serve: Serve) -> None:
    first = bench.newest()
    bench.sync(*ten()[:2])
    text = await page(serve, bench, first)
    assert f"The decision is about run {bench.newest()}, the newest" in text


@pytest.mark.parametrize("number", ["0", "4711", "x", "-1", "1e3", "9" * 30, "²"])
async def test_what_is_no_run_is_not_found(bench: TellingBench, serve: Serve, number: str) -> None:
    answer = await ask(await serve(bench.database), f"/admin/runs/{number}")
    assert (answer.status, (await answer.json(content_type=None))["status"]) == (404, 404)


async def test_it_is_neither_kept_nor_found_nor_changes_anything(
    bench: TellingBench, serve: Serve
) -> None:
    answer = await ask(await serve(bench.database), f"/admin/runs/{bench.newest()}")
    assert answer.headers["Cache-Control"] == "no-store"
    tree: Any = html.fromstring(await answer.text())
    assert tree.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert tree.xpath("//form | //button | //input | //script") == []


async def test_a_run_that_is_going_on_and_one_of_old_are_shown(
    database: Database, serve: Serve
) -> None:
    database.write_now(add_source)
    database.write_now(add_run, ended=None, outcome=None, counts=None)
    database.write_now(add_run, cause=None)
    client = await serve(database)
    assert "going on" in spaced(await source_of(client, 1))
    assert "Causenot noted" in spaced(await source_of(client, 2))


async def test_the_monitor_leads_to_it_and_says_what_waits(
    bench: TellingBench, serve: Serve
) -> None:
    text = await (await ask(await serve(bench.database), "/admin?lang=en")).text()
    number = bench.newest()
    tree: Any = html.fromstring(text)
    links = tree.xpath("//ol[@class='runs']//a[contains(@href, '/admin/')]/@href")
    newest, first = (link.rpartition("/")[2].partition("?")[0] for link in links)
    assert (newest, first) == (str(number), str(number - 1))
    said = spaced(text)
    assert "8 entries would vanish; first held back just now." in said
    assert f"Look at run {number} and decide" in said
    assert "; it was due" in said


def rest(connection: Connection, why: str | None) -> None:
    connection.execute(source.update().values(paused=True, paused_why=why))


async def test_the_monitor_says_why_a_source_rests(bench: TellingBench, serve: Serve) -> None:
    client = await serve(bench.database)
    for why, words in (
        ("source.gone", MEANINGS["source.gone"].title),
        ("run.rolled_back", MEANINGS["run.rolled_back"].title),
        (None, "Somebody let it rest."),
    ):
        bench.database.write_now(rest, why)
        said = spaced(await (await ask(client, "/admin?lang=en")).text())
        assert words in said
        assert "allmende sources resume halle" in said
        assert "Next visitnone" in said


@pytest.mark.parametrize(
    ("field", "value", "language", "said"),
    [
        ("when", "yes", "de", "ja"),
        ("remote", "no", "de", "nein"),
        ("when", "yes", "en", "yes"),
        ("title", "yes", "de", "yes"),
        ("status", "open", "de", "offen"),
    ],
)
def test_values_are_told_in_the_pages_language(
    field: str, value: str, language: str, said: str
) -> None:
    assert field_value(field, value, language) == said
