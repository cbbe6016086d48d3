"""Cursors: places in a list, as opaque text for clients and back. Reads strictly, asks nothing."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import orjson

from aggregator.queries.wanted import Letter, Moment, Position, Rank, Spot, Where

HIGHEST: Final = 2**63 - 1
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
FARTHEST: Final = 360.0**2
WALL: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{8,15})?")
"""What names an occurrence: a day, or a wall time."""
FORMS: Final[Mapping[str, list[type]]] = {
    "n": [int],
    "t": [str, int],
    "d": [float, int],
    "r": [int, int],
    "s": [int, int],
    "o": [int, int, str],
}
"""What a cursor says after its epoch, the letter of its order and its direction: a change; a title,
a squared distance or microseconds since 1970, and a number, of occurrences also its name; a score
and a change."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list, valid in one counting (`epoch`) of changes."""

    epoch: str
    position: Where

    def __str__(self) -> str:
        letter, *parts = _said(self.position)
        said = orjson.dumps([self.epoch, letter, self.position.back, *parts])
        return urlsafe_b64encode(said).decode().rstrip("=")


def _said(at: Where) -> list[object]:
    match at:
        case Position():
            return ["n", at.change]
        case Letter():
            return ["t", at.title, at.no]
        case Spot():
            return ["d", float(at.square), at.no]
        case Rank():
            return ["r", at.score, at.change]
        case Moment():
            micros = (at.starts - EPOCH) // MICROSECOND
            rest = [] if at.recurrence_id is None else [at.recurrence_id]
            return ["o" if rest else "s", micros, at.no, *rest]


def cursor(text: str) -> Cursor:
    """What `str(Cursor)` wrote → the cursor. Raises `ValueError` or `OverflowError` for anything
    else."""
    try:
        said = orjson.loads(urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
        epoch, letter, back, *parts = said
    except (NotBase64, TypeError) as error:
        raise ValueError(text) from error
    if [*map(type, (epoch, letter, back))] != [str, str, bool] or letter not in FORMS:
        raise ValueError(text)
    if [*map(type, parts)] != FORMS[letter]:
        raise ValueError(text)
    return Cursor(epoch, _POSITIONS[letter](*parts, back=back))


def _number(number: int) -> int:
    if not 0 <= number <= HIGHEST:
        raise ValueError(number)
    return number


def _position(change: int, *, back: bool) -> Position:
    return Position(change=_number(change), back=back)


def _letter(title: str, no: int, *, back: bool) -> Letter:
    if "\0" in title:
        raise ValueError(title)
    return Letter(title=title, no=_number(no), back=back)


def _spot(square: float, no: int, *, back: bool) -> Spot:
    if not 0 <= square <= FARTHEST:
        raise ValueError(square)
    return Spot(square=square, no=_number(no), back=back)


def _rank(score: int, change: int, *, back: bool) -> Rank:
    return Rank(score=_number(score), change=_number(change), back=back)


def _moment(micros: int, no: int, name: str | None = None, *, back: bool) -> Moment:
    if name is not None and not WALL.fullmatch(name):
        raise ValueError(name)
    at = EPOCH + micros * MICROSECOND
    return Moment(starts=at, no=_number(no), recurrence_id=name, back=back)


_POSITIONS: Final[Mapping[str, Callable[..., Where]]] = {
    "n": _position,
    "t": _letter,
    "d": _spot,
    "r": _rank,
    "s": _moment,
    "o": _moment,
}


def holds(at: Where, *, sort: str, each: bool) -> bool:
    """Whether a position belongs to lists of this sort, of occurrences or not."""
    match at:
        case Moment():
            return sort == "start" and each == (at.recurrence_id is not None)
        case Position():
            return sort == "newest"
        case Letter():
            return sort == "title"
        case Spot():
            return sort == "distance"
        case Rank():
            return sort == "relevance"
