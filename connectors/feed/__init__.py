"""Connector for feeds: RSS, Atom and JSON Feed, whose entries are events, offers, projects or news.

A feed does not say which of these its entries are, so its settings do. What reading needs is
imported when something is read: who only wants to know the settings is spared it.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from connectors.base import Document, Facts, Manifest, Raw, Request, Understood
from connectors.feed.settings import KINDS, FeedSettings
from schema import Entity

__all__ = ["Feed", "FeedSettings"]


class Feed:
    """One feed at one address."""

    manifest: ClassVar[Manifest] = Manifest(
        name="feed",
        version=1,
        titles={
            "de": "Feed (RSS, Atom)",
            "en": "Feed (RSS, Atom)",
            "nl": "Feed (RSS, Atom)",
            "pt": "Feed (RSS, Atom)",
            "lt": "Sklaidos kanalas (RSS, Atom)",
        },
        kinds=tuple(KINDS.values()),
    )
    Settings = FeedSettings

    def start(self, settings: FeedSettings, state: Any) -> Iterable[Request]:
        """The feed; there is no state to go on from."""
        del state
        return (Request(url=settings.url),)

    def read(self, document: Document, settings: FeedSettings) -> Iterable[Understood]:
        """The feed's entries."""
        from connectors.feed.reading import read

        return read(document, settings)

    def map(self, raw: Raw, settings: FeedSettings, facts: Facts) -> Iterable[Entity]:
        """One entry → one event, offer or project."""
        from connectors.feed.publishing import entity

        return (entity(raw, settings, facts),)
