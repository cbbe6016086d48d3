"""One entry for people: all of it in plain words, where it comes from, or where it went."""

from typing import Any

import pytest

from aggregator.queries import Database
from tests.api.asking import ask
from tests.api.conftest import Client, Serve
from tests.api.lists_on_pages import texts
from tests.api.seeding import (
    HOUR,
    NOW,
    add_entity,
    add_event,
    add_facets_to,
    add_source,
    body,
    identity,
    move_view,
    remove,
    touch,
)
from tests.api.test_start_page import HOSTILE, page, text_of

OFFER = {
    "summary": {"de": "Junge Bäume brauchen Wasser.", "en": "Young trees need water."},
    "description": {"de": "Wir gießen.\n\nMit Kannen."},
    "description_html": {"de": "<h1>Wir</h1><p>gießen <b>viel</b>.</p>"},
    "commitment": "long_term",
    "schedule": {"de": "abends"},
    "hours": 2.5,
    "wanted": 3,
    "remote": False,
    "skills": ["Geduld"],
    "requirements": {"de": "keine"},
    "valid_through": "2026-12-24",
    "categories": [{"scheme": "topics", "term": "energy", "by": "source"}],
    "climate": ["adaptation"],
    "tags": ["Bäume"],
    "contact": {"role": "role", "email": "baum@agentur.example", "phone": "+49 345 12345"},
    "links": [{"url": "https://agentur.example/merkblatt.pdf", "type": "document"}],
    "images": [{"url": "https://agentur.example/bild.jpg", "credit": "Stadt"}],
    "place": {"street": "Markt 1", "locality": "Halle (Saale)", "postal_code": "06108"},
    "sources": [
        {
            "id": "agentur",
            "name": "Agentur",
            "url": "https://agentur.example/",
            "licence": "cc-by/4.0",
            "attribution": "Agentur Halle",
            "fetched": "2026-11-20T10:00:00Z",
        }
    ],
}


def path_of(kind: str, number: int = 1) -> str:
    return f"/{kind}s/{identity(kind, number)}"


@pytest.fixture
async def offered(database: Database, serve: Serve) -> Client:
    """A client of an instance with one rich offer."""
    database.write_now(add_source)
    database.write_now(add_entity, "offer", 1, body("offer", 1, **OFFER))
    return await serve(database)


async def test_an_offer_says_everything_in_plain_words(offered: Client) -> None:
    said = text_of(await page(offered, path_of("offer")))
    for part in (
        "Bäume gießen 1",
        "offen",
        "von Grüne Lunge e. V.",
        "Junge Bäume brauchen Wasser.",
        "Markt 1",
        "06108 Halle (Saale)",
        "langfristig",
        "2,5 Stunden in der Woche",
        "3 Personen",
        "Geduld",
        "24. Dezember",
        "Energie",
        "Klimaanpassung",
    ):
        assert part in said


async def test_an_offer_says_where_it_comes_from_and_whether_that_holds(offered: Client) -> None:
    said = text_of(await page(offered, path_of("offer")))
    assert "QuelleAgentur" in said
    assert "Zuletzt geändert20. November" in said
    assert "Zuletzt geprüftvor 60 Minuten" in said
    assert "Creative Commons Attribution 4.0 (CC BY 4.0)" in said
    assert "nicht bestätigt" not in said


async def test_there_is_one_big_thing_to_do(offered: Client) -> None:
    tree = await page(offered, path_of("offer"))
    (button,) = tree.xpath("//a[contains(@class, 'button')]")
    assert button.get("href") == "mailto:info@agentur.example"
    assert text_of(button) == "Jetzt melden per E-Mail"


async def test_a_description_keeps_its_markup_below_the_pages_headings(offered: Client) -> None:
    tree = await page(offered, path_of("offer"))
    assert tree.xpath("//main//b/text()") == ["viel"]
    assert tree.xpath("count(//h1)") == 1
    assert "Mit Kannen" not in text_of(tree)


async def test_a_summary_that_the_text_repeats_is_said_once(
    database: Database, serve: Serve
) -> None:
    fields = {
        "summary": {"de": "Wir gießen junge …"},
        "description": {"de": "Wir gießen  junge Bäume."},
    }
    database.write_now(add_entity, "offer", 1, body("offer", 1, **fields))
    tree = await page(await serve(database), path_of("offer"))
    assert text_of(tree.xpath("//main")[0]).count("Wir gießen") == 1


async def test_pictures_of_others_are_links_only(offered: Client) -> None:
    tree = await page(offered, path_of("offer"))
    assert tree.xpath("//main//img | //main//*[@src]") == []
    assert "https://agentur.example/bild.jpg" in tree.xpath("//main//a/@href")
    assert "Bild: Stadt" in text_of(tree)


