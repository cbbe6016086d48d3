"""Words → the numbers their pieces are indexed by. Pure.

Pieces of three letters and beginnings of words have a number of their own, as long as they are
Latin letters and digits. Pieces of four letters, and others, share numbers: they make a search
sharper, and what shares a number is told apart by the words themselves.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from zlib import crc32

from schema.normal.words import SHORT, Term

_ALPHABET: Final = {sign: n for n, sign in enumerate("^abcdefghijklmnopqrstuvwxyz0123456789", 1)}
_BASE: Final = len(_ALPHABET) + 1
_EXACT: Final = _BASE**SHORT
_SHARED: Final = 4096
_OTHERS, _FOURS, _MARKS = (_EXACT + n * _SHARED for n in range(3))
_MOST_KEPT: Final = 100_000
_MOST_ASKED: Final = 6


class _Numbers(dict[str, int]):
    """Piece → number, kept for the next time."""

    def __missing__(self, piece: str) -> int:
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[piece] = number = _number(piece)
        return number


def _number(piece: str) -> int:
    if len(piece) > SHORT:
        return _FOURS + _share(piece)
    if not all(sign in _ALPHABET for sign in piece):
        return _OTHERS + _share(piece)
    number = 0
    for at in range(SHORT):
        number = number * _BASE + _ALPHABET.get(piece[at : at + 1], 0)
    return number


def _share(piece: str) -> int:
    return crc32(piece.encode()) % _SHARED


_numbers: Final = _Numbers()


def grams_of_word(word: str) -> Iterator[int]:
    """A word → the numbers of all its pieces, with repetitions."""
    yield _numbers[f"^{word[:1]}"]
    yield _numbers[f"^{word[:2]}"]
    for start in range(len(word) - 2):
        yield _numbers[word[start : start + 3]]
    for start in range(len(word) - 3):
        yield _numbers[word[start : start + 4]]


def gram_of_mark(mark: str) -> int:
    """What an entity is besides its words (a kind, a category) → its number."""
    return _MARKS + _share(mark)


def grams_of(marks: str, words: str) -> set[int]:
    """An entity's marks and words → all its numbers."""
    found = {gram_of_mark(mark) for mark in marks.split()}
    for word in words.split():
        found.update(grams_of_word(word))
    return found


def grams_asked(term: Term) -> tuple[tuple[int, ...], ...]:
    """A term → for each of its spellings, numbers that every word with it has."""
    return tuple(tuple(_asked(spelling)) for spelling in term.spellings)


def _asked(spelling: str) -> Iterable[int]:
    if len(spelling) < SHORT:
        return [_numbers[f"^{spelling}"]]
    if len(spelling) == SHORT:
        return [_numbers[spelling]]
    fours = [_numbers[spelling[start : start + 4]] for start in range(len(spelling) - 3)]
    step = -(-len(fours) // _MOST_ASKED)
    return [_numbers[spelling[:SHORT]], _numbers[spelling[-SHORT:]], *fours[::step]]
