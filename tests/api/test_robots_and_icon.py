"""`/robots.txt` and `/favicon.ico`: what is asked for unbidden is there."""

from urllib.robotparser import RobotFileParser

import pytest

from aggregator.queries import Database
from api.links import Links
from api.site.robots import rules_of
from tests.api.asking import ask
from tests.api.conftest import Client, Serve
from tests.api.lists_on_pages import inner, page
from tests.api.seeding import PUBLIC_URL


@pytest.fixture
async def client(database: Database, serve: Serve) -> Client:
    return await serve(database)


async def test_search_engines_may_read_pages_but_none_of_the_administration(
    client: Client,
) -> None:
    answer = await ask(client, "/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    rules = RobotFileParser()
    rules.parse((await answer.text()).splitlines())
    for path in ("", "offers", "events/month?month=2026-12", "v1/offers", "embed"):
        assert rules.can_fetch("Anybot", f"{PUBLIC_URL}{path}"), path
    for path in ("admin", "admin/", "admin/runs/7", "admin/login?next=%2F"):
        assert not rules.can_fetch("Anybot", f"{PUBLIC_URL}{path}"), path
    again = await ask(client, "/robots.txt", If_None_Match=answer.headers["ETag"])
    assert again.status == 304


def test_rules_begin_with_the_public_path() -> None:
    assert rules_of(Links("https://stadt.example")) == (
        "User-agent: *\nDisallow: /admin\nAllow: /\n"
    )
    assert rules_of(Links("https://stadt.example/klima/")) == (
        "User-agent: *\nDisallow: /klima/admin\nAllow: /klima/\n"
    )


async def test_a_browser_that_asks_unbidden_is_led_to_the_icon_of_the_pages(
    client: Client,
) -> None:
    answer = await ask(client, "/favicon.ico")
    assert answer.status == 302
    (named,) = (await page(client, "/")).xpath("//link[@rel='icon']/@href")
    assert answer.headers["Location"] == named
    icon = await ask(client, inner(named))
    assert (icon.status, icon.headers["Content-Type"]) == (200, "image/svg+xml")
