"""Small strict connectors for formats that the house does not read yet, offered as a third party's.

Each calls a listing complete only behind its true end. `offered(folder)` puts them among the
installed connectors; their names say where they lie, so that the sandbox's child finds them too.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import invalidate_caches
from pathlib import Path
from typing import Annotated, Any, ClassVar, cast

from lxml import etree
from lxml.etree import _Element

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
from connectors.cleaning.html import line
from connectors.cleaning.jsontext import load
from connectors.cleaning.pages import refusal
from schema import Entity, Offer, Problem

FIRST_BYTES = 65_536
NAMES = ("Calendar", "Feed", "Json")


class Address(ConnectorSettings):
    """What all of them ask for."""

    address: Annotated[str, Fetch]
    """Whole address of the document."""


def manifest(name: str) -> Manifest:
    """A manifest like every other of them."""
    return Manifest(name=name, version=1, titles={"de": name, "en": name}, kinds=("offer",))


class Listing:
    """What they share: one request, and records with a key and a title."""

    Settings = Address

    def start(self, settings: Address, state: Any) -> Iterable[Request]:
        return [Request(url=settings.address)]

    def map(self, raw: Raw, settings: Address, facts: Facts) -> Iterable[Entity]:
        title = line(raw.data.get("title") or "")
        yield Offer(native_id=str(raw.key), title={facts.language: title})


class Json(Listing):
    """`{"records": [{"id": …, "title": …}]}`."""

    manifest: ClassVar[Manifest] = manifest("json")

    def read(self, document: Document, settings: Address) -> Iterator[Understood]:
        with document.open() as file:
            data = file.read()
        try:
            value, _ = load(data)
        except ValueError as error:
            if data.lstrip()[:1] == b"{":
                raise Unreadable(Problem("document.cut", "", str(error))) from error
            raise refusal(data, "JSON", document.charset) from error
        records = value.get("records") if isinstance(value, dict) else None
        if not isinstance(records, list):
            raise refusal(data, "JSON with records", document.charset)
        yield from (Raw(key=str(each["id"]), kind="offer", data=each) for each in records)
        yield Complete(Everything()) if records else Problem("document.empty")


class Calendar(Listing):
    """iCalendar, as far as UID and SUMMARY go."""

    manifest: ClassVar[Manifest] = manifest("calendar")

    def read(self, document: Document, settings: Address) -> Iterator[Understood]:
        with document.open() as file:
            head = file.read(FIRST_BYTES)
        if not head.startswith(b"BEGIN:VCALENDAR"):
            raise refusal(head, "iCalendar", document.charset)
        event: dict[str, str] = {}
        with document.open() as file:
            for written in file:
                said = written.decode("utf-8", "replace").rstrip("\r\n")
                name, _, text = said.partition(":")
                event[name] = text
                if said == "BEGIN:VEVENT":
                    event = {}
                elif said == "END:VEVENT":
                    yield _event(event)
                elif said == "END:VCALENDAR":
                    yield Complete(Everything())
                    return
        yield Problem("document.cut", "", "no END:VCALENDAR")


def _event(said: dict[str, str]) -> Raw:
    return Raw(key=said.get("UID"), kind="offer", data={"title": said.get("SUMMARY")})


class Feed(Listing):
    """RSS 2.0, as far as guid and title go."""

    manifest: ClassVar[Manifest] = manifest("feed")

    def read(self, document: Document, settings: Address) -> Iterator[Understood]:
        parser = etree.XMLPullParser(("end",), tag="item", resolve_entities=False, no_network=True)
        with document.open() as file:
            head = file.read(FIRST_BYTES)
            if b"<rss" not in head[:1_000]:
                raise refusal(head, "RSS", document.charset)
            file.seek(0)
            try:
                while chunk := file.read(FIRST_BYTES):
                    parser.feed(chunk)
                    yield from _items(parser)
                parser.close()
            except etree.XMLSyntaxError as error:
                yield from _items(parser)
                yield Problem("document.cut", "", str(error.msg))
                return
        yield Complete(Everything())


def _items(parser: etree.XMLPullParser) -> Iterator[Raw]:
    for _, item in cast("Iterator[tuple[str, _Element]]", parser.read_events()):
        data = {"title": item.findtext("title")}
        yield Raw(key=item.findtext("guid"), kind="offer", data=data)


@contextmanager
def offered(folder: Path) -> Iterator[dict[str, str]]:
    """Install them from an empty folder while the block runs → the name each is known by."""
    names = {name: f"{__name__}:{name}" for name in NAMES}
    metadata = folder / "formats-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: formats\nVersion: 1.0\n")
    lines = [f"[{registry.GROUP}]", *(f"{known} = {known}" for known in names.values())]
    (metadata / "entry_points.txt").write_text("\n".join(lines))
    sys.path.insert(0, str(folder))
    _forget()
    try:
        yield names
    finally:
        sys.path.remove(str(folder))
        _forget()


def _forget() -> None:
    invalidate_caches()
    registry.load.cache_clear()
    registry._offered.cache_clear()
