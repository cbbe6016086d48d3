"""Normal form of text, and which characters must not stand in it. Pure.

Forbidden are control characters other than line ends and tabs, lone surrogates, U+FFFE, U+FFFF,
and U+FFFD: something that stands for a byte nobody could read.
"""

import re
from typing import Final

FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]"
)

_SPACES: Final = re.compile("[ \t\r\n\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_SPACING: Final = (
    ("\r\n", "\n"),
    ("\r", "\n"),
    ("\u2028", "\n"),
    ("\u2029", "\n"),
    ("\t", " "),
    ("\u00a0", " "),
    ("\u2009", " "),
    ("\u202f", " "),
)
"""Line ends and spaces as written, and what they mean in a text."""
TURNING: Final = (
    *("\u202a", "\u202b", "\u202c", "\u202d", "\u202e"),
    *("\u2066", "\u2067", "\u2068", "\u2069"),
)
"""Embeddings, overrides and isolates of the direction of writing, and their ends (UAX 9, 2). One
that is left open turns the text behind it, which may be another's: the next title of a list. Text
finds its direction by its letters; marks that only help it to (U+200E, U+200F, U+061C) stay."""
INVISIBLE: Final = ("\u00ad", "\u200b", "\u2060", "\ufeff", *TURNING)
"""Soft hyphen, zero-width space, word joiner, byte order mark, and what turns text: nobody sees
them, and they hide addresses from a search."""


def forbidden_in(text: str) -> str | None:
    """The first forbidden character as `U+XXXX`, or None."""
    if not _may_hold_forbidden(text):
        return None
    found = FORBIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def _may_hold_forbidden(text: str) -> bool:
    """The same question, many times faster than a regular expression answers it."""
    if text.replace("\n", "").isprintable():
        return "\ufffd" in text
    return True


def one_line(text: str) -> str:
    """Text → one line with single spaces. Control characters stay, for `checks` to find."""
    if text.isprintable():
        return " ".join(text.split())
    return _SPACES.sub(" ", visible(text)).strip()


def tidy(text: str) -> str:
    """Text → single spaces, no space at line ends, at most one empty line in a row."""
    for written, meant in _SPACING:
        if written in text:
            text = text.replace(written, meant)
    return laid_out(text)


def laid_out(text: str) -> str:
    """As `tidy`, for a text whose only white space is spaces and line feeds."""
    lines = [line.strip() for line in visible(text).split("\n")]
    kept = [line for line, above in zip(lines, ["", *lines], strict=False) if line or above]
    text = "\n".join(kept).rstrip()
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def visible(text: str) -> str:
    """Text without invisible characters."""
    return _without(INVISIBLE, text)


def unturned(text: str) -> str:
    """Text without what turns the direction of other text."""
    return _without(TURNING, text)


def _without(characters: tuple[str, ...], text: str) -> str:
    if text.isascii():
        return text
    for character in characters:
        if character in text:
            text = text.replace(character, "")
    return text
