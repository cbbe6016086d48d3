"""Places in TOML texts: whatever TOML allows, a setting's line is found."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.configuring.lines import Path, find_lines, line_of

EVERYTHING = '''# a comment with [brackets] and "quotes"
top = 1

[service] # comment
title = """one
two = "not a key"
three"""
host = \'\'\'
[neither]
\'\'\'
"quoted \\"key\\"" = 1
dotted . "two parts" = { inner = 1, more.deep = "}" }

[[source]]
id = "a"
list = [ # first
  "one", # with a comment ]

  [1, 2], { name = "x" },
]

[source.settings]
key = 'b\\'

[[source]]
id = "b"
[source.terms]
"Natur, Tiere & Umwelt" = ["x"]
when = 1979-05-27 07:32:00
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("service",), 4),
        (("service", "title"), 5),
        (("service", "host"), 8),
        (("service", 'quoted "key"'), 11),
        (("service", "dotted", "two parts", "more", "deep"), 12),
        (("source", 0), 14),
        (("source", 0, "id"), 15),
        (("source", 0, "list", 0), 17),
        (("source", 0, "list", 1, 1), 19),
        (("source", 0, "list", 2, "name"), 19),
        (("source", 0, "settings"), 22),
        (("source", 0, "settings", "key"), 23),
        (("source", 1, "id"), 26),
        (("source", 1, "terms", "Natur, Tiere & Umwelt"), 28),
        (("source", 1, "terms", "when"), 29),
    ],
)
def test_a_setting_stands_on_its_line(path: Path, line: int) -> None:
    assert find_lines(EVERYTHING)[path] == line


def test_a_missing_setting_has_the_line_of_its_table() -> None:
    assert line_of(find_lines(EVERYTHING), ("source", 1, "connector")) == 25


def test_what_is_nowhere_in_the_file_has_no_line() -> None:
    assert line_of(find_lines(EVERYTHING), ("fetch", "parallel")) is None


def test_lines_count_windows_line_ends_once() -> None:
    assert find_lines("a = 1\r\n\r\nb = 2\r\n")["b",] == 3


TEXT = st.text(alphabet="ab.#[]{}=,'\"\\ \n\täß", max_size=8)
SCALAR = st.one_of(TEXT, st.integers(), st.booleans(), st.dates())
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(TEXT, st.dictionaries(TEXT, VALUE, max_size=4), max_size=4))
def test_every_key_of_any_document_is_found(document: dict[str, dict[str, Any]]) -> None:
    text, expected = _written(document)
    assert tomllib.loads(text) == document
    found = find_lines(text)
    assert {path: found.get(path) for path in expected} == expected
    assert set(_paths(document)) == set(found)


def _written(document: dict[str, dict[str, Any]]) -> tuple[str, dict[Path, int]]:
    lines: list[str] = []
    expected: dict[Path, int] = {}
    for table, pairs in document.items():
        lines.append(f"[{_quoted(table)}] # [x]")
        expected[table,] = len(lines)
        for key, value in pairs.items():
            lines.extend(["", "# = '''"])
            lines.append(f"{_quoted(key)} = {_value(value)}")
            expected[table, key] = "\n".join(lines[:-1]).count("\n") + 2
            lines = "\n".join(lines).split("\n")
    return "\n".join(lines), expected


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str() if "\n" in value:
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"""\n{escaped}"""'
        case str():
            return _quoted(value)
        case list():
            return "[\n" + "".join(f"  {_value(each)}, # ]\n" for each in value) + "]"
        case dict():
            return "{ " + ", ".join(f"{_quoted(k)} = {_flat(v)}" for k, v in value.items()) + " }"
        case _:
            return str(value)


def _flat(value: Any) -> str:
    """A value inside an inline table: on one line."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_flat, value)) + "]"
    return _value(value)


def _paths(value: Any, at: Path = ()) -> Iterator[Path]:
    if not isinstance(value, dict | list):
        return
    keys = value if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield (*at, key)
        yield from _paths(value[key], (*at, key))
