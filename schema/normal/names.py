"""Normal form of names, for comparing. Never for showing."""

import re
import unicodedata
from typing import Final

_APART: Final = re.compile(r"[\W_]+")
_FOLDS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "o"})


def fold_name(name: str) -> str:
    """Name → lower case, umlauts written out, marks dropped, one space between words."""
    if name.isascii():
        folded = name.lower()
    else:
        folded = _unmarked(unicodedata.normalize("NFC", name).casefold().translate(_FOLDS))
    return _APART.sub(" ", folded).strip()


def _unmarked(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))
