"""The start page: readable, in the reader's language, and nobody's script runs on it."""

from datetime import date
from typing import Any

import pytest
from lxml import html

from aggregator.queries import Database
from api.site.words import _TABLES, _WORDS, LANGUAGES, chosen, language_for
from tests.api.asking import ask
from tests.api.conftest import Client, Serve
from tests.api.seeding import (
    PUBLIC_URL,
    add_day_count,
    add_entity,
    add_facets_to,
    add_source,
    body,
    identity,
)

HOSTILE: dict[str, Any] = {
    "title": {"de": "<script>alert(1)</script>", "xx": "x"},
    "summary": {"de": '"><img src=x onerror=alert(2)>'},
    "url": "javascript:alert(3)",
    "respond": {"url": "data:text/html,<script>alert(4)</script>", "email": 'a@b.example?cc=x&b="'},
    "organisation": {"id": "x", "url": "y", "name": "<b>fett</b>"},
    "place": {"locality": "<i>Ort</i>"},
    "status": "<u>",
}  # fmt: skip


async def page(client: Client, path: str = "/", **headers: str) -> Any:
    answer = await ask(client, path, **headers)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return html.fromstring(await answer.text())


def text_of(tree: Any) -> str:
    return " ".join(tree.text_content().split())


async def test_it_says_how_much_there_is_and_shows_the_newest_offers(client: Client) -> None:
    said = text_of(await page(client))
    assert "120 Engagementangebote" in said
    assert "3 Organisationen" in said
    for part in ("Bäume gießen 120", "Grüne Lunge e. V.", "06108 Halle (Saale)", "offen"):
        assert part in said


async def test_an_offer_links_to_its_page_and_to_an_answer(client: Client) -> None:
    tree = await page(client)
    links = tree.xpath("(//article)[1]//a/@href")
    assert links == [
        f"/klima/offers/{identity('offer', 120)}",
        "mailto:info@agentur.example",
    ]


async def test_it_is_a_way_in_by_words_by_topic_and_by_kind(
    database: Database, serve: Serve
) -> None:
    for number, topic in enumerate(("topics:energy", "topics:energy", "topics:mobility"), 1):
        database.write_now(add_entity, "offer", number)
        database.write_now(add_facets_to, "offer", number, ("category", topic))
    tree = await page(await serve(database), "/?lang=de")
    (form,) = tree.xpath("//form[@role='search']")
    assert form.get("action") == "/klima/search"
    assert form.xpath(".//input/@name") == ["lang", "q"]
    topics = tree.xpath("//ul[@class='topics']/li")
    assert len(topics) == 8
    (energy,) = [each for each in topics if "Energie" in each.xpath(".//h3//text()")]
    assert energy.xpath(".//a/@href") == ["/klima/offers?category=energy&lang=de"]
    assert "2 Engagementangebote" in text_of(energy)
    assert tree.xpath("//ul[@class='counts']//a/@href") == [
        "/klima/offers?lang=de",
        "/klima/organisations?lang=de",
    ]


async def test_a_chosen_language_is_kept_from_page_to_page(client: Client) -> None:
    tree = await page(client, "/?lang=en")
    menu = tree.xpath("//nav[@aria-label='Main menu']//a/@href")
    assert "/klima/data?lang=en" in menu
    assert all("lang=en" in link for link in menu)
    assert (await page(client)).xpath("//nav[@aria-label='Hauptmenü']//a/@href")[
        -1
    ] == "/klima/data"


async def test_a_page_leads_to_itself_in_the_other_language(client: Client) -> None:
    tree = await page(client, "/data?lang=de")
    assert tree.xpath("//a[@hreflang]/@href") == ["/klima/data?lang=en"]
    assert tree.xpath("//a[@hreflang]/@lang") == ["en"]
    assert tree.xpath("//a[@aria-current='page']/text()") == ["Daten"]


@pytest.mark.parametrize(
    ("asked", "canonical"), [("", ""), ("?lang=fr", ""), ("?lang=en", "?lang=en")]
)
async def test_the_head_names_the_page_and_its_languages_for_search_engines(
    client: Client, asked: str, canonical: str
) -> None:
    tree = await page(client, f"/data{asked}")
    address = "https://stadt.example/klima/data"
    assert tree.xpath("//link[@rel='canonical']/@href") == [f"{address}{canonical}"]
    others = {each.get("hreflang"): each.get("href") for each in tree.xpath("//link[@hreflang]")}
    assert others == {"de": f"{address}?lang=de", "en": f"{address}?lang=en"}


async def test_every_inner_link_keeps_the_public_path(client: Client) -> None:
    for path in ("/", "/data", "/admin", "/problems/run.held"):
        tree = await page(client, path)
        links = tree.xpath("//a/@href | //link/@href")
        inner = [link for link in links if link.startswith("/")]
        assert inner
        assert [link for link in inner if not link.startswith("/klima/")] == []


