"""Connector for Freinet-online: volunteering offers of German agencies and portals.

Organisations are named by their offers only; the source has no events and says nothing of what
was deleted. What reading needs is imported when something is read: who only wants to know the
settings is spared it.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from connectors.base import Document, Facts, Manifest, Raw, Request, Understood
from connectors.freinet.settings import FreinetSettings, first_request
from connectors.freinet.volatile import VOLATILE
from schema import Entity

__all__ = ["Freinet", "FreinetSettings"]


class Freinet:
    """Agency and portal lists, offer details, full exports, top offers."""

    manifest: ClassVar[Manifest] = Manifest(
        name="freinet",
        version=1,
        titles={
            "de": "Freinet-online",
            "en": "Freinet-online",
            "nl": "Freinet-online",
            "pt": "Freinet-online",
            "lt": "Freinet-online",
        },
        kinds=("offer",),
        volatile=VOLATILE,
        max_bytes=256_000_000,
        max_seconds=300.0,
    )
    Settings = FreinetSettings

    def start(self, settings: FreinetSettings, state: Any) -> Iterable[Request]:
        """The list, or a portal's agencies before it; there is no state to go on from."""
        del state
        return (first_request(settings),)

    def read(self, document: Document, settings: FreinetSettings) -> Iterable[Understood]:
        """A list, an export, an offer's details, top offers or a portal's agencies."""
        from connectors.freinet.reading import read

        return read(document, settings)

    def map(self, raw: Raw, settings: FreinetSettings, facts: Facts) -> Iterable[Entity]:
        """One raw → one offer."""
        from connectors.freinet.offers import offer

        return (offer(raw, settings, facts),)
