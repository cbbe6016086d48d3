"""Read `allmende.toml` and the environment into `Settings`, or say what is wrong with them.

Every mistake is found at once and comes with file, line and suggestion. Nothing is fetched, no
database is opened, and no secret is shown.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Final

from aggregator.configuring.lines import Path, find_lines, line_of
from aggregator.configuring.mistakes import Misconfigured, Mistake, Places, is_error
from aggregator.configuring.process import CheckedProcess, read_process
from aggregator.configuring.secrets import Secret
from aggregator.configuring.sources import CheckedSource, check_source
from aggregator.settings import Settings

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


def load(file: FilePath) -> Settings:
    """The settings of this file and the environment. Raises `Misconfigured`."""
    checked = check(file)
    if checked.settings is None:
        raise Misconfigured(file, checked.mistakes)
    return checked.settings


def check(file: FilePath) -> Checked:
    """File and environment → settings where they can be used, and every mistake."""
    try:
        text = _read_text(file)
    except _Unreadable as error:
        return Checked(file=file, settings=None, mistakes=(error.mistake,))
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Checked(file=file, settings=None, mistakes=(_syntax(file, text, str(error)),))
    return _check_document(file, document, text)


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


def _check_document(file: FilePath, document: Mapping[str, Any], text: str) -> Checked:
    folder = file.resolve().parent
    process = read_process(document, folder)
    tables, wrong = _source_tables(document)
    sources = {
        position: check_source(
            table, ("source", position), folder, allow_loopback=process.fetch.allow_loopback
        )
        for position, table in tables
    }
    found = [*process.mistakes, *wrong, *_duplicates(tables, text)]
    found += [mistake for source in sources.values() for mistake in source.mistakes]
    mistakes = _in_order(found, file, text, process.variables) if found else []
    return Checked(
        file=file,
        settings=None if any(map(is_error, mistakes)) else _settings(process, sources.values()),
        mistakes=tuple(mistakes),
        secrets=(*process.secrets, *(each for one in sources.values() for each in one.secrets)),
    )


def _in_order(
    found: Iterable[Mistake], file: FilePath, text: str, variables: Mapping[Path, str]
) -> list[Mistake]:
    """Mistakes with their places, in the order of the file. Looking for places takes longer than
    all the rest: a file without mistakes is spared it."""
    places = Places(str(file), find_lines(text), variables)
    return sorted(map(places.of, found), key=lambda mistake: mistake.line or 0)


def _settings(process: CheckedProcess, sources: Iterable[CheckedSource]) -> Settings:
    usable = tuple(source.settings for source in sources if source.settings)
    return Settings(
        service=process.service,
        http=process.http,
        site=process.site,
        fetch=process.fetch,
        admin=process.admin,
        sources=usable,
    )


def _source_tables(
    document: Mapping[str, Any],
) -> tuple[list[tuple[int, dict[str, Any]]], list[Mistake]]:
    """The `[[source]]` tables with their positions, and what stands there instead of one."""
    written = document.get("source", [])
    if not isinstance(written, list):
        return [], [_no_table(("source",), "write [[source]], with two brackets")]
    tables = [(at, table) for at, table in enumerate(written) if isinstance(table, dict)]
    wrong = [
        _no_table(("source", at), "write a table, starting with [[source]]")
        for at, table in enumerate(written)
        if not isinstance(table, dict)
    ]
    return tables, wrong


def _no_table(path: Path, message: str) -> Mistake:
    return Mistake(code="settings.invalid", path=path, message=message)


def _duplicates(tables: Sequence[tuple[int, dict[str, Any]]], text: str) -> Iterator[Mistake]:
    first: dict[str, int] = {}
    lines: Mapping[Path, int] = {}
    for position, table in tables:
        name = table.get("id")
        if not isinstance(name, str):
            continue
        if name in first:
            lines = lines or find_lines(text)
            line = line_of(lines, ("source", first[name], "id"))
            yield Mistake(
                code="settings.duplicate_source",
                path=("source", position, "id"),
                message=f"the source in line {line} has the same id",
                suggestion="give each source its own id",
            )
        first.setdefault(name, position)
