"""Which family a file belongs to, and which connector reads it with which settings. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import quote

ORIGIN: Final = "https://source.example/"
DATA: Final = (".json", ".csv", ".tsv", ".zip", ".yaml", ".jsonl", ".md")
"""Endings of files that lie beside documents: expected values, lists, notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A connector and its settings, but for the address."""

    connector: str
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Files of these families that end so (None: with anything but `DATA`) and who reads them."""

    families: tuple[str, ...]
    suffix: str | None
    reader: Reader


CALENDAR: Final = Reader(
    connector="ical", settings={"url": f"{ORIGIN}kalender.ics", "private": "publish"}
)
"""Private events too, so that all that is read is seen."""
FEED: Final = Reader(connector="feed", settings={"url": f"{ORIGIN}feed", "items": "offers"})
"""Items are offers: so those without a date become something too."""
AGENCY: Final = Reader(connector="freinet", settings={"agency": 177, "key": "env:FREINET_KEY"})
TOP: Final = Reader(
    connector="freinet",
    settings={"mode": "top_offers", "address": f"{ORIGIN}top.json", "agency": 177},
)
FREINET: Final = ("freinet", "dialects/freinet")
SHELVES: Final = (
    Shelf(families=("ical-*", "dialects/ics"), suffix=None, reader=CALENDAR),
    Shelf(families=("rss-atom-*", "html-sanitize", "encodings"), suffix=None, reader=FEED),
    Shelf(families=("rss-atom-*",), suffix=".json", reader=FEED),
    Shelf(families=FREINET, suffix=".xml", reader=AGENCY),
    Shelf(families=FREINET, suffix=".json", reader=TOP),
    Shelf(families=("feed-history",), suffix=".ics", reader=CALENDAR),
    Shelf(families=("feed-history",), suffix=".xml", reader=FEED),
)


def family_of(file: str) -> str | None:
    """The first folder of a file's path; two of them for `dialects`. None: it lies in no folder."""
    parts = PurePosixPath(file).parts
    depth = 2 if parts and parts[0] == "dialects" else 1
    return "/".join(parts[:depth]) if len(parts) > depth else None


def reader_of(file: str) -> Reader | None:
    """Who reads a file. None: no connector does."""
    family, suffix = family_of(file), PurePosixPath(file).suffix.lower()
    for shelf in SHELVES:
        fits = suffix == shelf.suffix if shelf.suffix else suffix not in DATA
        if family and fits and any(fnmatch(family, pattern) for pattern in shelf.families):
            return shelf.reader
    return None


def address_of(file: str) -> str:
    """The address a file is said to come from."""
    return ORIGIN + quote(file)


def files_in(folder: Path) -> Iterator[str]:
    """All files under a folder that belong to a family, sorted, as paths with `/`."""
    for path in sorted(folder.rglob("*")):
        file = path.relative_to(folder).as_posix()
        if path.is_file() and family_of(file):
            yield file
