"""axe finds nothing on any kind of page, in either language, in light and in dark."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Visit, Visiting
from tests.browser.kinds_of_page import FAILING, PAGES, in_language

pytestmark = pytest.mark.browser

RUN = """async () => {
    document.querySelectorAll('details').forEach((each) => { each.open = true });
    const { violations, passes } = await axe.run(document, { resultTypes: ['violations'] });
    return {
        passed: passes.length,
        found: violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
    };
}"""
AROUND = "<!doctype html><html lang=de><title>Stadt</title><main><h1>Stadt</h1>{}</main>"
LOOKS: Any = {
    "german, light, on a desk": ("de", 1280, "light"),
    "english, dark, on a phone": ("en", 390, "dark"),
}


async def judge(visit: Visit, axe: str, path: str, status: int = 200) -> None:
    """Nothing that axe knows is violated, and it did look."""
    await visit.open(path, status)
    await visit.page.evaluate(axe)
    said = await visit.page.evaluate(RUN)
    assert said["found"] == [], path
    assert said["passed"] > 10


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_no_violation_on_any_page(visiting: Visiting, axe: str, look: str) -> None:
    language, width, scheme = LOOKS[look]
    async with visiting(width, color_scheme=scheme) as visit:
        for path in PAGES.values():
            await judge(visit, axe, in_language(path, language))
        for path, status in FAILING.values():
            await judge(visit, axe, in_language(path, language), status)


async def test_axe_finds_no_violation_in_a_page_around_a_fragment(
    visiting: Visiting, axe: str
) -> None:
    async with visiting(390) as visit:
        for kind in ("offers", "events", "organisations", "projects"):
            await visit.open(f"/embed?kind={kind}&lang=en")
            fragment = await visit.page.evaluate("() => document.body.innerHTML")
            await visit.page.set_content(AROUND.format(fragment))
            await visit.page.evaluate(axe)
            said = await visit.page.evaluate(RUN)
            assert said["found"] == [], kind


async def test_axe_would_find_something(visiting: Visiting, axe: str) -> None:
    async with visiting(1280) as visit:
        await visit.open("/")
        await visit.page.evaluate("() => document.documentElement.removeAttribute('lang')")
        await visit.page.evaluate(axe)
        said = await visit.page.evaluate(RUN)
        assert [each.partition(":")[0] for each in said["found"]] == ["html-has-lang"]


def test_every_kind_of_page_is_looked_at() -> None:
    templates = (Path(__file__).parents[2] / "api").rglob("templates/**/*.html")
    pages = {each.stem for each in templates if "extends" in each.read_text("utf-8")}
    assert pages - UNSEEN <= NAMED, "a new kind of page: add it to kinds_of_page"


NAMED = {
    "start", "list", "events", "month", "entry", "data", "imprint.de", "imprint.en", "privacy.de",
    "privacy.en", "accessibility.de", "accessibility.en", "problem", "gone", "monitor", "runs",
    "run", "source", "search",
}  # fmt: skip
UNSEEN = {"own", "admin_base", "login"}
"""Looked at elsewhere, or no page by itself."""
