"""The pages as people meet them: on a phone, on a desk, by keyboard, in the dark."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.browser.conftest import Visit, Visiting
from tests.browser.kinds_of_page import PAGES as KINDS

pytestmark = pytest.mark.browser

LISTS = ("offers", "offers-narrowed", "events", "month", "organisations")
"""Kinds of page that have tests of their own."""
PAGES = {name: path for name, path in KINDS.items() if name not in LISTS} | {
    "start-en": "/?lang=en"
}
WIDTHS = {"narrow": 320, "phone": 390, "desk": 1280}
CONTRAST = Path(__file__).with_name("looking.js").read_text()
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll('nav a, .actions a, .data a, .languages a, .brand,' +
    ' .crumbs a, .topics a, .rows a, .cards h3 a, .counts a, .button, button, input, select')]
    .filter((each) => each.getClientRects().length && each.getBoundingClientRect().height < 24)
    .map((each) => each.outerHTML)"""
FOCUS = """() => { const at = document.activeElement, box = at.getBoundingClientRect();
    return at !== document.body ? {name: at.getAttribute('href') || at.tagName, outline:
    getComputedStyle(at).outlineStyle, seen: box.width > 0 && box.right > 0 &&
    box.bottom > 0 && box.top < innerHeight} : null; }"""
REACHED = """() => [...document.querySelectorAll('a[href], input:not([type=hidden]), button,' +
    ' select, summary')].filter((each) => each.checkVisibility())
    .map((each) => each.getAttribute('href') || each.tagName)"""
MOVING = """() => [...document.querySelectorAll('*')].filter((each) =>
    parseFloat(getComputedStyle(each).transitionDuration) > 0).map((each) => each.outerHTML)"""
WHERE = "() => document.activeElement.textContent.trim()"
HEADINGS = "() => [...document.querySelectorAll('h1, h2, h3')].map((each) => +each.tagName[1])"


async def look(visit: Visit, name: str) -> None:
    """What must hold for every page at every size."""
    await visit.open(PAGES[name])
    assert await visit.page.evaluate(OVERFLOW) <= 0, "the page scrolls sideways"
    assert await visit.page.evaluate(SMALL) == [], "links too small for a finger"
    assert await visit.page.evaluate(CONTRAST) == [], "text too pale"
    levels = await visit.page.evaluate(HEADINGS)
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("size", WIDTHS)
async def test_pages_fit_and_can_be_read(visiting: Visiting, size: str) -> None:
    async with visiting(WIDTHS[size]) as visit:
        for name in PAGES:
            await look(visit, name)
            await visit.shoot(f"{name}-{size}")


async def test_pages_can_be_read_in_the_dark(visiting: Visiting) -> None:
    async with visiting(WIDTHS["phone"], color_scheme="dark") as visit:
        for name in PAGES:
            await look(visit, name)
            await visit.shoot(f"{name}-dark")


async def test_pages_ask_no_foreign_host_and_nothing_goes_wrong(visiting: Visiting) -> None:
    async with visiting(WIDTHS["desk"]) as visit:
        for path in PAGES.values():
            await visit.open(path)
        assert len(visit.asked) > len(PAGES)
        assert visit.foreign() == []
        assert visit.troubles == []


@pytest.mark.parametrize("name", ["start", "event", "organisation", "admin", "run"])
async def test_everything_is_reached_by_keyboard_and_seen(visiting: Visiting, name: str) -> None:
    async with visiting(WIDTHS["desk"]) as visit:
        await visit.open(PAGES[name])
        wanted = await visit.page.evaluate(REACHED)
        reached = []
        for _ in wanted:
            await visit.page.keyboard.press("Tab")
            focus = await visit.page.evaluate(FOCUS)
            assert focus
            assert focus["seen"]
            assert focus["outline"] != "none"
            reached.append(focus["name"])
        assert reached == wanted


async def test_the_first_key_leads_past_the_menu(visiting: Visiting) -> None:
    async with visiting(WIDTHS["desk"]) as visit:
        await visit.open("/")
        await visit.page.keyboard.press("Tab")
        await visit.shoot("start-skip")
        await visit.page.keyboard.press("Enter")
        await visit.page.keyboard.press("Tab")
        focused = await visit.page.evaluate("() => document.activeElement.closest('main') !== null")
        assert focused


async def until(visit: Visit, text: str) -> None:
    """Press Tab until what has this text is focused."""
    for _ in range(60):
        await visit.page.keyboard.press("Tab")
        if await visit.page.evaluate(WHERE) == text:
            return
    raise AssertionError(f"never reached: {text}")


async def test_an_offer_is_found_read_and_left_by_keyboard_alone(visiting: Visiting) -> None:
    async with visiting(WIDTHS["phone"]) as visit:
        await visit.open("/")
        await until(visit, "Angebote")
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_url("**/offers")
        await until(visit, "Viel Text")
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_url("**/offers/*-*")
        assert await visit.page.inner_text("h1") == "Viel Text"
        await until(visit, "Alle Angebote")
        await visit.page.go_back()
        await visit.page.wait_for_url("**/offers")
        assert visit.troubles == []


async def test_the_language_is_changed_and_kept_by_keyboard(visiting: Visiting) -> None:
    async with visiting(WIDTHS["desk"]) as visit:
        await visit.open(PAGES["event"])
        await until(visit, "English")
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_url("**?lang=en")
        await until(visit, "Opportunities")
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_url("**/offers?lang=en")
        assert await visit.page.get_attribute("html", "lang") == "en"


async def test_nothing_moves_for_those_who_want_that(visiting: Visiting) -> None:
    async with visiting(WIDTHS["desk"], reduced_motion="reduce") as visit:
        await visit.open("/")
        moving = await visit.page.evaluate(MOVING)
        assert moving == []


async def test_paper_shows_the_content_and_where_links_lead(visiting: Visiting) -> None:
    async with visiting(WIDTHS["desk"]) as visit:
        await visit.open(PAGES["offer"])
        await visit.page.emulate_media(media="print")
        assert not await visit.page.is_visible(".menu")
        assert await visit.page.is_visible("h1")
        await visit.shoot("offer-print")


async def test_pages_can_be_read_at_double_text_size(visiting: Visiting) -> None:
    async with visiting(WIDTHS["phone"]) as visit:
        for name, path in PAGES.items():
            await visit.open(path)
            await visit.page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
            assert await visit.page.evaluate(OVERFLOW) <= 0, name
            await visit.shoot(f"{name}-double")
