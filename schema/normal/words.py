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
_RUN: Final = re.compile(r"\w+(?:[-*:/·(\u2010\u2011'\u2019\u02bc]{1,2}\w+)*")
"""A word, with what people write in one word or in two: Repair-Café, Helfer*innen, thema's."""
_FAR: Final = re.compile("[\u0250-\u1fff\u20a0-\U0010ffff]")
"""Neither Latin as Europe writes it nor a sign of its texts: marks of their own, say."""
_LONG_RUN: Final = 100
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


def words_in(text: str) -> list[str]:
    """Text → every spelling under which a word of it is kept; with some repetitions."""
    text = visible(text)
    if not text.isascii() and _FAR.search(text):
        text = plain(text)
    found: list[str] = []
    for run in dict.fromkeys(_RUN.findall(text)):
        found += _kept(run) if len(run) <= _LONG_RUN else _of_run(run)
    return found


@lru_cache(maxsize=32_768)
def _kept(run: str) -> tuple[str, ...]:
    """The same as `_of_run`, remembered: most words come again and again."""
    return tuple(_of_run(run))


def _of_run(run: str) -> Iterator[str]:
    """What is written without a space → each of its words, and all of them in one."""
    words = _WORD.findall(plain(run))
    for word in words:
        yield from _spellings(word)
    if len(words) > 1 and all(map(str.isalpha, words)):
        yield from _spellings("".join(words))


def _spellings(word: str) -> Iterator[str]:
    short = _short(word)
    for spelling in (word,) if short == word else (word, short):
        yield from _pieces(spelling)


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
