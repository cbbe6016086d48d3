"""`/admin`: every source and run in plain words, in two languages, nothing kept."""

from datetime import date
from typing import Any

import pytest
from lxml import html
from sqlalchemy import Connection

from aggregator.queries import Database
from aggregator.store.tables import withheld
from api.meanings_de import GERMAN
from api.saying import ended, standing
from schema.problems import MEANINGS
from tests.api.asking import ask
from tests.api.conftest import Client, Serve
from tests.api.seeding import (
    HOUR,
    MINUTE,
    NOW,
    add_day_count,
    add_quarantined,
    add_record,
    add_run,
    add_source,
)

REFUSED = '{"code": "source.refused", "path": "", "message": "https://x.example/?key=hush"}'


async def parts(client: Client, path: str, address: str = "/admin?lang=en") -> list[str]:
    """The texts of a page's elements, with single spaces."""
    answer = await ask(client, address)
    assert answer.status == 200
    tree: Any = html.fromstring(await answer.text())
    return [" ".join(each.text_content().split()) for each in tree.xpath(path)]


async def test_a_source_shows_how_it_is_doing(client: Client, seeded: Database) -> None:
    seeded.write_now(add_day_count, date(2026, 11, 20), "offer", "open", 428)
    seeded.write_now(add_record, 1, missing_since=NOW)
    seeded.write_now(add_quarantined, "17")
    (source,) = await parts(client, "//article")
    for part in (
        "Freiwilligen-Agentur",
        "Fresh",
        standing("fresh", "en").means,
        "428 volunteering opportunities",
        "Missing at the source1",
        "In quarantine1",
        "Last success60 minutes ago (21 Nov 2026, 12:00)",
        "Next visitin 60 minutes (21 Nov 2026, 14:00)",
    ):
        assert part in source


async def test_it_speaks_german_too(client: Client, seeded: Database) -> None:
    problem = {"outcome": "refused", "failures": 3, "problem": REFUSED}
    seeded.write_now(add_source, "zuletzt", succeeded=NOW - 2 * HOUR, next_due=NOW, **problem)
    failing, _ = await parts(client, "//article", "/admin")
    for part in (
        standing("failing", "de").means,
        GERMAN["source.refused"].title,
        GERMAN["source.refused"].advice,
        "Letzter Erfolgvor 2 Stunden",
        "Nächster Besuchso bald wie möglich",
        "Fehlschläge nacheinander3",
    ):
        assert part in failing


async def test_the_gravest_source_comes_first_with_advice(client: Client, seeded: Database) -> None:
    seeded.write_now(add_source, "zuletzt", outcome="refused", failures=3, problem=REFUSED)
    failing, fresh = await parts(client, "//article")
    meaning = MEANINGS["source.refused"]
    assert standing("failing", "en").means in failing
    assert meaning.title in failing
    assert meaning.advice in failing
    assert "Failures in a row3" in failing
    assert standing("fresh", "en").means in fresh
    assert await parts(client, "//ul[@class='counts']/li") == ["1 Failing", "1 Fresh"]


async def test_where_a_person_is_waited_for_comes_before_what_is_well(
    client: Client, seeded: Database
) -> None:
    seeded.write_now(add_source, "zuletzt")
    seeded.write_now(hold, "zuletzt")
    waits, _ = await parts(client, "//article")
    assert "zuletzt" in waits
    assert "1 entry would vanish; first held back 60 minutes ago. Look at run 2" in waits


def hold(connection: Connection, source: str) -> None:
    """Something of a source waits for a person; its last visit went well all the same."""
    add_run(connection, source, outcome="held", held='[["offer", "1", "removal"]]')
    row = {"source": source, "kind": "offer", "native_id": "1", "what": "removal", "run": 2}
    connection.execute(withheld.insert().values(**row, since=NOW - HOUR))


async def test_commands_in_advice_are_marked_as_such_and_nothing_else(
    client: Client, seeded: Database
) -> None:
    problem = '{"code": "a <b> `c` <d>"}'
    seeded.write_now(add_run, outcome="refused", problem='{"code": "run.held"}')
    seeded.write_now(add_source, "rastend", paused=True, paused_why="source.gone")
    assert "allmende sources resume" in await parts(client, "//p[@class='trouble']/code")
    seeded.write_now(add_run, outcome="refused", problem=problem)
    text = await (await ask(client, "/admin")).text()
    assert "<d>" not in text


async def test_runs_tell_what_they_did(client: Client, seeded: Database) -> None:
    seeded.write_now(add_run, outcome="refused", counts="{}", problem=REFUSED)
    seeded.write_now(add_run, ended=None, outcome=None, counts=None)
    going, refused, applied = await parts(client, "//ol[@class='runs']/li")
    assert going.startswith("going on agentur Run 3")
    assert ended("refused") in refused
    assert MEANINGS["source.refused"].advice in refused
    assert "429 found, 3 new, 9 changed, 417 unchanged, 1 missing" in applied
    assert "took 60 s" in applied


