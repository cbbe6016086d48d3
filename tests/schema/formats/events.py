"""Published events to render, and what a calendar says when it is read back by icalendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import recurring_ical_events
from icalendar import Calendar

from schema import encode
from schema.edition import Edition, Origin
from schema.entities import Event
from schema.formats.calendar import CLOSING, opening
from schema.formats.ical import Component, components
from schema.formats.json import Provenance, Published, Target

EDITION = Edition(public_url="https://stadt.example/klima/", instance=UUID(int=1))
ID = UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")
CREATED = datetime(2026, 1, 1, 8, tzinfo=UTC)
ORIGIN = Origin(
    id="kalender",
    name="Stadtkalender",
    url="https://kalender.example/",
    licence="cc-by/4.0",
    attribution="Stadt Musterstadt",
)
EVENING = {
    "start": "2026-04-14T19:00:00",
    "end": "2026-04-14T21:30:00",
    "zone": "Europe/Berlin",
}
"""A Tuesday."""


def published(event: Event, age: timedelta = timedelta(), **fields: Any) -> Published:
    """The event as the store hands it to formats, last changed `age` after it was new."""
    given: dict[str, Any] = {
        "target": Target(entity=UUID(int=9), name="Grüne Lunge e. V."),
        "sources": (Provenance(origin=ORIGIN, fetched=CREATED),),
        **fields,
    }
    return Published(
        kind="event", id=ID, body=encode(event), created=CREATED, modified=CREATED + age, **given
    )


def event(**fields: Any) -> Event:
    """An evening of one's own choice."""
    given = {"native_id": "x", "title": {"de": "Bäume gießen"}, "when": EVENING, **fields}
    return Event.model_validate(given)


def rendered(event_: Event, age: timedelta = timedelta(), **fields: Any) -> Component:
    """The only component of an event in one language."""
    (only,) = components(published(event_, age, **fields), EDITION)
    return only


def calendar(found: Iterable[Component]) -> bytes:
    """A whole file with these components."""
    found = tuple(found)
    zones = [zone for component in found for zone in component.zones]
    return opening(zones) + b"".join([component.ics for component in found]) + CLOSING


def unfolded(ics: bytes) -> list[str]:
    """Content lines as a reader sees them."""
    assert ics.endswith(b"\r\n")
    return ics.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def values(ics: bytes, name: str) -> list[str]:
    """Everything behind a property's name, of all lines with it."""
    return [
        line[len(name) :].removeprefix(":")
        for line in unfolded(ics)
        if line.startswith((f"{name}:", f"{name};"))
    ]


@dataclass(frozen=True, order=True)
class Shown:
    """One occurrence as a person sees it; instants in UTC, or days."""

    start: str
    end: str
    title: str
    status: str


def shown_by_icalendar(ics: bytes, after: datetime, before: datetime) -> list[Shown]:
    """What a client built on icalendar and recurring-ical-events shows between two instants."""
    read = Calendar.from_ical(ics)
    found = recurring_ical_events.of(read, keep_recurrence_attributes=False)
    return sorted(
        Shown(
            instant_of(each["DTSTART"].dt),
            instant_of(each["DTEND"].dt if "DTEND" in each else each["DTSTART"].dt),
            str(each["SUMMARY"]),
            str(each["STATUS"]),
        )
        for each in found.between(after, before)
    )


def instant_of(said: date) -> str:
    """A day, or an instant in UTC, as text."""
    return said.astimezone(UTC).isoformat() if isinstance(said, datetime) else said.isoformat()


def midnight(day: date) -> datetime:
    """The beginning of a day in UTC."""
    return datetime.combine(day, time.min, tzinfo=UTC)
