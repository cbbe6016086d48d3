"""`/docs` in a real browser: Swagger UI runs under our policy and asks nobody but us."""

import pytest

from tests.browser.conftest import Visiting

pytestmark = pytest.mark.browser

LIST = "#operations-Entries-list_offers"


async def test_the_document_is_shown_and_nobody_else_is_asked(visiting: Visiting) -> None:
    async with visiting(1280) as visit:
        await visit.open("/docs")
        await visit.page.wait_for_selector(LIST)
        await visit.shoot("docs")
        assert visit.foreign() == []
        assert visit.troubles == []


async def test_an_address_can_be_tried_out(visiting: Visiting) -> None:
    async with visiting(1280) as visit:
        await visit.open("/docs")
        await visit.page.click(f"{LIST} .opblock-summary-control")
        await visit.page.click(f"{LIST} .try-out__btn")
        await visit.page.click(f"{LIST} .execute")
        await visit.page.wait_for_selector(f"{LIST} .live-responses-table")
        shown = await visit.page.inner_text(
            f"{LIST} .live-responses-table .response .response-col_status"
        )
        assert shown.startswith("200")
        assert visit.foreign() == []
        assert visit.troubles == []


async def test_the_page_fits_a_phone(visiting: Visiting) -> None:
    async with visiting(390) as visit:
        await visit.open("/docs")
        await visit.page.wait_for_selector(LIST)
        wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await visit.page.evaluate(wide) <= 0
        await visit.shoot("docs-phone")
