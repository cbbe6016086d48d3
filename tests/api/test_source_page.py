"""`/admin/sources/{id}`: all that may be shown of one source, and nothing of its secrets."""

from typing import Any

import pytest
from lxml import html

from aggregator.queries import Database
from aggregator.settings import GuardSettings, PersonalSettings, SourceSettings
from api.admin.source_page import harmless
from schema.problems import MEANINGS
from tests.api.asking import ask
from tests.api.conftest import Client, Serve
from tests.api.seeding import add_quarantined, add_run, add_source

SOURCE = SourceSettings(
    id="agentur",
    connector="freinet",
    every=5400,
    licence="cc-by/4.0",
    categories=("energy",),
    personal=PersonalSettings(fields=("contact.email",)),
    guard=GuardSettings(removals=0.3),
    settings={"address": "https://quelle.example/?accesskey=canary", "key": "env:CANARY"},
)
PROBLEMS = '[{"code": "record.no_title", "path": "title", "message": "anna@privat.example"}]'


async def page(client: Client, path: str = "/admin/sources/agentur?lang=en") -> str:
    answer = await ask(client, path)
    assert answer.status == 200
    tree: Any = html.fromstring(await answer.text())
    return " ".join(tree.xpath("//main")[0].text_content().split())


async def test_settings_are_shown_without_addresses_and_keys(
    seeded: Database, serve: Serve
) -> None:
    text = await page(await serve(seeded, sources=(SOURCE,)))
    for said in (
        "Time between visits90m",
        "Licencecc-by/4.0",
        "Categoriesenergy",
        "Person-level fieldscontact.email",
        "May vanish at once30%",
        "Climatenot set",
    ):
        assert said in text
    for secret in ("canary", "quelle.example", "CANARY", "accesskey"):
        assert secret not in text


def test_no_setting_of_a_connector_is_harmless() -> None:
    said = str(harmless(SOURCE))
    assert "canary" not in said.lower()
    assert "quelle.example" not in said


async def test_a_source_that_is_not_configured_any_more_says_so(client: Client) -> None:
    assert "This source is not configured any more." in await page(client)


async def test_quarantined_records_are_told_in_words_without_what_they_say(
    client: Client, seeded: Database
) -> None:
    assert "Nothing lies in quarantine." in await page(client)
    seeded.write_now(add_quarantined, "17", problems=PROBLEMS, raw=b"anna@privat.example")
    text = await page(client)
    meaning = MEANINGS["record.no_title"]
    assert "volunteering opportunity 17 since run 1, 61 minutes ago" in text
    assert f"{meaning.title} (in the field title). {meaning.advice}" in text
    assert "anna@privat.example" not in await (await ask(client, "/admin/sources/agentur")).text()


async def test_its_runs_are_listed_and_no_other_source_s(client: Client, seeded: Database) -> None:
    seeded.write_now(add_source, "andere")
    seeded.write_now(add_run, "andere")
    text = await page(client)
    assert "Run 1" in text
    assert "Run 2" not in text


async def test_every_link_of_it_leads_somewhere(client: Client, seeded: Database) -> None:
    seeded.write_now(add_quarantined, "17", problems=PROBLEMS)
    tree: Any = html.fromstring(await (await ask(client, "/admin/sources/agentur")).text())
    links = set(tree.xpath("//main//a[starts-with(@href, '/klima/')]/@href"))
    assert {"/klima/admin/runs?source=agentur", "/klima/admin/runs/1"} <= links
    for link in links:
        answer = await ask(client, link.removeprefix("/klima"))
        assert answer.status == 200, link


@pytest.mark.parametrize("source", ["nowhere", "editor", "AGENTUR", "agentur%2F.."])
async def test_what_is_no_source_is_not_found(client: Client, source: str) -> None:
    assert (await ask(client, f"/admin/sources/{source}")).status == 404
