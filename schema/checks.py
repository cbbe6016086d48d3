"""What an entity must be to be published. Says what is wrong with it, changes nothing.

An ERROR keeps the record out; a WARNING is a finding. Limits count characters, or entries.
"""

import re
from typing import Final

from schema.entities import Entity
from schema.normal.text import forbidden_in
from schema.normal.urls import is_web_url
from schema.problems import Level, Problem
from schema.values import Texts, Value

LONGEST_TITLE: Final = 2_000
LONGEST_TEXT: Final = 200_000
LONGEST_LIST: Final = 5_000
"""Entries of a list: links, pictures, changed occurrences."""
LONGEST_ID: Final = 2_000
"""Bytes of an id: with its source, an index of PostgreSQL holds some 2,700 in a row."""

_HREF: Final = re.compile(r'\s(?:href|src)\s*=\s*["\']?\s*([^"\'>\s]*)', re.IGNORECASE)
_LINK_IN_HTML: Final = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_DATA_NAMES: Final = """
    native_id status commitment climate categories authority lat lon precision type
    source_created source_modified valid_from valid_through said hours wanted remote
    when recurrence_id added removed rule previous_start attendance sequence form
"""
_DATA: Final = frozenset(_DATA_NAMES.split())
"""Fields whose values are no text of the source's."""


def check(entity: Entity) -> tuple[Problem, ...]:
    """Entity → everything that is wrong with it; empty when nothing is."""
    found: list[Problem] = []
    _key(entity.native_id, found)
    _title(entity.title, found)
    for name, value in entity.__dict__.items():
        if value is not None and name not in _DATA and name != "title":
            _inside(name, value, found)
    _coordinates(entity, found)
    return tuple(found)


def _key(key: str, found: list[Problem]) -> None:
    if not key.strip():
        found.append(Problem("record.no_key", "native_id", "empty"))
    if is_long(key):
        what = f"more than {LONGEST_ID} bytes"
        found.append(Problem("record.too_long", "native_id", what))
    _text("native_id", key, LONGEST_TEXT, found)


def is_long(native_id: str) -> bool:
    """Whether an id is too long to be kept."""
    return len(native_id.encode("utf-8", "surrogatepass")) > LONGEST_ID


def _title(titles: Texts, found: list[Problem]) -> None:
    if not any(title.strip() for title in titles.values()):
        found.append(Problem("record.no_title", "title", "nothing but white space"))
    for language, title in titles.items():
        _text(f"title.{language}", title, LONGEST_TITLE, found)


def _inside(path: str, value: object, found: list[Problem]) -> None:
    """A field's value, and what is inside it."""
    if isinstance(value, str):
        _string(path, value, found)
    elif isinstance(value, Value):
        for name, item in value.__dict__.items():
            if item is not None and name not in _DATA:
                _inside(f"{path}.{name}", item, found)
    elif isinstance(value, dict):
        for key, item in value.items():
            _inside(f"{path}.{key}", item, found)
    elif isinstance(value, tuple) and len(value) > LONGEST_LIST:
        what = f"{len(value)} entries, {LONGEST_LIST} are allowed"
        found.append(Problem("record.too_long", path, what))
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            _inside(f"{path}.{number}", item, found)


def _string(path: str, text: str, found: list[Problem]) -> None:
    if path.endswith("url"):
        if not is_web_url(text):
            what = "only http and https, without user or password"
            found.append(Problem("record.forbidden_link", path, what))
        return
    _text(path, text, LONGEST_TITLE if ".title." in path else LONGEST_TEXT, found)
    if path.startswith("description_html"):
        _links(path, text, found)


def _text(path: str, text: str, longest: int, found: list[Problem]) -> None:
    """Too long is an error anywhere, a forbidden character only in an id or a title."""
    if len(text) > longest:
        what = f"{len(text)} characters, {longest} are allowed"
        found.append(Problem("record.too_long", path, what))
    character = forbidden_in(text)
    if character is not None:
        level = Level.ERROR if path.startswith(("title.", "native_id")) else Level.WARNING
        found.append(Problem("record.forbidden_character", path, character, level))


def _links(path: str, html: str, found: list[Problem]) -> None:
    if "href" not in html and "src" not in html:
        return
    for target in _HREF.findall(html):
        if not _LINK_IN_HTML.match(target):
            what = "only http, https, mailto and tel"
            found.append(Problem("record.forbidden_link", path, what))


def _coordinates(entity: Entity, found: list[Problem]) -> None:
    place = entity.place
    if place is not None and (place.lat is None) != (place.lon is None):
        found.append(Problem("record.invalid", "place", "latitude and longitude, or neither"))
