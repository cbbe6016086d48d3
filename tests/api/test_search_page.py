"""`/search`: words in entries of all kinds, for people."""

import pytest

from aggregator.queries import Database
from schema.entities import Offer, Organisation
from tests.api.asking import ask, ids, said
from tests.api.conftest import Client, Serve
from tests.api.lists_on_pages import PREFIX, inner, page, texts, total
from tests.api.programme import evening, put
from tests.api.seeding import PUBLIC_URL, add_source, identity, restore

ENERGY = [{"scheme": "topics", "term": "energy", "by": "source"}]


@pytest.fixture
async def town(database: Database, serve: Serve) -> Client:
    """Thirty offers with trees, an evening with trees, an organisation of trees."""
    database.write_now(add_source)
    for number in range(1, 31):
        tree = {"native_id": "x", "title": {"de": f"Stadtbäume {number}"}}
        more = {"categories": ENERGY} if number < 3 else {}
        database.write_now(put, number, Offer.model_validate({**tree, **more}))
    database.write_now(put, 1, evening(1, "Abend der Bäume"))
    club = {"native_id": "x", "title": {"de": "Baumfreunde"}}
    database.write_now(put, 1, Organisation.model_validate(club))
    return await serve(database)


async def test_it_finds_entries_of_every_kind_and_counts_them(town: Client) -> None:
    tree = await page(town, "/search?q=baum")
    assert texts(tree, "//h1") == ["Suche: „baum“"]
    assert total(tree) == "32 Treffer"
    kinds = tree.xpath("//nav[@aria-label='Was gefunden wurde']//a")
    assert [" ".join(each.text.split()) for each in kinds] == [
        "Alles (32)",
        "Engagementangebote (30)",
        "Veranstaltungen (1)",
        "Organisationen (1)",
    ]
    events = await page(town, inner(kinds[2].get("href")))
    assert texts(events, "//ul[@class='cards']//h3") == ["Abend der Bäume"]
    assert "Sonntag, 22. November" in texts(events, "//ul[@class='cards']/li")[0]
    assert events.xpath("//h3/a/@href") == [f"{PREFIX}/events/{identity('event', 1)}"]


async def test_it_shows_what_the_data_has_page_after_page(town: Client) -> None:
    shown, path = [], "/search?q=baum"
    while path:
        tree = await page(town, path)
        shown += [href.rpartition("/")[2] for href in tree.xpath("//h3/a/@href")]
        further = tree.xpath("//nav//a[@rel='next']/@href")
        path = inner(further[0]) if further else ""
    first = await page(town, "/search?q=baum")
    (address,) = first.xpath("//link[@type='application/json']/@href")
    data = await said(town, address.removeprefix(PUBLIC_URL.rstrip("/")))
    assert shown == ids([data])
    assert len(shown) == 32


async def test_topics_narrow_down_and_are_dropped_again(town: Client) -> None:
    tree = await page(town, "/search?q=baum&lang=en")
    (topic,) = tree.xpath("//nav[@aria-label='By topic']//a")
    assert topic.text == "Energy (2)"
    narrowed = await page(town, inner(topic.get("href")))
    assert total(narrowed) == "2 hits"
    (chosen,) = narrowed.xpath("//nav[@aria-label='By topic']//a[@aria-current]")
    assert inner(chosen.get("href")) == "/search?lang=en&q=baum"


async def test_it_leads_on_to_the_lists_with_more_filters(town: Client) -> None:
    tree = await page(town, "/search?q=baum")
    for href in tree.xpath("//ul[@class='ways']//a/@href"):
        assert total(await page(town, inner(href)))
    assert f"{PREFIX}/offers?q=baum" in tree.xpath("//ul[@class='ways']//a/@href")


async def test_without_words_there_is_a_place_to_write_them(town: Client) -> None:
    tree = await page(town, "/search")
    assert texts(tree, "//h1") == ["Suche"]
    assert tree.xpath("//label[@for='f-q']")
    assert not tree.xpath("//h2[@id='results']")
    assert (await ask(town, "/search?q=")).headers["Location"] == f"{PREFIX}/search"


async def test_from_nothing_found_there_is_advice(town: Client) -> None:
    tree = await page(town, "/search?q=xylophon")
    assert total(tree) == "Nichts gefunden"
    assert "Andere Wörter" in texts(tree, "//section")[0]


async def test_what_cannot_be_read_is_said(town: Client, database: Database) -> None:
    assert "ein bis acht" in texts(await page(town, "/search?q=%2B", 400), "//*[@role='alert']")[0]
    wrong = await page(town, "/search?q=baum&kind=tree", status=400)
    assert total(wrong) == "32 Treffer"
    tree = await page(town, "/search?q=baum")
    (further,) = tree.xpath("//nav//a[@rel='next']/@href")
    database.write_now(restore)
    assert total(await page(town, inner(further), status=400)) == "32 Treffer"


async def test_words_become_no_markup(town: Client) -> None:
    answer = await town.get("/search", params={"q": '"><script>x</script>'})
    assert "<script" not in await answer.text()
