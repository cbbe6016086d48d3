"""A component's unfolded lines → its properties. Pure; forgiving line by line.

Content lines of RFC 5545, 3.1, with parameters as RFC 6868 escapes them. What icalendar's own
parser gives is given here too (a test compares both), at a fraction of the time: that one walks
every line character by character, and the longest lines are mere text.
"""

import re
from binascii import a2b_qp
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

_NAME: Final = re.compile(r"[ \t]{0,8}([A-Za-z0-9-]{1,100})[ \t]{0,8}(?=[;:])")
_PARAMETER: Final = re.compile(
    r';[ \t]{0,8}([A-Za-z0-9-]{1,100})[ \t]{0,8}=((?:"[^"]*"|[^";:])*)(?=[;:])'
)
_PLAIN: Final = re.compile(r"([A-Za-z0-9-]{1,100}):")
_CARET: Final = {"^n": "\n", "^N": "\n", "^^": "^", "^'": '"'}
_ESCAPED_CARET: Final = re.compile(r"\^[nN^']")
_ESCAPED: Final = re.compile(r"\\([\\;,nN:\"])")
MOST_PARAMETERS: Final = 50
"""A line with more is made to cost time."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property: name and names of parameters in capitals, the value as it is written."""

    name: str
    value: str
    params: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Its value as TEXT (RFC 5545, 3.3.11)."""
        return text_of(self.value)


@dataclass(slots=True)
class Properties:
    """The properties of one component. `inside` holds those of the components within it, by
    their name; `broken` what is no property."""

    by_name: dict[str, list[Property]] = field(default_factory=dict)
    inside: dict[str, list["Properties"]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """Every property of a name, in its order."""
        return self.by_name.get(name, [])

    def first(self, name: str) -> Property | None:
        """The first property of a name that says something."""
        for each in self.by_name.get(name, ()):
            if each.value.strip():
                return each
        return None

    def value(self, name: str) -> str:
        """The first value of a name, stripped; "" where there is none."""
        found = self.first(name)
        return found.value.strip() if found else ""

    def text(self, name: str) -> str:
        """The first value of a name as TEXT, stripped; "" where there is none."""
        found = self.first(name)
        return found.text.strip() if found else ""


def properties(text: str) -> Properties:
    """A component's lines → its properties."""
    return _component(iter(text.split("\n")))


def _component(lines: Iterator[str]) -> Properties:
    found = Properties()
    for line in lines:
        if not line.strip():
            continue
        if line.startswith("BEGIN:"):
            found.inside.setdefault(line[6:].strip().upper(), []).append(_component(lines))
        elif line.startswith("END:"):
            return found
        else:
            _take(line, found)
    return found


def _take(line: str, found: Properties) -> None:
    read = property_of(line)
    if read is None:
        name = _NAME.match(line)
        found.broken.append(name[1].upper() if name else "")
    else:
        found.by_name.setdefault(read.name, []).append(read)


def property_of(line: str) -> Property | None:
    """An unfolded line → its property; None for what is none."""
    plain = _PLAIN.match(line)
    if plain:
        return Property(plain[1].upper(), line[plain.end() :])
    name = _NAME.match(line)
    if name is None:
        return None
    at = name.end()
    params: dict[str, str] = {}
    for _ in range(MOST_PARAMETERS):
        if line[at] == ":":
            return Property(name[1].upper(), _decoded(line[at + 1 :], params), params)
        read = _PARAMETER.match(line, at)
        if read is None:
            return None
        params[read[1].upper()] = _parameter(read[2])
        at = read.end()
    return None


def _decoded(value: str, params: dict[str, str]) -> str:
    """A value as text, also where it is quoted-printable, as vCalendar 1.0 writes it."""
    if params.get("ENCODING", "").upper() != "QUOTED-PRINTABLE":
        return value
    plain = a2b_qp(value.encode("utf-8", "replace")).decode("utf-8", "replace")
    return plain.replace("\r\n", "\n").replace("\n", "\\n")


def _parameter(written: str) -> str:
    value = written.strip()
    if value.startswith('"') and value.endswith('"') and value.count('"') == 2:
        value = value[1:-1]
    return _ESCAPED_CARET.sub(lambda found: _CARET[found[0]], value) if "^" in value else value


def text_of(value: str) -> str:
    """TEXT as written → as meant. Commas that were escaped twice lose both escapes."""
    if "\\" not in value:
        return value
    value = value.replace("\\\\\\,", ",").replace("\\\\,", ",").replace("\\\\;", ";")
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def listed(value: str) -> tuple[str, ...]:
    """A list of TEXT, separated by commas that are not escaped → its texts."""
    if "\\" not in value:
        return tuple(value.split(","))
    kept = value.replace("\\\\", "\x00").replace("\\,", "\x01").split(",")
    return tuple(text_of(each.replace("\x01", ",").replace("\x00", "\\\\")) for each in kept)


def dated(found: Iterable[Property]) -> Iterator[tuple[Property, str]]:
    """Properties that list dates (RDATE, EXDATE) → each date with its property."""
    for each in found:
        for value in each.value.split(","):
            if value.strip():
                yield each, value.strip()
