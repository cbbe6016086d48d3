"""What the form of a list offers to choose from, and that a page shows what the data has."""

from dataclasses import replace
from typing import Any

import pytest

from aggregator.queries import Database
from schema.entities import Entity, Offer, Organisation
from schema.formats.json import Target, document
from tests.api.asking import ids, said
from tests.api.conftest import Client, Serve
from tests.api.lists_on_pages import PREFIX, chips, inner, option_of, page, texts, total
from tests.api.programme import evening, published, put
from tests.api.seeding import EDITION, PUBLIC_URL, add_entity, add_source, identity, touch
from tests.planting import plant

CLUB = identity("organisation", 1)


def at(locality: str, lat: float, lon: float, ags: str | None = None) -> dict[str, Any]:
    """A place in a city."""
    code = {"authority": {"ags": ags}} if ags else {}
    return {"locality": locality, "lat": lat, "lon": lon, **code}


def about(term: str) -> list[dict[str, str]]:
    """Categories with one term."""
    return [{"scheme": "topics", "term": term, "by": "source"}]


def offer(title: str, **fields: Any) -> Offer:
    return Offer.model_validate({"native_id": "x", "title": {"de": title}, **fields})


OFFERS = (
    offer("Ampel", categories=about("mobility"), status="open", remote=True,
          place=at("Halle (Saale)", 51.48, 11.97, "15002000")),
    offer("Birke", categories=about("energy"), status="open", commitment="one_off",
          place=at("Borne", 52.3, 6.75), tags=["Fahrrad, neu"]),
    offer("Chor", categories=about("energy"), status="paused", climate=["mitigation"],
          place=at("Halle (Saale)", 51.49, 11.98, "15002000")),
)  # fmt: skip
EVENTS = (
    evening(1, type="course", place=at("Borne", 52.3, 6.75), categories=about("energy")),
    evening(2, status="cancelled", attendance="online"),
    evening(-3, categories=about("mobility")),
)


def _of_club(number: int, thing: Entity) -> bytes:
    whole = replace(published(number, thing), target=Target(entity=CLUB, name="Verein"))
    return document(whole, EDITION)


def seed(database: Database) -> None:
    """A club, three offers (the first two are the club's), three events."""
    database.write_now(add_source)
    club = {"native_id": "x", "title": {"de": "Verein", "en": "Club"}, "type": "association"}
    database.write_now(put, 1, Organisation.model_validate(club))
    things: list[tuple[int, Entity]] = [*enumerate(OFFERS, 1), *enumerate(EVENTS, 1)]
    for number, thing in things:
        own = isinstance(thing, Offer) and number < 3
        of_club = (("organisation", str(CLUB)),) if own else ()
        if own:
            database.write_now(add_entity, "offer", number, _of_club(number, thing))
        database.write_now(put, number, thing, *of_club, ("source", "agentur"))


@pytest.fixture
async def town(database: Database, serve: Serve) -> Client:
    plant(database, seed)
    return await serve(database)


def offered(tree: Any, field: str) -> dict[str, str]:
    """The choices of a field: value → what it says."""
    options = tree.xpath(f"//select[@name='{field}']//option[@value != '']")
    return {each.get("value"): " ".join(each.text_content().split()) for each in options}


async def test_a_choice_says_in_words_how_many_entries_it_leads_to(town: Client) -> None:
    tree = await page(town, "/offers")
    assert offered(tree, "category") == {"energy": "Energie (2)", "mobility": "Mobilität (1)"}
    assert offered(tree, "status") == {"open": "offen (2)", "paused": "pausiert (1)"}
    assert offered(tree, "commitment") == {"one_off": "einmalig (1)", "unknown": "unbekannt (2)"}
    for value in offered(tree, "category"):
        narrowed = await page(town, f"/offers?category={value}")
        assert f"({total(narrowed).partition(' ')[0]})" in offered(tree, "category")[value]
        assert option_of(narrowed, "category") == value


async def test_organisations_are_chosen_by_name(town: Client) -> None:
    tree = await page(town, "/offers")
    assert offered(tree, "organisation") == {str(CLUB): "Verein (2)"}
    narrowed = await page(town, f"/offers?organisation={CLUB}")
    assert texts(narrowed, "//h1") == ["Engagementangebote: Verein"]
    assert total(narrowed) == "2 Engagementangebote"


async def test_an_organisation_without_entries_is_still_called_by_its_name(
    town: Client,
) -> None:
    assert list(chips(await page(town, f"/events?organisation={CLUB}"))) == ["Verein"]
    english = await page(town, f"/events?organisation={CLUB}&lang=en")
    assert texts(english, "//h1") == ["Events: Club"]


async def test_towns_are_suggested_as_entries_write_them(town: Client) -> None:
    tree = await page(town, "/offers")
    assert tree.xpath("//datalist/option/@value") == ["Borne", "Halle (Saale)"]
    narrowed = await page(town, "/offers?city=Halle%20%28Saale%29")
    assert total(narrowed) == "2 Engagementangebote"
    assert list(chips(await page(town, "/offers?city=ags:15002000"))) == ["Halle (Saale)"]


