"""Words as a search compares them: without case, marks, and the ways of writing an umlaut. Pure.

A word is kept in up to two spellings: as it stands (`aktuell`), and with ae, oe and ue as one
letter (`aktull`). Umlauts lose their dots. So Bäume, Baeume and Baume meet in `baume`, while a
piece cut out of a word (`uell`) is still a piece of the first spelling. Never for showing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from schema.normal.text import visible

LONGEST: Final = 48
"""Longer words are kept as pieces of this length that overlap by half."""
HALF: Final = LONGEST // 2
SHORT: Final = 3
"""Shorter terms are looked for at the beginning of words only."""

_WORD: Final = re.compile(r"[^\W_]+")
_JOINED: Final = re.compile(r"[^\W\d_]+(?:[-*:_/·(\u2010]{1,2}[^\W\d_]+)+")
"""What people write in one word or in two: Repair-Café, Helfer*innen, Helfer/-innen."""
_SIGNS: Final = "-*:_/·(\u2010"
_LETTERS: Final = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ı": "i",
        "ŋ": "n",
        "ŧ": "t",
        "'": "",
        "\u2019": "",
        "\u02bc": "",
    }
)
"""Letters that have no mark to drop; apostrophes stand inside words (thema's)."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word that is looked for, in its spellings: one of them must occur."""

    spellings: tuple[str, ...]


def plain(text: str) -> str:
    """Text → lower case, letters without marks; one letter may become several (ß → ss)."""
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", visible(text))
        text = "".join(c for c in parts if not unicodedata.combining(c))
    return text.casefold().translate(_LETTERS)


def words_in(text: str) -> Iterator[str]:
    """Text → every spelling under which a word of it is kept; with repetitions."""
    folded = plain(text)
    for word in _WORD.findall(folded):
        yield from _spellings(word)
    if any(sign in folded for sign in _SIGNS):
        for joined in _JOINED.findall(folded):
            yield from _spellings("".join(_WORD.findall(joined)))


@lru_cache(maxsize=16_384)
def _spellings(word: str) -> tuple[str, ...]:
    short = _short(word)
    spellings = (word,) if short == word else (word, short)
    return tuple(piece for spelling in spellings for piece in _pieces(spelling))


def _short(word: str) -> str:
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _pieces(word: str) -> Iterator[str]:
    if len(word) <= LONGEST:
        yield word
        return
    for start in range(0, len(word) - HALF, HALF):
        yield word[start : start + LONGEST]


def words_of(text: str) -> list[str]:
    """Text → its words in their first spelling, as long as they are; with repetitions."""
    return _WORD.findall(plain(text))


def terms_in(text: str) -> tuple[Term, ...]:
    """What somebody looks for → its words, each once; what is longer than any kept piece has
    whole comes in parts. Empty where there is no letter and no digit."""
    parts = (part for word in words_of(text) for part in _parts(word))
    return tuple(Term(tuple(dict.fromkeys((part, _short(part))))) for part in dict.fromkeys(parts))


def _parts(word: str) -> Iterable[str]:
    if len(word) <= HALF:
        return (word,)
    starts = (*range(0, len(word) - HALF, HALF), len(word) - HALF)
    return [word[_whole(word, start) : start + HALF] for start in starts]


def _whole(word: str, start: int) -> int:
    """Where a part begins that does not begin inside of ae, oe or ue."""
    return start - (word[max(start - 1, 0) : start + 1] in {"ae", "oe", "ue"})
