"""Say on which line of a TOML text a setting stands. Judges nothing: the text must be valid TOML.

`tomllib` gives values without their places. This walk knows only as much of TOML as places need:
tables, arrays of tables, dotted and quoted keys, strings of all four kinds, arrays, inline tables.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Path = tuple[str | int, ...]
"""Keys and, in arrays, positions from 0: ("source", 0, "settings", "url")."""

BLANK: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
SPACES: Final = re.compile(r"[ \t]*")
KEY: Final = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
STRING: Final = re.compile(
    r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*"""+'
    r"|'''(?:[^']|'(?!''))*'''+"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
)
SCALAR: Final = re.compile(r"[^,\]\}\n#]+")


@dataclass(slots=True)
class _Walk:
    text: str
    at: int = 0
    table: Path = ()
    lines: dict[Path, int] = field(default_factory=dict)
    tables: dict[Path, int] = field(default_factory=dict)
    """Arrays of tables → how many were opened."""
    line: int = 1
    counted: int = 0
    """The place up to which lines were counted: places are noted in the order of the text."""

    def skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        taken = found.group() if found else ""
        self.at += len(taken)
        return taken

    def take(self, mark: str) -> bool:
        taken = self.text.startswith(mark, self.at)
        self.at += len(mark) * taken
        return taken

    def note(self, path: Path, at: int) -> None:
        self.line += self.text.count("\n", self.counted, at)
        self.counted = at
        for end in range(1, len(path) + 1):
            self.lines.setdefault(path[:end], self.line)


def find_lines(text: str) -> Mapping[Path, int]:
    """Valid TOML → every table's, key's and array element's line, counted from 1."""
    walk = _Walk(text.replace("\r\n", "\n"))
    walk.skip(BLANK)
    while walk.at < len(walk.text):
        if walk.take("["):
            _read_header(walk)
        else:
            _read_pair(walk, walk.table)
        walk.skip(BLANK)
    return walk.lines


def line_of(lines: Mapping[Path, int], path: Path) -> int | None:
    """The line of `path`, or of the nearest thing around it that stands in the file."""
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return None


def _read_header(walk: _Walk) -> None:
    start = walk.at - 1
    many = walk.take("[")
    keys = _read_keys(walk)
    path = _inside(walk, keys[:-1])
    if many:
        count = walk.tables.get((*path, keys[-1]), 0)
        walk.tables[*path, keys[-1]] = count + 1
        walk.table = (*path, keys[-1], count)
    else:
        walk.table = _inside(walk, keys)
    walk.note(walk.table, start)
    walk.take("]]" if many else "]")


def _inside(walk: _Walk, keys: tuple[str, ...]) -> Path:
    """Keys of a header → path: a key that names an array of tables means its last table."""
    path: Path = ()
    for key in keys:
        path = (*path, key)
        if path in walk.tables:
            path = (*path, walk.tables[path] - 1)
    return path


def _read_keys(walk: _Walk) -> tuple[str, ...]:
    keys = []
    while True:
        walk.skip(SPACES)
        keys.append(_key(walk.skip(KEY)))
        walk.skip(SPACES)
        if not walk.take("."):
            return tuple(keys)


def _key(written: str) -> str:
    if written[:1] not in {'"', "'"}:
        return written
    return next(iter(tomllib.loads(f"{written} = 0")))


def _read_pair(walk: _Walk, table: Path) -> None:
    start = walk.at
    path = (*table, *_read_keys(walk))
    walk.note(path, start)
    walk.take("=")
    walk.skip(SPACES)
    _read_value(walk, path)


def _read_value(walk: _Walk, path: Path) -> None:
    if walk.take("["):
        _read_array(walk, path)
    elif walk.take("{"):
        _read_inline_table(walk, path)
    elif not walk.skip(STRING):
        walk.skip(SCALAR)


def _read_array(walk: _Walk, path: Path) -> None:
    position = 0
    walk.skip(BLANK)
    while not walk.take("]"):
        walk.note((*path, position), walk.at)
        _read_value(walk, (*path, position))
        position += 1
        walk.skip(BLANK)
        walk.take(",")
        walk.skip(BLANK)


def _read_inline_table(walk: _Walk, path: Path) -> None:
    walk.skip(BLANK)
    while not walk.take("}"):
        _read_pair(walk, path)
        walk.skip(BLANK)
        walk.take(",")
        walk.skip(BLANK)