async def test_towns_of_one_name_are_suggested_by_code_and_explained(
    database: Database, serve: Serve
) -> None:
    database.write_now(add_source)
    for number, code in enumerate(("15002000", "05754012"), 1):
        database.write_now(put, number, offer("x", place=at("Halle", 51.0, 11.0, code)))
    client = await serve(database)
    tree = await page(client, "/offers?city=Halle", status=400)
    assert tree.xpath("//datalist/option/@value") == ["ags:05754012", "ags:15002000"]
    assert "mehrere" in texts(tree, "//*[@id='f-city-fault']")[0]


async def test_several_values_of_one_filter_are_kept_and_told(town: Client) -> None:
    tree = await page(town, "/offers?status=open,paused&category=energy,mobility")
    assert total(tree) == "3 Engagementangebote"
    assert list(chips(tree)) == ["Energie oder Mobilität", "offen oder pausiert"]
    assert option_of(tree, "status") == "open,paused"
    assert option_of(tree, "category") == "energy,mobility"


async def test_choices_follow_what_changes(town: Client, database: Database) -> None:
    before = offered(await page(town, "/offers"), "category")
    database.write_now(put, 9, offer("Dach", categories=about("buildings")), ("source", "agentur"))
    after = offered(await page(town, "/offers"), "category")
    assert after == {**before, "buildings": "Gebäude (1)"}


async def test_events_are_not_counted_by_what_is_long_over(town: Client) -> None:
    assert offered(await page(town, "/events"), "category") == {
        "energy": "Energie",
        "mobility": "Mobilität",
        "unmapped": "ohne Thema",
    }


async def test_orders_can_be_chosen(town: Client) -> None:
    tree = await page(town, "/offers?near=06108&radius=200")
    orders = tree.xpath("//nav[@aria-label='Reihenfolge']//a")
    assert [each.text for each in orders] == ["Neueste zuerst", "Nach Titel", "Nächste zuerst"]
    assert [each.get("aria-current") for each in orders] == [None, None, "true"]
    assert texts(tree, "//ul[@class='cards']//h3") == ["Ampel", "Chor"]
    by_title = await page(town, inner(orders[1].get("href")))
    assert texts(by_title, "//ul[@class='cards']//h3") == ["Ampel", "Chor"]
    newest = await page(town, inner(orders[0].get("href")))
    assert texts(newest, "//ul[@class='cards']//h3") == ["Chor", "Ampel"]


async def test_dropping_the_place_drops_the_order_by_it(town: Client) -> None:
    tree = await page(town, "/offers?near=06108&radius=5&sort=distance&lang=de")
    assert chips(tree) == {"5 km um 06108": f"{PREFIX}/offers?lang=de"}


async def test_kilometres_are_told_as_a_language_writes_numbers(town: Client) -> None:
    tree = await page(town, "/offers?near=06108&radius=3.5&lang=de")
    assert list(chips(tree)) == ["3,5 km um 06108"]
    english = await page(town, "/offers?near=06108&radius=3.5&lang=en")
    assert texts(english, "//h1") == ["Volunteering opportunities: 3.5 km around 06108"]


ALIKE = (
    "/offers?category=energy",
    "/offers?category=energy,mobility&status=open",
    "/offers?status=paused&remote=false",
    "/offers?remote=true",
    "/offers?commitment=one_off",
    "/offers?city=Borne",
    "/offers?has_lang=de",
    "/offers?climate=mitigation",
    "/offers?tag=fahrrad%5C%2C%20neu",
    "/offers?near=51.48,11.97&radius=5",
    "/offers?near=51.48,11.97&radius=5&sort=title",
    "/offers?bbox=11,51,12,52",
    "/offers?q=birke",
    "/offers?source=agentur&sort=title",
    f"/offers?organisation={CLUB}",
    "/organisations?type=association",
    "/organisations?type=company",
    "/events?type=course",
    "/events?status=cancelled",
    "/events?attendance=online",
    "/events?category=energy&from=2026-11-01&to=2026-12-31",
)


@pytest.mark.parametrize("query", ALIKE)
async def test_a_page_shows_what_the_data_has(town: Client, query: str) -> None:
    tree = await page(town, query)
    (address,) = tree.xpath("//link[@type='application/json']/@href")
    data = await said(town, address.removeprefix(PUBLIC_URL.rstrip("/")))
    shown = tree.xpath("//ul[@class='cards']//h3/a/@href | //p[@class='title']/a/@href")
    assert [href.rpartition("/")[2] for href in shown] == ids([data])
    found = total(tree).partition(" ")[0]
    assert found == str(data["pagination"]["totalElements"] or "Nichts")


async def test_what_has_no_field_is_kept_by_the_form(town: Client) -> None:
    tree = await page(town, "/offers?tag=fahrrad%5C%2C%20neu&climate=unassessed&lang=en")
    hidden = {
        each.get("name"): each.get("value")
        for each in tree.xpath("//form[contains(@class, 'filters')]/input[@type='hidden']")
    }
    assert hidden == {"tag": "fahrrad\\, neu", "climate": "unassessed", "lang": "en"}
    assert texts(tree, "//ul[@class='cards']//h3") == ["Birke"]


async def test_a_foreign_title_keeps_its_language_in_the_list(
    town: Client, database: Database
) -> None:
    database.write_now(touch, "offer", 1, title={"lt": "Šviesoforas"}, summary=None)
    tree = await page(town, "/offers")
    assert tree.xpath("//h3//*[@lang='lt']/text()") == ["Šviesoforas"]
