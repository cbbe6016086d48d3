"""Normal form of text, and which characters must not stand in it. Pure.

Forbidden are control characters other than line ends and tabs, lone surrogates, U+FFFE, U+FFFF,
and U+FFFD: something that stands for a byte nobody could read.
"""

import re
from typing import Final

FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]"
)
_C0: Final = bytes(code for code in range(32) if code not in b"\t\n\r") + b"\x7f"
_C1: Final = re.compile(b"\xc2[\x80-\x9f]")
_FFFD_TO_FFFF: Final = b"\xef\xbf"
_C1_LEAD: Final = b"\xc2"

_SPACES: Final = re.compile("[ \t\r\n\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
INVISIBLE: Final = ("\u00ad", "\u200b", "\u2060", "\ufeff")
"""Soft hyphen, zero-width space, word joiner, byte order mark: nobody sees them, and they hide
addresses from a search."""


def forbidden_in(text: str) -> str | None:
    """The first forbidden character as `U+XXXX`, or None."""
    if not _may_hold_forbidden(text):
        return None
    found = FORBIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def _may_hold_forbidden(text: str) -> bool:
    """The same question about bytes: many times faster than a regular expression."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return True
    if len(data.translate(None, _C0)) != len(data) or _FFFD_TO_FFFF in data:
        return True
    return _C1_LEAD in data and _C1.search(data) is not None


def one_line(text: str) -> str:
    """Text → one line with single spaces. Control characters stay, for `checks` to find."""
    if text.isprintable():
        return " ".join(text.split())
    return _SPACES.sub(" ", visible(text)).strip()


def tidy(text: str) -> str:
    """Text → single spaces, no space at line ends, at most one empty line in a row."""
    lines = "\n".join([" ".join(line.split()) for line in visible(text).splitlines()])
    while "\n\n\n" in lines:
        lines = lines.replace("\n\n\n", "\n\n")
    return lines.strip()


def visible(text: str) -> str:
    """Text without invisible characters."""
    if text.isascii():
        return text
    for character in INVISIBLE:
        if character in text:
            text = text.replace(character, "")
    return text
