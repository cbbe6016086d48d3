"""Content lines of iCalendar (RFC 5545, 3.1 and 3.3.11): escaped, encoded, folded. Pure.

Whatever a text holds, it stays one property: control characters do not pass, line ends are
written as an escaped n, and lines are cut at 75 octets without cutting a character.
"""

import re
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 75
"""Octets of a line, its end not counted."""
END: Final = b"\r\n"

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS: Final = re.compile("\r\n|[\r\u2028\u2029]")
_NO_URI: Final = re.compile('[\x00-\x20\x7f-\x9f"<>\\\\^`{|}\u2028\u2029\ud800-\udfff]')
_LANGUAGE: Final = re.compile("[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


def text(value: str) -> str:
    """Text → a TEXT value: what has a meaning there escaped, control characters left out."""
    if not value.isprintable():
        value = _CONTROLS.sub("", _LINE_ENDS.sub("\n", value).replace("\t", " "))
    for special, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        if special in value:
            value = value.replace(special, escaped)
    return value


def uri(value: str | None) -> str | None:
    """An address → a URI value, which is not escaped; None where it holds what no URI may."""
    return None if value is None or _NO_URI.search(value) else value


def said_in(language: str) -> str:
    """A language tag → the parameter that says it; nothing where it is none (BCP 47)."""
    return f";LANGUAGE={language}" if _LANGUAGE.fullmatch(language) else ""


def lines(written: Iterable[str]) -> bytes:
    """Content lines without their ends → bytes, folded, each with its end."""
    found: list[bytes] = []
    for line in written:
        octets = line.encode()
        found.append(octets if len(octets) <= LONGEST else _folded(octets))
    found.append(b"")
    return END.join(found)


def _folded(octets: bytes) -> bytes:
    """A long line cut into pieces; each further one begins with a space that is not its own."""
    pieces, start, size = [], 0, LONGEST
    while len(octets) - start > size:
        cut = start + size
        while octets[cut] & 0xC0 == 0x80:  # inside a character
            cut -= 1
        pieces.append(octets[start:cut])
        start, size = cut, LONGEST - 1
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces)
