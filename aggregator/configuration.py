"""Read `allmende.toml` and the environment into `Settings`, or say what is wrong with them.

Every mistake is found at once and comes with file, line and suggestion. Nothing is fetched, no
database is opened, and no secret is shown.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Final

from aggregator.configuring.lines import Path, find_lines
from aggregator.configuring.mistakes import Misconfigured, Mistake, Places, is_error
from aggregator.configuring.portals import CheckedPortal, Judge, Surroundings, check_portals
from aggregator.configuring.process import CheckedProcess, read_process
from aggregator.configuring.secrets import Secret
from aggregator.configuring.sources import CheckedSource, check_source
from aggregator.configuring.tables import Tables, duplicates, tables_of
from aggregator.settings import Settings, SourceSettings

VARIABLE: Final = "ALLMENDE_CONFIG"
DEFAULT: Final = "allmende.toml"
AT_LINE: Final = re.compile(r" \(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A configuration after checking. `settings` is None when it has errors."""

    file: FilePath
    settings: Settings | None
    mistakes: tuple[Mistake, ...]
    """Errors and warnings in the order of the file."""
    secrets: tuple[Secret, ...] = ()


def choose(given: FilePath | None) -> FilePath:
    """The configuration file: the given one, else `ALLMENDE_CONFIG`, else ./allmende.toml."""
    return given or FilePath(os.environ.get(VARIABLE) or DEFAULT)


def load(file: FilePath, judge: Judge | None = None) -> Settings:
    """The settings of this file and the environment; `judge` is asked about the filters of
    portals. Raises `Misconfigured`."""
    checked = check(file, judge)
    if checked.settings is None:
        raise Misconfigured(file, checked.mistakes)
    return checked.settings


def check(file: FilePath, judge: Judge | None = None) -> Checked:
    """File and environment → settings where they can be used, and every mistake; `judge` is asked
    about the filters of portals."""
    try:
        text = _read_text(file)
    except _Unreadable as error:
        return Checked(file=file, settings=None, mistakes=(error.mistake,))
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Checked(file=file, settings=None, mistakes=(_syntax(file, text, str(error)),))
    return _check_document(file, document, text, judge)


class _Unreadable(Exception):
    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.message)
        self.mistake = mistake


def _read_text(file: FilePath) -> str:
    try:
        read = file.read_bytes()
    except OSError as error:
        said = (error.strerror or "cannot be read").lower()
        suggestion = f"create it, or name another with --config or {VARIABLE}"
        raise _Unreadable(
            Mistake(
                code="settings.no_file",
                path=(),
                message=f"{file}: {said}",
                suggestion=suggestion,
                file=str(file),
            )
        ) from error
    try:
        return read.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = read.count(b"\n", 0, error.start) + 1
        raise _Unreadable(
            Mistake(
                code="settings.syntax",
                path=(),
                message="a character that is not UTF-8",
                suggestion="save the file as UTF-8",
                file=str(file),
                line=line,
            )
        ) from error


def _syntax(file: FilePath, text: str, said: str) -> Mistake:
    """What `tomllib` says → the mistake; it never repeats the line's text."""
    found = AT_LINE.search(said)
    return Mistake(
        code="settings.syntax",
        path=(),
        message=AT_LINE.sub("", said).removesuffix(" (at end of document)"),
        suggestion='text stands in quotes: name = "value"',
        file=str(file),
        line=int(found.group(1)) if found else text.rstrip("\n").count("\n") + 1,
    )


def _check_document(
    file: FilePath, document: Mapping[str, Any], text: str, judge: Judge | None
) -> Checked:
    folder = file.resolve().parent
    process = read_process(document, folder)
    tables, wrong = tables_of(document, "source")
    named, no_portals = tables_of(document, "portal")
    sources = _sources(tables, folder, process)
    around = Surroundings(service=process.service, sources=_usable(sources))
    portals = tuple(check_portals(named, around, judge))
    found = [*process.mistakes, *wrong, *duplicates("source", tables, text)]
    found += [mistake for source in sources for mistake in source.mistakes]
    found += [*no_portals, *duplicates("portal", named, text)]
    found += [mistake for portal in portals for mistake in portal.mistakes]
    mistakes = _in_order(found, file, text, process.variables) if found else []
    usable = not any(map(is_error, mistakes))
    return Checked(
        file=file,
        settings=_settings(process, sources, portals) if usable else None,
        mistakes=tuple(mistakes),
        secrets=(*process.secrets, *(each for one in sources for each in one.secrets)),
    )


def _sources(
    tables: Tables, folder: FilePath, process: CheckedProcess
) -> tuple[CheckedSource, ...]:
    loopback = process.fetch.allow_loopback
    return tuple(
        check_source(table, ("source", position), folder, allow_loopback=loopback)
        for position, table in tables
    )


def _usable(sources: Iterable[CheckedSource]) -> tuple[SourceSettings, ...]:
    return tuple(source.settings for source in sources if source.settings)


def _in_order(
    found: Iterable[Mistake], file: FilePath, text: str, variables: Mapping[Path, str]
) -> list[Mistake]:
    """Mistakes with their places, in the order of the file. Looking for places takes longer than
    all the rest: a file without mistakes is spared it."""
    places = Places(str(file), find_lines(text), variables)
    return sorted(map(places.of, found), key=lambda mistake: mistake.line or 0)


def _settings(
    process: CheckedProcess, sources: Iterable[CheckedSource], portals: Iterable[CheckedPortal]
) -> Settings:
    return Settings(
        service=process.service,
        http=process.http,
        site=process.site,
        fetch=process.fetch,
        admin=process.admin,
        sources=_usable(sources),
        portals=tuple(portal.settings for portal in portals if portal.settings),
    )
