"""Looking after the sources in a real browser: log in, read, decide by keyboard alone."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy
from typing import Any

import orjson
import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import Connection, select

from aggregator.queries import Database
from aggregator.settings import ServiceSettings, Settings, SourceSettings
from aggregator.store.tables import withheld
from api.app import make_app
from tests.api.administering import NAME, PASSWORD, guarded
from tests.api.seeding import HOUR, NOW, FixedClock, add_quarantined, add_record, add_run
from tests.browser.conftest import PROBLEM, Visit, Visiting, furnish
from tests.browser.test_accessibility import RUN as AXE
from tests.browser.test_pages_in_a_browser import CONTRAST, OVERFLOW

pytestmark = pytest.mark.browser

LOGIN = "/admin/login?next=/admin/runs/6"
RUN = "/admin/runs/6"
PAGES = {
    "admin": "/admin",
    "admin-source": "/admin/sources/agentur",
    "admin-runs": "/admin/runs",
    "admin-runs-of-one": "/admin/runs?source=kaputt",
    "admin-run": RUN,
}
PICTURE = Path(__file__).parents[2] / "docs" / "images" / "admin.png"
SMALL = """() => [...document.querySelectorAll('.history a, button, .actions a, .pager a')]
    .filter((each) => each.getBoundingClientRect().height < 24).map((each) => each.textContent)"""
TITLES = ("Bäume gießen im Stadtpark", "Nistkästen bauen", "Radwege prüfen", "Suppe kochen")


def hold_back(connection: Connection) -> None:
    """Run 6: a visit whose list has lost four offers, and says another title of one."""
    items = [["offer", f"a{n}", "removal"] for n in range(4)] + [["offer", "a4", "change"]]
    add_run(
        connection,
        outcome="held",
        held=orjson.dumps(items).decode(),
        problem=PROBLEM.format("run.held"),
        cause="schedule",
        started=NOW - HOUR,
        ended=NOW - HOUR,
    )
    for number, title in enumerate((*TITLES, "Sprachcafé")):
        body = {"title": {"de": title}, "status": "open", "contact": {"email": "x@y.example"}}
        columns = {"native_id": f"a{number}", "body": orjson.dumps(body), "entity_no": number + 2}
        add_record(connection, 100 + number, **columns)
    said = orjson.dumps({"title": [{"de": "Sprachcafé"}, {"de": "Sprachcafé für alle"}]}).decode()
    for kind, native_id, what in items:
        row = {"source": "agentur", "kind": kind, "native_id": native_id, "what": what, "run": 6}
        said_of = said if what == "change" else None
        connection.execute(withheld.insert().values(**row, since=NOW - HOUR, said=said_of))
    refused = '[{"code": "record.no_title", "path": "title", "message": ""}]'
    add_quarantined(connection, "4711", problems=refused)


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Any:
    """A furnished database in which somebody has to decide."""
    opened = Database(f"sqlite:///{copy(sqlite_template, tmp_path / 'admin.db')}")
    opened.write_now(furnish)
    opened.write_now(hold_back)
    yield opened
    opened.close()


@pytest.fixture
async def instance(database: Database, tmp_path: Path) -> AsyncIterator[str]:
    """The address of the instance, which has a password."""
    settings = Settings(
        service=ServiceSettings(title="Klima in Halle"),
        admin=guarded(tmp_path),
        sources=(SourceSettings(id="agentur", connector="freinet", licence="cc-by/4.0"),),
    )
    async with TestServer(make_app(database, settings, FixedClock())) as server:
        yield str(server.make_url("")).rstrip("/")


async def enter(visit: Visit, password: str) -> None:
    """Type into the field that is focused when the form is there, and send it."""
    await visit.page.wait_for_selector("#password:focus")
    await visit.page.keyboard.type(password)
    await visit.page.keyboard.press("Enter")


async def log_in(visit: Visit) -> None:
    """Type the password into the focused field, and Enter."""
    await visit.open(LOGIN)
    await enter(visit, PASSWORD)
    await visit.page.wait_for_url(f"{visit.origin}{RUN}")


async def tab_to(visit: Visit, text: str) -> None:
    """Press Tab until what has this text is focused."""
    for _ in range(60):
        await visit.page.keyboard.press("Tab")
        if (await visit.page.evaluate("() => document.activeElement.textContent")).strip() == text:
            return
    raise AssertionError(f"{text} is not reached by keyboard")


async def test_a_held_run_is_decided_by_keyboard_alone(
    visiting: Visiting, database: Database
) -> None:
    async with visiting(1280) as visit:
        await visit.open("/admin")
        assert visit.page.url.endswith("/admin/login?next=%2Fadmin")
        await log_in(visit)
        await tab_to(visit, "Freigeben")
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_url(f"{visit.origin}{RUN}?told=approved#held")
        text = await visit.page.inner_text("main")
        assert "Freigegeben. Der nächste Besuch der Quelle lässt es zu" in text
        assert f"Freigegeben von {NAME}" in text
        await visit.shoot("admin-decided")
        decided = database.read_now(lambda c: set(c.execute(select(withheld.c.decision)).scalars()))
        assert decided == {"approved"}
        await tab_to(visit, "Abmelden")
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_url("**/admin/login")
        assert await visit.page.context.cookies() == []
        assert visit.foreign() == []
        assert visit.troubles == []


async def violations(visit: Visit, axe: str) -> list[str]:
    """What axe finds on the page as it is."""
    await visit.page.evaluate(axe)
    said = await visit.page.evaluate(AXE)
    assert said["passed"] > 10
    found: list[str] = said["found"]
    return found


async def test_a_wrong_password_is_told_to_everybody(visiting: Visiting, axe: str) -> None:
    async with visiting(390) as visit:
        await visit.open(LOGIN)
        assert await violations(visit, axe) == []
        await visit.shoot("admin-login-phone")
        await enter(visit, "not it")
        await visit.page.wait_for_selector("[role=alert]")
        assert await visit.page.inner_text("[role=alert]") == "Das ist nicht das Passwort."
        await visit.page.wait_for_selector("#password:focus")
        assert await violations(visit, axe) == []
        await visit.shoot("admin-wrong-phone")


async def look(visit: Visit, axe: str, name: str) -> None:
    """What must hold for every page at every size."""
    await visit.open(PAGES[name])
    assert await visit.page.evaluate(OVERFLOW) <= 0, "the page scrolls sideways"
    assert await visit.page.evaluate(SMALL) == [], "too small for a finger"
    assert await visit.page.evaluate(CONTRAST) == [], "text too pale"
    for details in await visit.page.query_selector_all("summary"):
        await details.click()
    assert await violations(visit, axe) == []
    assert await visit.page.evaluate(OVERFLOW) <= 0, "the page scrolls sideways"


@pytest.mark.parametrize(
    ("width", "scheme"), [(320, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]
)
async def test_pages_fit_and_can_be_read_by_everybody(
    visiting: Visiting, axe: str, width: int, scheme: str
) -> None:
    async with visiting(width, color_scheme=scheme) as visit:
        await log_in(visit)
        for name in PAGES:
            await look(visit, axe, name)
            await visit.shoot(f"{name}-{width}-{scheme}")
        assert visit.foreign() == []
        assert visit.troubles == []


async def test_pages_speak_english_from_link_to_link(visiting: Visiting) -> None:
    async with visiting(1280, 1000) as visit:
        await visit.open("/admin/login?lang=en")
        await enter(visit, PASSWORD)
        await visit.page.wait_for_url("**/admin?lang=en")
        await visit.page.click("text=Look at run 6 and decide")
        await visit.page.wait_for_url("**/admin/runs/6?lang=en#held")
        assert "5 entries would vanish, 1 entry would change" in await visit.page.inner_text("main")
        if "SCREENSHOTS" in os.environ:
            PICTURE.parent.mkdir(exist_ok=True)
            await visit.open(f"{RUN}?lang=en")
            await visit.page.screenshot(path=PICTURE)