async def test_texts_of_the_entry_say_their_language(offered: Client) -> None:
    tree = await page(offered, f"{path_of('offer')}?lang=en")
    assert tree.xpath("//h1/@lang") == ["de"]
    assert tree.xpath("//p[@class='lead']/@lang") == []
    assert tree.xpath("//p[@class='lead']/text()") == ["Young trees need water."]
    assert tree.xpath("//div[contains(@class, 'prose')]//b/ancestor::*[@lang][1]/@lang") == ["de"]


async def test_the_head_tells_programs_where_the_data_is(offered: Client) -> None:
    tree = await page(offered, path_of("offer"))
    data = f"/klima/v1{path_of('offer')}"
    assert tree.xpath("//link[@rel='alternate'][@type='application/json']/@href") == [data]
    assert tree.xpath("//link[@rel='canonical']/@href") == [
        f"https://stadt.example/klima{path_of('offer')}"
    ]
    assert tree.xpath("//meta[@name='description']/@content") == ["Junge Bäume brauchen Wasser."]
    assert tree.xpath("//meta[@property='og:title']/@content") == ["Bäume gießen 1"]


async def test_an_unconfirmed_source_is_said_plainly(database: Database, serve: Serve) -> None:
    database.write_now(add_source, outcome="refused", succeeded=NOW - 75 * HOUR)
    database.write_now(add_entity, "offer", 1)
    said = text_of(await page(await serve(database), path_of("offer")))
    assert "zuletzt gelesen wurde sie vor 3 Tagen" in said


async def test_what_is_held_back_says_so(database: Database, serve: Serve) -> None:
    database.write_now(add_source)
    database.write_now(add_entity, "offer", 1, body("offer", 1, freshness="withheld"))
    said = text_of(await page(await serve(database), path_of("offer")))
    assert "womöglich entfernt oder geändert" in said


async def test_a_series_says_how_it_repeats_and_its_next_dates(
    database: Database, serve: Serve
) -> None:
    spans = [(NOW + n * 168 * HOUR, NOW + (n * 168 + 2) * HOUR) for n in range(-1, 3)]
    database.write_now(add_event, 1, *spans, statuses={2: "cancelled"})
    database.write_now(touch, "event", 1, recurrence={"rule": "FREQ=WEEKLY"})
    tree = await page(await serve(database), path_of("event"))
    said = text_of(tree)
    assert "Nächster Termin Samstag, 21. November, 13:00–15:00 Uhr" in said
    assert "jeden Samstag, 13:00–15:00 Uhr" in said
    dates = [text_of(each) for each in tree.xpath("//section[@aria-labelledby='dates']//li")]
    assert len(dates) == 3
    assert f"/klima/v1{path_of('event')}.ics" in tree.xpath("//main//a/@href")


@pytest.mark.parametrize(
    ("status", "said"), [("cancelled", "ist abgesagt"), ("postponed", "ist verschoben")]
)
async def test_what_is_called_off_says_so_first(
    database: Database, serve: Serve, status: str, said: str
) -> None:
    database.write_now(add_event, 1, (NOW + HOUR, NOW + 2 * HOUR))
    database.write_now(touch, "event", 1, status=status)
    tree = await page(await serve(database), path_of("event"))
    assert said in text_of(tree.xpath("//div[contains(@class, 'notice')]")[0])
    assert tree.xpath("//h1/@class") == ["off"]


async def test_what_is_over_says_so(database: Database, serve: Serve) -> None:
    database.write_now(add_event, 1, (NOW - 3 * HOUR, NOW - 2 * HOUR))
    database.write_now(
        touch,
        "event",
        1,
        when={"start": "2026-11-21T10:00:00+01:00", "zone": "Europe/Berlin"},
    )
    said = text_of(await page(await serve(database), path_of("event")))
    assert "Diese Veranstaltung ist vorbei." in said


@pytest.mark.parametrize(
    ("more", "button"),
    [
        ({"respond": {"url": "https://verein.example/anmelden"}}, ["Anmelden"]),
        ({"respond": {"url": "https://verein.example/fest"}}, ["Mehr zur Veranstaltung"]),
        ({"respond": {"url": "https://verein.example/anmelden"}, "status": "cancelled"}, []),
    ],
)
async def test_nobody_is_asked_to_sign_up_where_that_is_not_known_to_help(
    database: Database, serve: Serve, more: dict[str, Any], button: list[str]
) -> None:
    database.write_now(add_event, 1, (NOW + HOUR, NOW + 2 * HOUR))
    when = {"start": "2026-11-21T14:00:00+01:00", "zone": "Europe/Berlin"}
    database.write_now(touch, "event", 1, when=when, url="https://verein.example/fest", **more)
    tree = await page(await serve(database), path_of("event"))
    assert texts(tree, "//a[contains(@class, 'button')]") == button
    assert len(tree.xpath("//a[@href='https://verein.example/fest']")) == 1


