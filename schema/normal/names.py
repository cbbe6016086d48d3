"""Normal form of names, for comparing. Never for showing."""

import re
import unicodedata

_LETTERS = re.compile(r"[^\w]+", re.UNICODE)
_FOLDS = str.maketrans({"ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "o"})


def fold_name(name: str) -> str:
    """Name → lower case, umlauts written out, marks dropped, one space between words."""
    lowered = unicodedata.normalize("NFC", name).casefold().translate(_FOLDS)
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c)
    )
    return _LETTERS.sub(" ", plain).strip()
