"""What a list is narrowed down to, each filter in words with the way to drop it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from api.filter_words import Speech, filters_said
from api.params import Query

TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {
    "near": ("near", "radius", "sort"),
    "from": ("from", "to"),
    "to": ("from", "to"),
}
"""Filters that are said and dropped together with others."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter: its parameter, what it asks for in words, and which parameters it takes along
    when it is dropped."""

    name: str
    said: str
    drops: tuple[str, ...]


def chips_of(query: Query, speech: Speech, window: str | None = None) -> tuple[Chip, ...]:
    """A query → its filters. `window` is how its days are said, where it has any."""
    said = [each for each in filters_said(query, speech) if each[0] not in {"from", "to"}]
    if window is not None:
        said.append(("from", window))
    return tuple(Chip(name, words, TOGETHER.get(name, (name,))) for name, words in said)


def words_of(chips: Iterable[Chip]) -> str:
    """All filters in one line."""
    return " · ".join(chip.said for chip in chips)
