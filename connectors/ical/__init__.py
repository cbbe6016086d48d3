"""Connector for calendars: iCalendar files (RFC 5545) of anyone who publishes events.

One document is the whole calendar. `read` cuts it into components and gathers what belongs to one
event; `map` parses what has changed. What they need is imported when they are called: who only
wants to know the connector and its settings is spared it.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from connectors.base import Document, Facts, Manifest, Raw, Request, Understood
from connectors.ical.settings import IcalSettings, first_request
from schema import Entity, Problem

__all__ = ["Ical", "IcalSettings"]


class Ical:
    """Calendars of cities, clubs and groups, by their address."""

    manifest: ClassVar[Manifest] = Manifest(
        name="ical",
        version=2,  # 2: texts are in the language that they declare
        titles={
            "de": "Kalender (iCal)",
            "en": "Calendar (iCal)",
            "nl": "Agenda (iCal)",
            "pt": "Calendário (iCal)",
            "lt": "Kalendorius (iCal)",
        },
        kinds=("event",),
        max_bytes=64_000_000,
        max_seconds=120.0,
    )
    Settings = IcalSettings

    def start(self, settings: IcalSettings, state: Any) -> Iterable[Request]:
        """The calendar; there is no state to go on from."""
        del state
        return (first_request(settings),)

    def read(self, document: Document, settings: IcalSettings) -> Iterable[Understood]:
        """A calendar → its events, what is complete, and findings."""
        from connectors.ical.reading import read

        return read(document, settings)

    def map(self, raw: Raw, settings: IcalSettings, facts: Facts) -> Iterable[Entity | Problem]:
        """One UID's components → its events, and what was found wrong with them."""
        from connectors.ical.series import Context, events_of
        from connectors.ical.timing import Clock
        from connectors.ical.zones import zone_of

        about = raw.data["calendar"]
        clock = Clock(
            source=facts.zone,
            shown=zone_of(about.get("zone", "")),
            own=about.get("zones", {}),
        )
        context = Context(
            key=str(raw.key),
            method=about.get("method", ""),
            settings=settings,
            language=facts.language,
            clock=clock,
        )
        yield from events_of(raw.data["components"], context)
        yield from clock.problems.values()
