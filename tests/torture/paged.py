"""A connector for torture: a listing in JSON, page by page, with limits that make attacks short.
Careless: every page claims to complete the listing, so that only the machine's care helps.

{"items": [{"id": 1, "title": "…", "text": "…"}], "next": "page-2"}; no `next`: the last one.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import invalidate_caches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, ClassVar
from urllib.parse import urljoin

import orjson

from connectors import registry
from connectors.base import (
    Complete,
    ConnectorSettings,
    Document,
    Everything,
    Facts,
    Fetch,
    Manifest,
    Raw,
    Request,
    Understood,
    Unreadable,
)
from schema import Entity, Offer, Problem

NAME = "tests.torture.paged:Paged"
"""As this the sandbox imports it; as this the registry offers it, too."""
SECONDS = 2.0
MOST_PAGES = 20
MOST_BYTES = 200_000


class PagedSettings(ConnectorSettings):
    """Where the first page is."""

    url: Annotated[str, Fetch]


class Paged:
    """See the module."""

    manifest: ClassVar[Manifest] = Manifest(
        name=NAME,
        version=1,
        titles={"en": "Paged"},
        kinds=("offer",),
        max_bytes=MOST_BYTES,
        max_seconds=SECONDS,
        max_pages=MOST_PAGES,
    )
    Settings = PagedSettings

    def start(self, settings: PagedSettings, state: Any) -> Iterable[Request]:
        """The first page."""
        yield Request(url=settings.url)

    def read(self, document: Document, settings: PagedSettings) -> Iterator[Understood]:
        """A page's items, and where the next one is."""
        with document.open() as file:
            page = _page(file.read())
        for item in page["items"]:
            yield Raw(key=str(item["id"]), kind="offer", data=item)
        following = page.get("next")
        for each in following if isinstance(following, list) else [following] * bool(following):
            yield Request(url=urljoin(document.url, each))
        if page["items"]:
            yield Complete(Everything())

    def map(self, raw: Raw, settings: PagedSettings, facts: Facts) -> Iterable[Entity]:
        """One offer."""
        yield Offer(
            native_id=str(raw.key),
            title={facts.language: raw.data["title"]},
            description={facts.language: raw.data["text"]} if raw.data.get("text") else None,
        )


def _page(body: bytes) -> dict[str, Any]:
    try:
        page = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Unreadable(Problem("document.unreadable", "", "not JSON")) from None
    if not isinstance(page, dict) or not isinstance(page.get("items"), list):
        raise Unreadable(Problem("document.unreadable", "", "no page of items"))
    return page


def item(number: int, text: str = "") -> dict[str, Any]:
    """One item as a source sends it."""
    return {"id": number, "title": f"Angebot {number}", "text": text}


def page(items: Iterable[dict[str, Any]], following: str | list[str] | None = None) -> bytes:
    """A page as a source sends it, and where the next one (or several) is."""
    return orjson.dumps({"items": list(items), "next": following})


@contextmanager
def offered(*names: str) -> Iterator[None]:
    """Meanwhile these connectors of ours, as `module:Class`, are installed like anyone's."""
    with TemporaryDirectory() as folder:
        metadata = Path(folder) / "torture-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: torture\nVersion: 1.0\n")
        points = "\n".join(f"{name} = {name}" for name in names)
        (metadata / "entry_points.txt").write_text(f"[{registry.GROUP}]\n{points}\n")
        sys.path.insert(0, folder)
        _forget()
        yield
        sys.path.remove(folder)
        _forget()


def _forget() -> None:
    invalidate_caches()
    registry.load.cache_clear()
    registry._offered.cache_clear()