async def test_static_files_are_kept_for_ever_under_their_content(client: Client) -> None:
    tree = await page(client)
    for link in tree.xpath("//link[@rel='stylesheet' or @rel='icon']/@href"):
        answer = await ask(client, link.removeprefix("/klima"))
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (await ask(client, "/static/site.css")).status == 404
    assert (await ask(client, "/static/..%2f__init__.py")).status == 404


async def test_sources_show_licence_freshness_and_count(client: Client, seeded: Database) -> None:
    seeded.write_now(add_day_count, date(2026, 11, 20), "offer", "open", 429)
    seeded.write_now(add_source, "kaputt", outcome="refused", succeeded=None)
    tree = await page(client)
    said = [text_of(each) for each in tree.xpath("//section[@aria-labelledby='licences']//article")]
    assert "aktuell Zuletzt bestätigtvor 60 Minuten" in said[0]
    assert "LizenzCreative Commons Attribution 4.0 (CC BY 4.0)" in said[0]
    assert "429 Engagementangebote" in said[0]
    assert "zurzeit nicht bestätigt" in said[1]
    assert "noch nie" in said[1]


@pytest.mark.parametrize("kind", ["offer", "organisation"])
async def test_nothing_hostile_becomes_markup(database: Database, serve: Serve, kind: str) -> None:
    database.write_now(add_entity, kind, 1, body(kind, 1, **HOSTILE))
    database.write_now(add_source, facts='{"id": "q", "name": "<s>Q</s>", "url": "javascript:1"}')
    client = await serve(database)
    for path in ("/", "/?lang=en", "/admin"):
        tree = await page(client, path)
        assert tree.xpath("//script | //img | //b | //i | //s | //u") == []
        schemes = {link.partition(":")[0] for link in tree.xpath("//@href") if ":" in link}
        assert schemes <= {"mailto", "https", "http"}


async def test_an_address_in_a_mail_link_cannot_add_headers(
    database: Database, serve: Serve
) -> None:
    hostile = HOSTILE | {"respond": {"email": "a@b.example?cc=c@d.example"}}
    database.write_now(add_entity, "offer", 1, body("offer", 1, **hostile))
    tree = await page(await serve(database))
    assert tree.xpath("//a[@class='respond']/@href") == ["mailto:a@b.example%3Fcc%3Dc@d.example"]


async def test_texts_say_their_language_where_it_is_another(client: Client) -> None:
    german, english = await page(client), await page(client, "/?lang=en")
    assert (german.get("lang"), english.get("lang")) == ("de", "en")
    assert german.xpath("(//article//h3)[1]//span/@lang") == []
    assert english.xpath("(//article//h3)[1]//span/@lang") == ["de"]


async def test_the_reader_is_answered_in_their_language(client: Client) -> None:
    answer = await ask(client, "/", Accept_Language="pt, en;q=0.5, de;q=0.1")
    assert answer.headers["Content-Language"] == "en"
    assert answer.headers["Vary"] == "Accept-Language, Accept-Encoding"
    assert "volunteering opportunities" in await answer.text()


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        (None, "", "de"),
        ("en", "de", "en"),
        ("xx", "en-GB,en;q=0.9", "en"),
        (None, "fr, lt", "de"),
        (None, "en;q=0, de;q=0.1", "de"),
        (None, "de;q=0.3, en ; q=0.7", "en"),
        (None, "en;q=nonsense", "de"),
        (None, ",;,", "de"),
        (None, "," * 1000 + "en", "de"),
    ],
)
def test_the_language_is_the_best_one_we_speak(
    asked: str | None, accepted: str, language: str
) -> None:
    assert language_for(asked, accepted) == language


def test_every_word_exists_in_every_language() -> None:
    assert not {name for name, texts in _WORDS.items() if len(texts) != len(LANGUAGES)}
    assert all(text for texts in _WORDS.values() for text in texts)


def test_no_word_is_explained_twice() -> None:
    names = [name for table in _TABLES for name in table]
    assert len(names) == len(set(names))


def test_a_text_is_chosen_in_the_order_asked_german_english_any() -> None:
    texts = {"lt": "l", "en": "e", "de": "d"}
    assert chosen(texts, "lt") == ("lt", "l")
    assert chosen(texts, "pt") == ("de", "d")
    assert chosen({"lt": "l", "en": "e"}, "pt") == ("en", "e")
    assert chosen({"pt": "p", "lt": "l"}, "de") == ("lt", "l")
    assert chosen(None, "de") is None


async def test_a_status_that_says_nothing_is_not_shown(database: Database, serve: Serve) -> None:
    database.write_now(add_entity, "offer", 1, body("offer", 1, status="unknown"))
    assert "Status" not in text_of(await page(await serve(database)))


async def test_an_empty_instance_says_so(database: Database, serve: Serve) -> None:
    said = text_of(await page(await serve(database)))
    assert said.count("Noch ist nichts da.") == 2


async def test_the_licence_of_the_change_feed_leads_to_the_licences(client: Client) -> None:
    answer = await (await ask(client, "/v1/changes")).json()
    address, _, fragment = answer["license"].partition("#")
    assert address == PUBLIC_URL
    assert (await page(client)).xpath(f"//*[@id='{fragment}']")
