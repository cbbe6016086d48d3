"""Bytes → text: which encoding they really are in, and what no encoding explains. No I/O.

Byte order mark, or the shape of UTF-16 and UTF-32, first, then what HTTP and the document itself
declare. Where those two disagree and one says UTF-8, the bytes decide. `iso-8859-1` is read as
Windows-1252, as everyone does.
"""

import codecs
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FAMILIES: Final = (
    *("utf-8", "utf-16", "utf-32", "cp125", "iso8859", "koi8", "mac-roman", "tis-620", "cp874"),
    *("gb", "big5", "euc_", "shift_jis", "cp932", "cp949", "iso2022_jp"),
)
_AS_WINDOWS: Final = frozenset({"iso8859-1", "ascii", "cp1252"})
FALLBACK: Final = "utf-8"


def encoding_of(head: bytes, http: str | None, declared: str | None) -> str:
    """First bytes, charset by HTTP, charset by the document → name of a Python codec."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    wide = _unmarked_wide(head)
    if wide is not None:
        return wide
    by_http, by_document = _narrow(known(http)), _narrow(known(declared))
    if by_http and by_document and by_http != by_document and FALLBACK in (by_http, by_document):
        return FALLBACK if _is_utf8(head) else next(iter({by_http, by_document} - {FALLBACK}))
    return by_http or by_document or FALLBACK


def known(label: str | None) -> str | None:
    """A declared charset → the codec to read it with, or None for what nobody should declare."""
    try:
        name = codecs.lookup((label or "").strip().strip("\"'").lower()).name
    except (LookupError, ValueError):  # unknown, or holding a NUL
        return None
    if name in _AS_WINDOWS:
        return "cp1252"
    if name.startswith("gb"):
        return "gb18030"  # GB 2312 and GBK are parts of it
    return name if name.startswith(_FAMILIES) else None


def _unmarked_wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without its mark: of what a document begins with, every other byte is NUL,
    or three of four."""
    first = head[:4]
    if len(first) == 4 and first.count(0) == 3 and (first[0] or first[3]):
        return "utf-32-le" if first[0] else "utf-32-be"
    if len(first) == 4 and first[1] == first[3] == 0 and first[0] and first[2]:
        return "utf-16-le"
    if len(first) == 4 and first[0] == first[2] == 0 and first[1] and first[3]:
        return "utf-16-be"
    return None


def _narrow(name: str | None) -> str | None:
    """A declared codec, unless it is UTF-16 or UTF-32, which the bytes have just shown not to be
    true."""
    return None if name is None or name.startswith(("utf-16", "utf-32")) else name


def _is_utf8(head: bytes) -> bool:
    """Whether the head is UTF-8, however its last character is cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
