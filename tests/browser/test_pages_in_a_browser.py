"""The pages as people meet them: on a phone, on a desk, by keyboard, in the dark."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.browser.conftest import Visit, Visiting

pytestmark = pytest.mark.browser

PAGES = {
    "start": "/",
    "start-en": "/?lang=en",
    "data": "/data",
    "admin": "/admin",
    "run": "/admin/runs/5",
    "problem": "/problems/run.held",
}
WIDTHS = {"narrow": 320, "phone": 390, "desk": 1280}
CONTRAST = Path(__file__).with_name("looking.js").read_text()
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll('nav a, .actions a, .data a, .language, .name a')]
    .filter((link) => link.getBoundingClientRect().height < 24).map((link) => link.textContent)"""
FOCUS = """() => { const at = document.activeElement, box = at.getBoundingClientRect();
    return at.tagName === 'A' ? {href: at.getAttribute('href'), outline:
    getComputedStyle(at).outlineStyle, seen: box.width > 0 && box.right > 0 &&
    box.bottom > 0 && box.top < innerHeight} : null; }"""
LINKS = "() => [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'))"
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


@pytest.mark.parametrize("name", ["start", "admin", "run"])
async def test_every_link_is_reached_by_keyboard_and_seen(visiting: Visiting, name: str) -> None:
    async with visiting(WIDTHS["desk"]) as visit:
        await visit.open(PAGES[name])
        wanted = await visit.page.evaluate(LINKS)
        reached = []
        for _ in wanted:
            await visit.page.keyboard.press("Tab")
            focus = await visit.page.evaluate(FOCUS)
            assert focus
            assert focus["seen"]
            assert focus["outline"] != "none"
            reached.append(focus["href"])
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


async def test_pages_can_be_read_at_double_text_size(visiting: Visiting) -> None:
    async with visiting(WIDTHS["phone"]) as visit:
        for name, path in PAGES.items():
            await visit.open(path)
            await visit.page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
            assert await visit.page.evaluate(OVERFLOW) <= 0, name
            await visit.shoot(f"{name}-double")
