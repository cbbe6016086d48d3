"""`/offers` and the other lists for people: the data's entries, and a form that forgives."""

from typing import Any

import pytest

from aggregator.queries import Database
from api.routes import ROUTES
from tests.api.asking import ask, said
from tests.api.conftest import Client, Serve
from tests.api.lists_on_pages import (
    PREFIX,
    chips,
    inner,
    option_of,
    page,
    text_of,
    texts,
    titles,
    total,
)
from tests.api.seeding import (
    PUBLIC_URL,
    add_entities,
    add_entity,
    add_source,
    body,
    identity,
    restore,
    touch,
)

HOSTILE = '"><script>alert(1)</script>'


async def test_it_shows_the_newest_entries_and_how_many_there_are(client: Client) -> None:
    tree = await page(client, "/offers")
    assert texts(tree, "//h1") == ["Engagementangebote"]
    assert total(tree) == "120 Engagementangebote"
    assert titles(tree)[:2] == ["Bäume gießen 120", "Bäume gießen 119"]


async def test_a_card_leads_to_the_entry_and_to_an_answer(client: Client) -> None:
    tree = await page(client, "/offers")
    (card, *_) = tree.xpath("//ul[@class='cards']/li")
    assert card.xpath(".//h3/a/@href") == [f"{PREFIX}/offers/{identity('offer', 120)}"]
    assert card.xpath(".//a[@class='respond']/@href") == ["mailto:info@agentur.example"]
    for words in ("offen", "Grüne Lunge e. V.", "06108 Halle (Saale)", "Im Sommer brauchen"):
        assert words in text_of(card)


async def test_paging_shows_every_entry_once_and_leads_back(client: Client) -> None:
    trees, path = [], "/offers"
    while path:
        trees.append(await page(client, path))
        further = trees[-1].xpath("//nav//a[@rel='next']/@href")
        path = inner(further[0]) if further else ""
    shown = [title for tree in trees for title in titles(tree)]
    assert shown == [f"Bäume gießen {n}" for n in range(120, 0, -1)]
    (back,) = trees[1].xpath("//nav//a[@rel='prev']/@href")
    assert titles(await page(client, inner(back))) == titles(trees[0])
    assert "(Fortsetzung)" in trees[1].findtext(".//title")


async def test_a_foreign_text_says_its_language(client: Client, seeded: Database) -> None:
    seeded.write_now(touch, "offer", 7, title={"pt": "Plantar árvores"}, summary={"en": "Trees"})
    tree = await page(client, "/offers")
    (card, *_) = tree.xpath("//ul[@class='cards']/li")
    assert card.xpath(".//*[@lang='pt']/text()") == ["Plantar árvores"] * 2
    assert card.xpath(".//*[@lang='en']/text()") == ["Trees"]


async def test_a_query_is_told_in_title_heading_and_chips(client: Client) -> None:
    tree = await page(client, "/offers?category=energy&near=06108&radius=5&q=Baum")
    name = "Engagementangebote: „Baum“ · Energie · 5 km um 06108"
    assert texts(tree, "//h1") == [name]
    assert tree.findtext(".//title") == f"{name} – Allmende"
    assert chips(tree) == {
        "Energie": f"{PREFIX}/offers?near=06108&q=Baum&radius=5",
        "„Baum“": f"{PREFIX}/offers?category=energy&near=06108&radius=5",
        "5 km um 06108": f"{PREFIX}/offers?category=energy&q=Baum",
    }
    assert option_of(tree, "category") == "energy"
    assert option_of(tree, "radius") == "5"
    assert tree.xpath("//input[@name='q']/@value") == ["Baum"]


async def test_empty_fields_of_a_form_lead_to_the_short_address(client: Client) -> None:
    answer = await ask(client, "/offers?q=&near=+&radius=10&category=energy&lang=en")
    assert answer.status == 302
    assert answer.headers["Location"] == f"{PREFIX}/offers?category=energy&lang=en"
    assert (await ask(client, inner(answer.headers["Location"]))).status == 200


async def test_what_trackers_append_changes_nothing(client: Client) -> None:
    plain, tracked = await ask(client, "/offers"), await ask(client, "/offers?utm_source=x")
    assert await plain.text() == await tracked.text()


