"""Imprint, privacy and accessibility are one link away on every page, and say what is true."""

from pathlib import Path

import pytest

from aggregator.queries import Database
from aggregator.settings import SiteSettings
from tests.api.asking import ask
from tests.api.conftest import Client, Serve
from tests.api.test_start_page import page, text_of

EVERYWHERE = ("/", "/data", "/docs", "/admin", "/imprint", "/problems/run.held", "/?lang=en")


def written(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_every_page_links_to_them(face: Client, path: str) -> None:
    links = (await page(face, path)).xpath("//footer//a/@href")
    for name in ("imprint", "privacy", "accessibility"):
        assert any(link.startswith(f"/klima/{name}") for link in links)


async def test_error_pages_link_to_them(face: Client) -> None:
    answer = await ask(face, "/no-such-page", Accept="text/html")
    assert answer.status == 404
    assert "/klima/imprint" in await answer.text()


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", ["imprint", "privacy", "accessibility"])
async def test_our_own_pages_are_in_the_readers_language(
    face: Client, name: str, language: str
) -> None:
    tree = await page(face, f"/{name}?lang={language}")
    assert tree.get("lang") == language
    assert len(tree.xpath("//h1")) == 1


async def test_an_imprint_nobody_wrote_says_so(face: Client) -> None:
    assert "noch nicht ausgefüllt" in text_of(await page(face, "/imprint"))


async def test_a_text_of_the_operators_is_shown_in_its_language(
    database: Database, serve: Serve, tmp_path: Path
) -> None:
    text = "# Impressum der Stadt\n\n**Markt 1**, <script>x</script>"
    site = SiteSettings(imprint=written(tmp_path, "i.md", text))
    client = await serve(database, site=site)
    german, english = await page(client, "/imprint"), await page(client, "/imprint?lang=en")
    assert german.xpath("//h1/text()") == ["Impressum der Stadt"]
    assert german.xpath("//main//strong/text()") == ["Markt 1"]
    assert german.xpath("//script | //main//*[@lang]") == []
    assert english.xpath("//h1/ancestor::*[@lang='de']")


async def test_a_plain_text_gets_the_pages_own_title(
    database: Database, serve: Serve, tmp_path: Path
) -> None:
    site = SiteSettings(privacy=written(tmp_path, "p.txt", "Wir speichern nichts.\n\nGar nichts."))
    tree = await page(await serve(database, site=site), "/privacy")
    assert tree.xpath("//h1/text()") == ["Datenschutz"]
    assert tree.xpath("//main//p/text()") == ["Wir speichern nichts.", "Gar nichts."]


async def test_a_page_elsewhere_is_linked_and_led_to(database: Database, serve: Serve) -> None:
    elsewhere = "https://stadt.example/impressum"
    client = await serve(database, site=SiteSettings(imprint=elsewhere))
    assert elsewhere in (await page(client)).xpath("//footer//a/@href")
    answer = await ask(client, "/imprint")
    assert (answer.status, answer.headers["Location"]) == (302, elsewhere)


@pytest.mark.parametrize(
    ("feedback", "href"),
    [
        ("barrierefrei@stadt.example", "mailto:barrierefrei@stadt.example"),
        ("https://stadt.example/melden", "https://stadt.example/melden"),
    ],
)
async def test_barriers_are_reported_where_the_operator_says(
    database: Database, serve: Serve, feedback: str, href: str
) -> None:
    client = await serve(database, site=SiteSettings(feedback=feedback))
    assert href in (await page(client, "/accessibility")).xpath("//main//a/@href")


async def test_a_logo_is_served_by_us_under_its_content(
    database: Database, serve: Serve, tmp_path: Path
) -> None:
    picture = "<svg xmlns='http://www.w3.org/2000/svg'/>"
    site = SiteSettings(logo=written(tmp_path, "Wappen der Stadt.SVG", picture), logo_alt="Wappen")
    client = await serve(database, site=site)
    (image,) = (await page(client)).xpath("//header//img")
    assert image.get("alt") == "Wappen"
    answer = await ask(client, image.get("src").removeprefix("/klima"))
    assert (answer.content_type, await answer.text()) == ("image/svg+xml", picture)
    assert "immutable" in answer.headers["Cache-Control"]
