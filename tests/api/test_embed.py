"""A list as a fragment that another server puts into its own page."""

from typing import Any

import pytest
from lxml import html

from aggregator.queries import Database
from tests.api.asking import ask
from tests.api.conftest import Client, Serve
from tests.api.seeding import (
    HOUR,
    NOW,
    PUBLIC_URL,
    add_entity,
    add_event,
    add_facets_to,
    add_source,
    body,
    identity,
    touch,
)
from tests.api.test_start_page import HOSTILE, text_of


async def fragment(client: Client, query: str = "") -> Any:
    """The one element of a fragment."""
    answer = await ask(client, f"/embed{query}")
    text = await answer.text()
    assert answer.status == 200, text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    (element,) = html.fragments_fromstring(text)
    return element


async def test_it_is_markup_alone(client: Client) -> None:
    text = await (await ask(client, "/embed")).text()
    for mark in ("<!doctype", "<html", "<head", "<script", "<style", "<link", "<img", " style="):
        assert mark not in text.lower()
    element = await fragment(client)
    assert (element.tag, element.get("lang")) == ("section", "de")
    assert element.get("aria-label") == "Engagementangebote"


async def test_every_link_is_absolute(client: Client) -> None:
    links = (await fragment(client)).xpath(".//@href")
    assert f"{PUBLIC_URL}offers/{identity('offer', 120)}" in links
    assert f"{PUBLIC_URL}imprint" in links
    assert {link.partition(":")[0] for link in links} <= {"https", "mailto"}


async def test_the_number_of_entries_and_the_level_of_headings_are_asked_for(
    client: Client,
) -> None:
    element = await fragment(client)
    assert len(element.xpath(".//li")) == 10
    assert len(element.xpath(".//h2")) == 10
    element = await fragment(client, "?limit=3&heading=4")
    assert len(element.xpath(".//h4")) == 3
    assert element.xpath(".//h2 | .//h3") == []
    assert "Alle ansehen: 120 Engagementangebote" in text_of(element)


async def test_it_is_narrowed_down_as_the_list_is(database: Database, serve: Serve) -> None:
    for number, topic in enumerate(("topics:energy", "topics:mobility"), 1):
        database.write_now(add_entity, "offer", number)
        database.write_now(add_facets_to, "offer", number, ("category", topic))
    element = await fragment(await serve(database), "?category=energy&lang=en")
    links = element.xpath(".//@href")
    assert f"{PUBLIC_URL}offers/{identity('offer', 1)}?lang=en" in links
    assert f"{PUBLIC_URL}offers/{identity('offer', 2)}?lang=en" not in links
    assert f"{PUBLIC_URL}offers?category=energy&lang=en" in links
    assert element.xpath(".//h2//@lang") == ["de"]


async def test_what_is_kept_belongs_to_its_filters(database: Database, serve: Serve) -> None:
    for number, topic in enumerate(("topics:energy", "topics:mobility"), 1):
        database.write_now(add_entity, "offer", number)
        database.write_now(add_facets_to, "offer", number, ("category", topic))
    client = await serve(database)
    for number, topic in ((1, "energy"), (2, "mobility"), (1, "energy")):
        links = (await fragment(client, f"?category={topic}")).xpath(".//li//@href")
        assert links[0] == f"{PUBLIC_URL}offers/{identity('offer', number)}"


async def test_events_are_those_that_come_by_day(database: Database, serve: Serve) -> None:
    database.write_now(add_event, 1, (NOW - 5 * HOUR, NOW - 4 * HOUR))
    database.write_now(add_event, 2, (NOW + HOUR, NOW + 2 * HOUR))
    database.write_now(add_event, 3, (NOW + 24 * HOUR, NOW + 25 * HOUR))
    database.write_now(touch, "event", 3, status="cancelled")
    element = await fragment(await serve(database), "?kind=events&heading=3")
    days = [text_of(each) for each in element.xpath(".//h3")]
    assert days == ["Heute, Samstag, 21. November", "Morgen, Sonntag, 22. November"]
    assert len(element.xpath(".//li")) == 2
    assert "abgesagt: " in text_of(element)
    assert len(element.xpath(".//s/a")) == 1


@pytest.mark.parametrize("kind", ["organisations", "projects", "events", "offers"])
async def test_an_empty_list_says_so(database: Database, serve: Serve, kind: str) -> None:
    element = await fragment(await serve(database), f"?kind={kind}")
    assert "Zurzeit ist hier nichts eingetragen." in text_of(element)


async def test_sources_licences_and_staleness_are_named(database: Database, serve: Serve) -> None:
    database.write_now(add_source, outcome="refused", succeeded=NOW - 99 * HOUR)
    said = [{"id": "agentur", "name": "Agentur", "licence": "cc-by/4.0", "attribution": "A. e. V."}]
    database.write_now(add_entity, "offer", 1, body("offer", 1, sources=said))
    text = text_of(await fragment(await serve(database)))
    assert "Quellen: A. e. V. (Creative Commons Attribution 4.0 (CC BY 4.0))" in text
    assert "Zurzeit nicht bestätigt und womöglich überholt: A. e. V.." in text


async def test_it_may_be_kept_and_read_from_anywhere(client: Client) -> None:
    answer = await ask(client, "/embed?limit=1")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"].startswith("public")
    again = await ask(client, "/embed?limit=1", If_None_Match=answer.headers["ETag"])
    assert again.status == 304


@pytest.mark.parametrize(
    "query",
    ["kind=people", "heading=1", "limit=0", "colour=red", "kind=offers&from=now", "category=cats"],
)
async def test_what_it_does_not_know_is_refused(client: Client, query: str) -> None:
    assert (await ask(client, f"/embed?{query}")).status == 400


@pytest.mark.parametrize("kind", ["offer", "organisation", "project", "event"])
async def test_nothing_hostile_becomes_markup(database: Database, serve: Serve, kind: str) -> None:
    if kind == "event":
        database.write_now(add_event, 1, (NOW, NOW + HOUR))
        database.write_now(touch, kind, 1, **HOSTILE)
    else:
        database.write_now(add_entity, kind, 1, body(kind, 1, **HOSTILE))
    element = await fragment(await serve(database), f"?kind={kind}s")
    assert element.xpath("//script | //img | //b | //i | //u") == []
    assert {link.partition(":")[0] for link in element.xpath(".//@href")} <= {"https", "mailto"}


async def test_a_percent_sign_in_a_filter_is_not_taken_for_a_code(client: Client) -> None:
    found = [await ask(client, f"/embed?tag={tag}") for tag in ("a%2526b", "a%26b")]
    assert [b"tag=a%2526b" in await each.read() for each in found] == [True, False]
