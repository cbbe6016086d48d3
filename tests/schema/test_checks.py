from datetime import datetime
from typing import Any

import pytest

from schema import (
    Contact,
    Event,
    Image,
    Level,
    Link,
    Offer,
    Organisation,
    Override,
    Place,
    Recurrence,
    Respond,
    Timed,
)
from schema.checks import LONGEST_ID, LONGEST_LIST, LONGEST_TEXT, LONGEST_TITLE, check
from schema.problems import MEANINGS


def found(**fields: Any) -> list[tuple[str, str, str]]:
    problems = check(Offer(**{"native_id": "1", "title": {"de": "Titel"}, **fields}))
    assert all(problem.code in MEANINGS for problem in problems)
    return [(problem.code, problem.path, problem.level.value) for problem in problems]


def test_a_sound_entity_has_no_problem() -> None:
    assert not found(
        summary={"de": "Zeile\nZeile\tTab – ä€😀"},
        description_html={"de": '<a href="mailto:info@x.example">a</a><a href="tel:1">b</a>'},
        url="https://a.example/?b=1",
        place=Place(lat=51.2, lon=7.0),
        links=(Link(url="http://a.example"),),
    )


@pytest.mark.parametrize("title", [{}, {"de": ""}, {"de": " \n"}])
def test_an_entity_needs_a_title(title: dict[str, str]) -> None:
    assert ("record.no_title", "title", "error") in found(title=title)


def test_one_language_with_a_title_is_enough() -> None:
    assert not found(title={"de": "Titel", "en": " "})


def test_an_entity_needs_a_native_id() -> None:
    assert ("record.no_key", "native_id", "error") in found(native_id=" ")


FORBIDDEN = ["\x00", "\x0b", "\x1f", "\x7f", "\x96", "\ud800", "\ufffd", "\uffff"]


@pytest.mark.parametrize("character", FORBIDDEN)
def test_a_forbidden_character_keeps_out_by_id_or_title_only(character: str) -> None:
    code = "record.forbidden_character"
    assert found(native_id=f"1{character}") == [(code, "native_id", "error")]
    assert found(title={"de": f"a{character}b"}) == [(code, "title.de", "error")]
    assert found(summary={"de": f"a{character}\nb"}) == [(code, "summary.de", "warning")]
    assert found(tags=("gut", f"x{character}")) == [(code, "tags.1", "warning")]
    assert found(place=Place(street=character)) == [(code, "place.street", "warning")]


def test_texts_have_a_limit() -> None:
    assert not found(title={"de": "x" * LONGEST_TITLE}, summary={"de": "x" * LONGEST_TEXT})
    long = {"de": "x" * (LONGEST_TITLE + 1)}
    assert found(title=long) == [("record.too_long", "title.de", "error")]
    long = {"de": "x" * (LONGEST_TEXT + 1)}
    assert found(description=long) == [("record.too_long", "description.de", "error")]


def test_ids_have_a_limit_in_bytes() -> None:
    assert not found(native_id="x" * LONGEST_ID)
    assert found(native_id="x" * (LONGEST_ID + 1)) == [("record.too_long", "native_id", "error")]
    assert found(native_id="灌" * 700) == [("record.too_long", "native_id", "error")]


BAD_LINKS = [
    "javascript:alert(1)",
    "ftp://a.example/",
    "mailto:info@a.example",
    "/relative",
    "https://user:secret@a.example/",
    "https://a.example/\r\nX: y",
    "https://",
    "",
]


@pytest.mark.parametrize("url", BAD_LINKS)
def test_links_lead_to_web_addresses_only(url: str) -> None:
    code = "record.forbidden_link"
    assert found(url=url) == [(code, "url", "error")]
    assert found(respond=Respond(url=url)) == [(code, "respond.url", "error")]
    assert found(links=(Link(url=url),)) == [(code, "links.0.url", "error")]
    assert found(images=(Image(url=url),)) == [(code, "images.0.url", "error")]
    assert found(contact=Contact(url=url)) == [(code, "contact.url", "error")]


@pytest.mark.parametrize("target", ["javascript:x", " data:text/html,x", "/nah", "vbscript:x"])
def test_links_in_html_are_looked_at(target: str) -> None:
    html = {"de": f'<p><a href="{target}">a</a></p>'}
    assert found(description_html=html) == [
        ("record.forbidden_link", "description_html.de", "error")
    ]


def test_half_coordinates_are_none() -> None:
    assert found(place=Place(lat=51.2)) == [("record.invalid", "place", "error")]
    assert found(place=Place(lon=7.0)) == [("record.invalid", "place", "error")]


def test_every_kind_is_checked() -> None:
    entity = Organisation(native_id="1", title={"de": "x"}, opening_hours={"de": "\x00"})
    assert [(p.path, p.level) for p in check(entity)] == [("opening_hours.de", Level.WARNING)]


def test_titles_inside_are_titles_too() -> None:
    assert not found(links=(Link(url="https://a.example", title={"de": "x" * LONGEST_TITLE}),))
    long = Link(url="https://a.example", title={"de": "x" * (LONGEST_TITLE + 1)})
    assert found(links=(long,)) == [("record.too_long", "links.0.title.de", "error")]
    odd = Link(url="https://a.example", title={"de": "\x00"})
    assert found(links=(odd,)) == [("record.forbidden_character", "links.0.title.de", "warning")]


def test_changed_occurrences_are_checked_as_their_series_is() -> None:
    when = Timed(start=datetime.fromisoformat("2026-12-04T10:00"), zone="Europe/Berlin")
    change = Override(
        recurrence_id=when.start, title={"de": "x" * (LONGEST_TITLE + 1)}, url="javascript:x"
    )
    series = Recurrence(rule="FREQ=WEEKLY", overrides=(change,))
    event = Event(native_id="1", title={"de": "Treff"}, when=when, recurrence=series)
    assert [(each.code, each.path) for each in check(event)] == [
        ("record.too_long", "recurrence.overrides.0.title.de"),
        ("record.forbidden_link", "recurrence.overrides.0.url"),
    ]


def test_lists_have_a_limit() -> None:
    link = Link(url="https://a.example")
    assert not found(links=(link,) * LONGEST_LIST)
    assert found(links=(link,) * (LONGEST_LIST + 1)) == [("record.too_long", "links", "error")]
