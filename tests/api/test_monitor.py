"""`/admin`: every source and run in plain words, nothing to change, nothing kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from lxml import html

from aggregator.queries import Database
from aggregator.runs import Outcome
from api.saying import CONDITIONS, OUTCOMES, spoken
from schema.problems import MEANINGS
from tests.api.asking import ask
from tests.api.conftest import Client, Serve
from tests.api.seeding import NOW, add_day_count, add_record, add_run, add_source

REFUSED = '{"code": "source.refused", "path": "", "message": "https://x.example/?key=hush"}'


async def articles(client: Client, path: str) -> list[str]:
    answer = await ask(client, "/admin")
    assert answer.status == 200
    tree: Any = html.fromstring(await answer.text())
    return [" ".join(each.text_content().split()) for each in tree.xpath(path)]


async def test_a_source_shows_how_it_is_doing(client: Client, seeded: Database) -> None:
    seeded.write_now(add_day_count, date(2026, 11, 20), "offer", "open", 428)
    seeded.write_now(add_record, 1, missing_since=NOW)
    (source,) = await articles(client, "//article")
    for part in (
        "Freiwilligen-Agentur",
        CONDITIONS["fresh"],
        "428 volunteering opportunities",
        "Missing at the source1",
        "Last success21 Nov 2026, 12:00",
        "Next check21 Nov 2026, 14:00",
    ):
        assert part in source


async def test_the_worst_source_comes_first_with_advice(client: Client, seeded: Database) -> None:
    seeded.write_now(add_source, "zuletzt", outcome="refused", failures=3, problem=REFUSED)
    failing, fresh = await articles(client, "//article")
    meaning = MEANINGS["source.refused"]
    assert CONDITIONS["failing"] in failing
    assert meaning.title in failing
    assert meaning.advice in failing
    assert "Failures in a row3" in failing
    assert CONDITIONS["fresh"] in fresh


async def test_runs_tell_what_they_did(client: Client, seeded: Database) -> None:
    seeded.write_now(add_run, outcome="refused", counts="{}", problem=REFUSED)
    seeded.write_now(add_run, ended=None, outcome=None, counts=None)
    going, refused, applied = await articles(client, "//ol/li")
    assert going.startswith("going on agentur run 3")
    assert OUTCOMES["refused"] in refused
    assert MEANINGS["source.refused"].advice in refused
    assert "429 found, 3 new, 9 changed, 417 unchanged, 1 missing" in applied
    assert "took 60 s" in applied


async def test_no_message_and_no_secret_shows(client: Client, seeded: Database) -> None:
    seeded.write_now(add_source, "geheim", outcome="refused", problem=REFUSED, state='"hush"')
    seeded.write_now(add_run, "geheim", outcome="refused", problem=REFUSED)
    text = await (await ask(client, "/admin")).text()
    assert "geheim" in text
    assert "hush" not in text


async def test_a_code_nobody_knows_is_shown_as_it_is(client: Client, seeded: Database) -> None:
    seeded.write_now(add_run, outcome="refused", problem='{"code": "new.code"}')
    newest, _ = await articles(client, "//ol/li")
    assert "new.code" in newest


async def test_it_is_neither_kept_nor_found_by_search_engines(client: Client) -> None:
    answer = await ask(client, "/admin")
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'name="robots" content="noindex"' in await answer.text()


async def test_nothing_on_it_can_be_changed(client: Client) -> None:
    assert await articles(client, "//form | //button | //input | //script") == []


async def test_without_sources_and_runs_it_says_so(database: Database, serve: Serve) -> None:
    text = await (await ask(await serve(database), "/admin")).text()
    assert "No source is configured." in text
    assert "Nothing has run yet." in text


def test_every_outcome_has_plain_words() -> None:
    assert set(OUTCOMES) == set(Outcome)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "less than a second"), (119, "119 s"), (600, "10 min"), (7200, "2 h")],
)
def test_durations_are_spoken(seconds: float, words: str) -> None:
    assert spoken(timedelta(seconds=seconds)) == words