async def test_an_organisation_shows_what_it_has(database: Database, serve: Serve) -> None:
    whose = ("organisation", str(identity("organisation", 1)))
    database.write_now(add_entity, "organisation", 1)
    for number in range(1, 9):
        database.write_now(add_entity, "offer", number)
        database.write_now(add_facets_to, "offer", number, whose)
    database.write_now(add_event, 1, (NOW + HOUR, NOW + 2 * HOUR))
    database.write_now(add_facets_to, "event", 1, whose)
    client = await serve(database)
    tree = await page(client, path_of("organisation"))
    offers = tree.xpath("//section[@aria-labelledby='offers']//li//a/@href")
    assert offers == [f"/klima{path_of('offer', n)}" for n in range(8, 2, -1)]
    assert "Alle 8 Engagementangebote" in text_of(tree)
    events = tree.xpath("//section[@aria-labelledby='events']//li//a/@href")
    assert events == [f"/klima{path_of('event')}"]
    (onward,) = tree.xpath("//section[@aria-labelledby='events']/p/a")
    assert text_of(onward) == "Alle Veranstaltungen"
    related = await page(client, path_of("offer", 8))
    assert f"/klima{path_of('offer', 8)}" not in related.xpath("//main//li//a/@href")


async def test_a_withdrawn_entry_is_gone_in_words(offered: Client, database: Database) -> None:
    database.write_now(remove, "offer", 1, "withdrawn")
    for language, said in (("de", "nicht mehr da"), ("en", "no longer here")):
        answer = await ask(offered, f"{path_of('offer')}?lang={language}")
        text = await answer.text()
        assert answer.status == 410
        assert said in text
        assert "20. November" in text or "20 November" in text


async def test_of_an_erased_entry_nothing_more_is_said(offered: Client, database: Database) -> None:
    database.write_now(remove, "offer", 1, "erased")
    answer = await ask(offered, path_of("offer"))
    text = await answer.text()
    assert answer.status == 410
    assert "20. November" not in text
    assert "Bäume" not in text


async def test_a_merged_entry_leads_to_its_survivor(offered: Client, database: Database) -> None:
    database.write_now(add_entity, "offer", 2)
    database.write_now(remove, "offer", 1, "merged", 2)
    answer = await ask(offered, f"{path_of('offer')}?lang=en")
    assert answer.status == 308
    assert answer.headers["Location"] == f"https://stadt.example/klima{path_of('offer', 2)}?lang=en"


@pytest.mark.parametrize("path", ["/offers/x", "/events/{}", "/offers/{}X"])
async def test_an_entry_there_never_was_is_not_found(offered: Client, path: str) -> None:
    answer = await ask(offered, path.format(identity("offer", 1)), Accept="text/html")
    assert answer.status == 404
    assert answer.content_type == "text/html"
    assert "Not Found" not in await answer.text()


@pytest.mark.parametrize("kind", ["offer", "organisation", "event", "project"])
async def test_nothing_hostile_becomes_markup(database: Database, serve: Serve, kind: str) -> None:
    hostile: dict[str, Any] = HOSTILE | {
        "organisation": {**HOSTILE["organisation"], "id": str(identity("organisation", 1))},
        "description_html": {"de": "<script>x</script><img src=x><p onclick=x>a</p>"},
        "links": [{"url": "javascript:x", "title": {"de": "<u>"}}],
        "images": [{"url": "data:text/html,x", "credit": "<u>"}],
        "contact": {"name": "<u>", "url": "javascript:x", "phone": '1"><u>', "email": "<u>@b"},
        "tags": ["<u>"],
        "schedule": {"de": "<u>"},
        "sources": [{"id": "q", "name": "<u>", "url": "javascript:x", "licence": "<u>"}],
    }
    database.write_now(add_entity, kind, 1, body(kind, 1, **hostile))
    tree = await page(await serve(database), path_of(kind))
    assert tree.xpath("//script | //img | //b | //i | //s | //u | //*[@onclick]") == []
    schemes = {link.partition(":")[0] for link in tree.xpath("//@href") if ":" in link}
    assert schemes <= {"mailto", "tel", "https", "http"}


async def test_a_page_is_known_again_until_something_changes(
    offered: Client, database: Database
) -> None:
    first = await ask(offered, path_of("offer"))
    tag = first.headers["ETag"]
    assert (await ask(offered, path_of("offer"), If_None_Match=tag)).status == 304
    database.write_now(touch, "offer", 1, title={"de": "Anders"})
    database.write_now(move_view)
    assert (await ask(offered, path_of("offer"), If_None_Match=tag)).status == 200
