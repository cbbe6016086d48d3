"""Whatever a source writes into a text, a calendar holds no line of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest
from icalendar import Calendar

from schema.formats.calendar import CLOSING, Heading, opening
from schema.formats.ical import components
from schema.formats.json import Provenance, Published, Target
from tests.schema.formats.events import (
    CREATED,
    EDITION,
    ID,
    ORIGIN,
    calendar,
    event,
    published,
    unfolded,
)

ENDS: Final = ("\r\n", "\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x00\r\n")
BEHIND: Final = (
    "ATTACH:https://evil.example/x",
    "END:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:evil",
    "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT1M\nEND:VALARM",
)
PAYLOADS: Final = [f"x{end}{line}" for end in ENDS for line in BEHIND] + [
    "x\\",
    "x\\\r\n ATTACH:evil",
    "x\r\n\tATTACH:evil",
    '";ALTREP="https://evil.example"',
    ":evil;VALUE=URI:x,\\n\\N\\;",
]
PLACE: Final = {"name": "Park", "street": "Weg 1", "postal_code": "06108", "locality": "Halle"}
CONTACT: Final = {
    "name": "Büro",
    "phone": "+49 345 1",
    "email": "info@a.example",
    "url": "https://a",
}
Said = Callable[[str], dict[str, Any]]


def inside(field: str, around: dict[str, str], name: str) -> Said:
    """An event's field that holds a value, of whose parts one is the text."""
    return lambda text: {field: {**around, name: text}}


def overridden(text: str) -> dict[str, Any]:
    override = {"recurrence_id": "2026-04-15T19:00:00", "title": {"de": text}}
    return {"recurrence": {"rule": "FREQ=DAILY;COUNT=3", "overrides": (override,)}}


FIELDS: Final[dict[str, Said]] = {
    "title": lambda text: {"title": {"de": text}},
    "summary": lambda text: {"summary": {"de": text}},
    "description": lambda text: {"description": {"de": text}},
    "tag": lambda text: {"tags": (text,)},
    "category": lambda text: {"categories": ({"scheme": "x", "term": text, "by": "rule"},)},
    "url": lambda text: {"url": f"https://a.example/{text}"},
    "respond": lambda text: {"respond": {"url": f"https://a.example/{text}"}},
    "mailbox": lambda text: {"respond": {"email": text}},
    **{f"place.{name}": inside("place", PLACE, name) for name in PLACE},
    **{f"contact.{name}": inside("contact", CONTACT, name) for name in CONTACT},
    "override": overridden,
}


def names(ics: bytes) -> set[str]:
    """The names of all lines, however a reader separates them."""
    assert not {line for line in ics.decode().splitlines() if line.startswith("\t")}
    found = {line.partition(":")[0].partition(";")[0] for line in unfolded(ics)}
    assert found >= {"BEGIN", "END", "SUMMARY"}
    return found


PROPERTIES: Final = names(
    calendar(
        components(
            published(
                event(
                    place={**PLACE, "lat": 1.0, "lon": 2.0},
                    tags=("a",),
                    **overridden("x"),
                )
            ),
            EDITION,
        )
    )
)


def injected(ics: bytes, entries: int = 1) -> list[str]:
    """What stands in a calendar that we never write."""
    read = Calendar.from_ical(ics)
    assert [component.name for component in read.walk("VEVENT")] == ["VEVENT"] * entries
    assert {str(component["UID"]) for component in read.walk("VEVENT")} == {f"{ID}@stadt.example"}
    return sorted(names(ics) - PROPERTIES)


@pytest.mark.parametrize("field", FIELDS)
def test_no_text_of_an_event_becomes_a_line(field: str) -> None:
    entries = 2 if field == "override" else 1
    for payload in PAYLOADS:
        said = components(published(event(**FIELDS[field](payload))), EDITION)
        assert injected(calendar(said), entries) == [], payload


def told(**fields: Any) -> tuple[Provenance, ...]:
    return (Provenance(origin=replace(ORIGIN, **fields), fetched=CREATED),)


@pytest.mark.parametrize("field", ["name", "url", "licence", "attribution"])
def test_no_text_of_a_source_becomes_a_line(field: str) -> None:
    for payload in PAYLOADS:
        entry: Published = published(event(), sources=told(**{field: payload}))
        assert injected(calendar(components(entry, EDITION))) == [], payload


def test_no_organisation_and_no_language_becomes_a_line() -> None:
    for payload in PAYLOADS:
        named = published(event(), target=Target(entity=ID, name=payload))
        assert injected(calendar(components(named, EDITION))) == [], payload
        tongue = published(event(title={payload: "Bäume"}, description={payload: "Text"}))
        assert injected(calendar(components(tongue, EDITION))) == [], payload


def test_no_name_of_a_calendar_becomes_a_line() -> None:
    plain = Heading(name="x", description="x", zone="UTC", source="x", url="x")
    known = {line.partition(":")[0] for line in unfolded(opening((), plain))}
    for payload in PAYLOADS:
        heading = replace(plain, name=payload, description=payload, source=payload, url=payload)
        ics = opening((), heading) + CLOSING
        assert not {line.partition(":")[0] for line in unfolded(ics)} - known - {"END"}, payload
        assert not ics.replace(b"\r\n", b"").count(b"\n")


def test_there_are_enough_payloads() -> None:
    assert len(PAYLOADS) >= 30
