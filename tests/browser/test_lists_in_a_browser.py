"""Lists, agenda and month as people meet them: narrowed down by keyboard, on a phone and a desk."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Visit, Visiting

pytestmark = pytest.mark.browser

PAGES = {
    "offers": "/offers",
    "offers-narrowed": "/offers?lang=en&q=baum&source=agentur&near=06108&radius=5",
    "organisations": "/organisations",
    "events": "/events",
    "events-en": "/events?lang=en&from=2026-11-21&to=2026-11-30",
    "search": "/search?q=giessen",
    "month": "/events/month",
    "month-en": "/events/month?lang=en&month=2026-12",
}
WIDTHS = {"narrow": 320, "phone": 390, "desk": 1280}
CONTRAST = Path(__file__).with_name("looking.js").read_text()
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll('main a, main button, main select, main summary')]
    .filter((each) => each.getClientRects().length && each.getBoundingClientRect().height < 24)
    .map((each) => each.outerHTML)"""
HEADINGS = "() => [...document.querySelectorAll('h1, h2, h3')].map((each) => +each.tagName[1])"
FOLDS = "() => document.querySelectorAll('details').forEach((each) => { each.open = true })"
FOCUSED = "() => document.activeElement.id || document.activeElement.textContent.trim()"


async def look(visit: Visit, name: str) -> None:
    """What must hold for every list at every size, folded and unfolded."""
    await visit.open(PAGES[name])
    levels = await visit.page.evaluate(HEADINGS)
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for _ in range(2):
        assert await visit.page.evaluate(OVERFLOW) <= 0, "the page scrolls sideways"
        assert await visit.page.evaluate(SMALL) == [], "too small for a finger"
        assert await visit.page.evaluate(CONTRAST) == [], "text too pale"
        await visit.page.evaluate(FOLDS)


@pytest.mark.parametrize("size", WIDTHS)
async def test_lists_fit_and_can_be_read(visiting: Visiting, size: str) -> None:
    async with visiting(WIDTHS[size]) as visit:
        for name, path in PAGES.items():
            await look(visit, name)
            await visit.open(path)
            await visit.shoot(f"{name}-{size}")
        assert visit.foreign() == []
        assert visit.troubles == []


async def test_lists_can_be_read_in_the_dark(visiting: Visiting) -> None:
    async with visiting(WIDTHS["phone"], color_scheme="dark") as visit:
        for name in PAGES:
            await look(visit, name)


async def until_focused(page: Any, id_: str) -> None:
    """Press Tab until the element with an id has the focus."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate(FOCUSED) == id_:
            return
    raise AssertionError(id_)


async def test_a_list_is_narrowed_down_and_widened_again_by_keyboard(visiting: Visiting) -> None:
    async with visiting(WIDTHS["desk"]) as visit:
        await visit.open("/offers")
        await until_focused(visit.page, "f-q")
        await visit.page.keyboard.type("nirgends zu finden")
        async with visit.page.expect_navigation():
            await visit.page.keyboard.press("Enter")
        assert visit.page.url == f"{visit.origin}/offers?q=nirgends%20zu%20finden"
        assert await visit.page.inner_text("#results") == "Nichts gefunden"
        await visit.page.focus(".chips a")
        async with visit.page.expect_navigation():
            await visit.page.keyboard.press("Enter")
        assert visit.page.url == f"{visit.origin}/offers"


async def test_what_folds_on_a_phone_stands_open_on_a_desk(visiting: Visiting) -> None:
    for size, seen in (("phone", False), ("desk", True)):
        async with visiting(WIDTHS[size]) as visit:
            await visit.open("/offers")
            assert await visit.page.is_visible("#f-near") == seen
            assert await visit.page.is_visible(".narrowing > summary") != seen


async def test_a_mistake_is_led_to_from_its_explanation(visiting: Visiting) -> None:
    async with visiting(WIDTHS["phone"]) as visit:
        await visit.page.goto(f"{visit.origin}/offers?near=99999")
        await visit.shoot("offers-mistaken-phone")
        await visit.page.click("[role=alert] a")
        assert await visit.page.is_visible("#f-near")
        assert await visit.page.get_attribute("#f-near", "aria-invalid") == "true"


async def test_a_month_keeps_being_a_table_for_who_cannot_see_it(visiting: Visiting) -> None:
    async with visiting(WIDTHS["phone"]) as visit:
        await visit.open("/events/month")
        table = visit.page.get_by_role("table", name="November 2026: Veranstaltungen je Tag")
        assert await table.count() == 1
        assert await visit.page.get_by_role("cell").count() > 0
