"""A declared language tag → the language that a text is kept under. Pure.

Texts are kept by primary language (BCP 47, RFC 5646 2.2.1), without region and script: who reads
German reads that of Austria too.
"""

import re
from collections.abc import Mapping
from typing import Final

_TAG: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8}){0,8}")
"""With a low line too, as locales of computers are written."""
_SHORTER: Final[Mapping[str, str]] = {
    "deu": "de", "ger": "de", "eng": "en", "nld": "nl", "dut": "nl", "por": "pt", "lit": "lt",
}  # fmt: skip
"""Codes that have a shorter one, which is the right one (RFC 5646 2.2.1), of our languages."""
_NO_LANGUAGE: Final = frozenset({"und", "mul", "mis", "zxx"})
"""Undetermined, several, uncoded, none."""


def primary_language(tag: str) -> str | None:
    """`en-GB` → `en`; None for what names no one language."""
    found = _TAG.fullmatch(tag.strip())
    if found is None:
        return None
    language = found[1].lower()
    if language in _NO_LANGUAGE or "qaa" <= language <= "qtz":
        return None
    return _SHORTER.get(language, language)
