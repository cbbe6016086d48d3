"""What HTTP said of a stored document, where that is known. Pure.

Samples of feed readers carry the header they were served with in a comment at their beginning:
`Header: Content-type: text/xml; charset=windows-1252`.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

BEGINNING: Final = 2_000
"""Bytes in which the comment stands."""
HEADER: Final = re.compile(rb"Header:[ \t]*Content-type:[ \t]*([^\r\n]*)", re.IGNORECASE)
CHARSET: Final = re.compile(r"charset=['\"]?([^'\";\s]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Media type and charset of a document's `Content-Type`."""

    media_type: str | None = None
    charset: str | None = None


def served(data: bytes) -> Served:
    """The beginning of a document → how it was served."""
    found = HEADER.search(data[:BEGINNING].replace(b"\0", b""))
    if found is None:
        return Served()
    value = found[1].decode("latin-1").strip()
    charset = CHARSET.search(value)
    media_type = value.partition(";")[0].strip().lower()
    return Served(media_type=media_type or None, charset=charset[1] if charset else None)


def is_charset(name: object) -> bool:
    """Whether a charset of this name exists."""
    if not isinstance(name, str):
        return False
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return True
