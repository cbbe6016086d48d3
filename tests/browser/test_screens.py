"""The pictures in the docs are made here: `SCREENS=docs/screens pytest -m browser -k pictures`.

Without `SCREENS` they go to a temporary folder; what is looked at stays the same.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from aggregator.queries import Database
from aggregator.settings import ServiceSettings, Settings
from api.app import make_app
from tests.api.seeding import FixedClock, identity
from tests.browser.city import TITLE, furnish_city
from tests.browser.conftest import visiting_at

pytestmark = pytest.mark.browser

MOST_BYTES = 150_000
DESK, PHONE = (1280, 860), (390, 844)
PICTURES: dict[str, tuple[str, tuple[int, int], dict[str, Any]]] = {
    "start-desk": ("/", DESK, {}),
    "start-phone": ("/", PHONE, {}),
    "offers-desk": ("/offers", DESK, {}),
    "events-phone": ("/events", PHONE, {}),
    "month-desk": ("/events/month", DESK, {}),
    "offer-desk": (f"/offers/{identity('offer', 1)}", DESK, {}),
    "offer-phone-dark": (f"/offers/{identity('offer', 1)}", PHONE, {"color_scheme": "dark"}),
    "event-desk-english": (f"/events/{identity('event', 1)}?lang=en", DESK, {}),
}


@pytest.fixture
async def city(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[str]:
    """The address of the invented city's instance."""
    database = Database(f"sqlite:///{copy(sqlite_template, tmp_path / 'city.db')}")
    database.write_now(furnish_city)
    settings = Settings(service=ServiceSettings(title=TITLE))
    async with TestServer(make_app(database, settings, FixedClock())) as server:
        yield str(server.make_url("")).rstrip("/")
    database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the pictures go."""
    found = Path(os.environ.get("SCREENS", tmp_path / "screens"))
    found.mkdir(parents=True, exist_ok=True)
    return found


async def test_pictures_of_every_face_are_small(city: str, folder: Path) -> None:
    for name, (path, (width, height), context) in PICTURES.items():
        async with visiting_at(city, folder)(width, height, **context) as visit:
            await visit.open(path)
            await visit.page.screenshot(path=folder / f"{name}.png")
            assert visit.foreign() == []
            assert visit.troubles == []
        assert (folder / f"{name}.png").stat().st_size <= MOST_BYTES, name


def test_the_docs_show_every_picture_and_no_other() -> None:
    docs = Path(__file__).parents[2] / "docs"
    there = {path.stem for path in (docs / "screens").iterdir()}
    assert there == set(PICTURES)
    shown = (docs / "pages.md").read_text("utf-8")
    assert [name for name in PICTURES if f"screens/{name}.png" not in shown] == []