@pytest.mark.parametrize(
    ("query", "field", "why"),
    [
        ("near=99999", "near", "Diese Postleitzahl kennen wir nicht."),
        ("near=06108&radius=201", "radius", "bis 200"),
        ("category=nonsense", "category", "Diesen Wert gibt es nicht."),
        ("q=%2B", "q", "ein bis acht Wörter"),
        ("source=nowhere", "source", "Diesen Wert gibt es nicht."),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    client: Client, query: str, field: str, why: str
) -> None:
    answer = await ask(client, f"/offers?{query}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    tree = await page(client, f"/offers?{query}", status=400)
    (control,) = tree.xpath(f"//*[@id='f-{field}']")
    assert control.get("aria-invalid") == "true"
    (fault,) = tree.xpath(f"//*[@id='{control.get('aria-describedby').split()[-1]}']")
    assert why in text_of(fault)
    assert why in texts(tree, "//*[@role='alert']")[0]
    assert tree.xpath("//*[@role='alert']//a/@href") == [f"#f-{field}"]


@pytest.mark.parametrize(
    "path",
    [
        "/offers?licence=nonsense",
        "/offers?cursor=nonsense",
        "/offers?sort=nonsense",
        "/events?climate=nonsense",
        "/events/month?month=nonsense",
        "/search?q=baum&category=nonsense",
    ],
)
async def test_what_is_wrong_without_a_field_of_its_own_is_said_without_a_link(
    client: Client, path: str
) -> None:
    (alert,) = (await page(client, path, status=400)).xpath("//*[@role='alert']")
    assert alert.xpath(".//li")
    assert not alert.xpath(".//a")


async def test_what_is_wrong_is_said_to_who_has_any_copy_too(client: Client) -> None:
    answer = await ask(client, "/offers?near=99999", If_None_Match="*")
    assert answer.status == 400
    assert "f-near-fault" in await answer.text()


async def test_the_rest_of_a_question_is_followed(client: Client) -> None:
    tree = await page(client, "/offers?near=99999&source=agentur", status=400)
    assert list(chips(tree)) == ["Freiwilligen-Agentur"]
    assert total(tree) == "120 Engagementangebote"


async def test_a_page_of_a_list_that_is_no_more_begins_anew(
    client: Client, seeded: Database
) -> None:
    tree = await page(client, "/offers")
    (further,) = tree.xpath("//nav//a[@rel='next']/@href")
    seeded.write_now(restore)
    told = await page(client, inner(further), status=400)
    assert "von vorn" in texts(told, "//*[@role='alert']")[0]
    assert titles(told) == titles(tree)


async def test_nothing_a_reader_types_becomes_markup(client: Client) -> None:
    for name in ("q", "near", "category", "source", "city"):
        answer = await client.get("/offers", params={name: HOSTILE})
        assert "<script" not in await answer.text()


async def test_nothing_an_entry_says_becomes_markup(database: Database, serve: Serve) -> None:
    hostile: dict[str, Any] = {
        "title": {"de": HOSTILE},
        "summary": {"de": HOSTILE},
        "respond": {"url": "javascript:alert(2)"},
        "organisation": {"id": "x", "url": "y", "name": HOSTILE},
        "place": {"locality": HOSTILE},
        "status": HOSTILE,
        "commitment": HOSTILE,
    }
    database.write_now(add_source)
    database.write_now(add_entity, "offer", 1, body("offer", 1, **hostile))
    text = await (await ask(await serve(database), "/offers")).text()
    assert "<script" not in text
    assert "javascript:" not in text


async def test_from_nothing_there_is_a_way_out(client: Client) -> None:
    tree = await page(client, "/offers?q=nirgends&lang=de")
    assert total(tree) == "Nichts gefunden"
    assert texts(tree, "//ul[@class='ways']/li") == ["ohne „nirgends“ (120 Engagementangebote)"]
    assert tree.xpath("//ul[@class='ways']//a/@href") == [f"{PREFIX}/offers?lang=de"]


async def test_an_empty_instance_says_that_something_will_come(
    database: Database, serve: Serve
) -> None:
    client = await serve(database)
    for path in ("/offers", "/organisations", "/projects", "/events"):
        tree = await page(client, path)
        assert "Hier steht noch nichts." in text_of(tree)


async def test_the_same_question_is_there_as_data(client: Client) -> None:
    tree = await page(client, "/offers?lang=de")
    (address,) = tree.xpath("//link[@type='application/json']/@href")
    assert address == f"{PUBLIC_URL}v1/offers"
    assert address in texts(tree, "//code")
    data = (await said(client, "/v1/offers"))["data"]
    shown = [entry["title"]["de"] for entry in data]
    assert shown[: len(titles(tree))] == titles(tree)


async def test_only_lists_worth_finding_are_found_by_search_engines(client: Client) -> None:
    async def robots(path: str) -> list[str]:
        found: list[str] = (await page(client, path)).xpath("//meta[@name='robots']/@content")
        return found

    assert await robots("/offers") == await robots("/offers?category=energy") == []
    assert await robots("/offers?q=baum") == ["noindex, follow"]
    assert await robots("/offers?category=energy&near=06108") == ["noindex, follow"]


async def test_a_page_is_kept_until_something_changes(client: Client, seeded: Database) -> None:
    first = await ask(client, "/offers?category=unmapped")
    tag = first.headers["ETag"]
    assert (await ask(client, "/offers?category=unmapped", If_None_Match=tag)).status == 304
    seeded.write_now(touch, "offer", 1, title={"de": "Neu"})
    seeded.write_now(add_entities, "project", 1)
    assert (await ask(client, "/offers", If_None_Match=tag)).status == 200


async def test_it_speaks_the_readers_language(client: Client) -> None:
    english = await page(client, "/organisations", Accept_Language="en")
    assert texts(english, "//h1") == ["Organisations"]
    assert total(english) == "3 organisations"
    german = await page(client, "/organisations?lang=de", Accept_Language="en")
    assert total(german) == "3 Organisationen"


async def test_a_chosen_language_is_kept_from_page_to_page(client: Client) -> None:
    tree = await page(client, "/offers?lang=en")
    assert tree.xpath("//form//input[@name='lang']/@value")[0] == "en"
    for href in tree.xpath("//nav//a[@rel='next']/@href | //ul[@class='cards']//h3/a/@href"):
        assert "lang=en" in href


async def test_every_field_has_a_label(client: Client) -> None:
    for route in ROUTES:
        if not route.name.startswith("page_") or "{" in route.path:
            continue
        tree = await page(client, route.path)
        fields = tree.xpath("//form[@role='search']//*[self::input or self::select]")
        named = [each for each in fields if each.get("type") != "hidden"]
        assert named
        assert all(tree.xpath(f"//label[@for='{each.get('id')}']") for each in named)
