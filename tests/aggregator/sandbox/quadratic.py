"""A connector that reads feeds with feedparser, whose author field takes quadratic time."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import feedparser

from connectors.base import ConnectorSettings, Document, Facts, Manifest, Raw, Request, Understood
from schema import Entity, Offer


class Quadratic:
    """Bytes only: given a text, feedparser would open files and addresses."""

    manifest: ClassVar[Manifest] = Manifest(
        name="quadratic", version=1, titles={"en": "Quadratic"}, kinds=("offer",)
    )
    Settings = ConnectorSettings

    def start(self, settings: ConnectorSettings, state: Any) -> Iterable[Request]:
        return [Request(url="https://feed.example/")]

    def read(self, document: Document, settings: ConnectorSettings) -> Iterator[Understood]:
        with document.open() as file:
            parsed = feedparser.parse(file.read())
        for entry in parsed.entries:
            yield Raw(key=entry.get("id"), kind="offer", data={"title": entry.get("title")})

    def map(self, raw: Raw, settings: ConnectorSettings, facts: Facts) -> Iterable[Entity]:
        yield Offer(native_id=str(raw.key), title={"en": raw.data["title"]})