async def test_each_source_has_a_small_history_of_its_own(client: Client, seeded: Database) -> None:
    seeded.write_now(add_source, "andere")
    for outcome in ("refused", "unchanged"):
        seeded.write_now(add_run, "andere", outcome=outcome, started=NOW - 5 * MINUTE)
    for _ in range(12):
        seeded.write_now(add_run)
    others, own = await parts(client, "//article/ol[@class='history']")
    assert others.count("Run ") == 10
    assert own == (
        "✓Run 3: nothing new, 5 minutes ago !Run 2: not readable, nothing changed, 5 minutes ago"
    )


async def test_no_message_and_no_secret_shows(client: Client, seeded: Database) -> None:
    seeded.write_now(add_source, "geheim", outcome="refused", problem=REFUSED, state='"hush"')
    seeded.write_now(add_run, "geheim", outcome="refused", problem=REFUSED)
    for path in ("/admin", "/admin/runs", "/admin/runs/2", "/admin/sources/geheim"):
        text = await (await ask(client, path)).text()
        assert "geheim" in text
        assert "hush" not in text


async def test_a_code_nobody_knows_is_shown_as_it_is(client: Client, seeded: Database) -> None:
    seeded.write_now(add_run, outcome="refused", problem='{"code": "new.code"}')
    newest, _ = await parts(client, "//ol[@class='runs']/li")
    assert "new.code" in newest


@pytest.mark.parametrize(
    "path", ["/admin", "/admin/runs", "/admin/runs/1", "/admin/sources/agentur"]
)
async def test_pages_are_neither_kept_nor_found_by_search_engines(
    client: Client, path: str
) -> None:
    answer = await ask(client, path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'name="robots" content="noindex"' in await answer.text()


async def test_without_a_password_it_only_shows_and_says_how_to_switch_decisions_on(
    client: Client,
) -> None:
    assert await parts(client, "//form[@method='post'] | //script") == []
    (said,) = await parts(client, "//div[@class='notice']")
    assert "Without a password these pages only show." in said
    assert '[admin] password = "env:…"' in said


async def test_without_sources_and_runs_it_says_so(database: Database, serve: Serve) -> None:
    text = await (await ask(await serve(database), "/admin?lang=en")).text()
    assert "No source is configured." in text
    assert "Nothing has run yet." in text


async def test_runs_are_listed_page_by_page(client: Client, seeded: Database) -> None:
    for _ in range(59):
        seeded.write_now(add_run)
    assert len(await parts(client, "//ol[@class='runs']/li", "/admin/runs")) == 50
    text = await (await ask(client, "/admin/runs?lang=en")).text()
    tree: Any = html.fromstring(text)
    (older,) = tree.xpath("//a[@rel='next']/@href")
    rest = await parts(client, "//ol[@class='runs']/li", older.removeprefix("/klima"))
    assert [line.split()[3:5] for line in rest] == [["Run", str(n)] for n in range(10, 0, -1)]
    assert await parts(client, "//p[@class='pager']", older.removeprefix("/klima")) == [
        "To the newest"
    ]


async def test_many_sources_go_over_several_pages_the_gravest_first(
    client: Client, seeded: Database
) -> None:
    for n in range(70):
        seeded.write_now(add_source, f"quelle-{n:02}")
    seeded.write_now(add_source, "z", outcome="refused", failures=1, problem=REFUSED)
    first = await parts(client, "//article/h3")
    assert (len(first), first[0]) == (60, "Freiwilligen-Agentur z")
    assert await parts(client, "//p[@class='pager']") == ["Further sources"]
    second = await parts(client, "//article/h3", "/admin?page=2&lang=en")
    assert len(second) == 12
    assert not set(first) & set(second)
    assert await parts(client, "//p[@class='pager']", "/admin?page=2&lang=en") == ["Sources before"]
    assert await parts(client, "//ul[@class='counts']/li") == ["1 Failing", "71 Fresh"]


async def test_runs_of_one_source_can_be_chosen(client: Client, seeded: Database) -> None:
    seeded.write_now(add_source, "andere")
    seeded.write_now(add_run, "andere")
    lines = await parts(client, "//ol[@class='runs']/li", "/admin/runs?source=andere&lang=en")
    assert [line.split()[2] for line in lines] == ["andere"]
    (chosen,) = await parts(client, "//option[@selected]", "/admin/runs?source=andere")
    assert chosen == "Freiwilligen-Agentur (andere)"


@pytest.mark.parametrize("asked", ["before=0", "before=x", "before=-1", "source=a%00b"])
async def test_what_no_run_can_have_is_explained(client: Client, asked: str) -> None:
    assert (await ask(client, f"/admin/runs?{asked}")).status == 400
