"""Looking for words: which live entities have all of them. Reads the index and what it leads to.

Blocks of bits leave what may have the words; the words themselves decide. Where few entities have
them, these are known with all they are found by, to be ranked. Where many have, a statement that
goes through entities anyway asks each of them (`narrowing.having_words`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from sys import getsizeof
from typing import Final, NamedTuple

from sqlalchemy import func, select

from aggregator.store.bits import BLOCK, flags, numbers, unpacked
from aggregator.store.grams import gram_of_mark, grams_asked
from aggregator.store.numbers import AnyOf
from aggregator.store.pages import Pages, Row, Shape
from aggregator.store.tables import search_block, search_entry, search_segment
from schema.normal.words import SHORT, Term

FEW: Final = 1000
"""So many entities are ranked; more are in no order but that of a list."""
MOST_READ: Final = 20_000
"""So many are asked for their words before they count as many, whatever they say."""
Marks = tuple[str, ...]
"""Kinds, or categories, of which any will do."""
HIT: Final = 100
"""Bytes of a hit besides its texts."""
BATCH: Final = 1024
"""So many are read at a time: enough to know that many have the words, where all of them do."""


class Hit(NamedTuple):
    """An entity that has the words, and all it is found by; `marks` with a space between."""

    no: int
    marks: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What looking for words found. `hits`: those that have them, newest first, all of them where
    they are `few`, else the first ones. `among`: for each entity number "1" where it may have
    them; those behind its end have them not."""

    terms: tuple[Term, ...]
    marks: tuple[Marks, ...] = ()
    hits: tuple[Hit, ...]
    few: bool
    among: bytes = b""

    @property
    def spellings(self) -> tuple[int, ...]:
        """How many spellings each term has: what statements depend on."""
        return tuple([len(term.spellings) for term in self.terms])

    @property
    def weight(self) -> int:
        """Bytes it takes to remember it, about."""
        texts = sum(getsizeof(hit.marks) + getsizeof(hit.words) for hit in self.hits)
        return len(self.among) + HIT * len(self.hits) + texts


_YOUNG: Final = Shape(
    select(search_entry.c.entity_no, search_entry.c.marks, search_entry.c.words).where(
        search_entry.c.entity_no
        > select(func.coalesce(func.max(search_segment.c.upto), 0)).scalar_subquery()
    )
)


_SEGMENTS: Final = Shape(select(search_segment.c.block))


_BLOCKS: Final = Shape(
    select(search_block.c.block, search_block.c.gram, search_block.c.bits).where(
        AnyOf(search_block.c.block, "blocks"), AnyOf(search_block.c.gram, "grams")
    )
)
"""Blocks are named too: PostgreSQL would else go through all of the index for some grams."""
_ENTRIES: Final = Shape(
    select(search_entry.c.entity_no, search_entry.c.marks, search_entry.c.words).where(
        AnyOf(search_entry.c.entity_no, "numbers")
    )
)


async def seek(pages: Pages, terms: tuple[Term, ...], marks: tuple[Marks, ...] = ()) -> Sought:
    """Entities that have all the words, and of each of `marks` any. Young ones, which are in no
    block yet, are read first: if they get into one meanwhile, they are met twice rather than not
    at all."""
    young = _having(await pages.rows(_YOUNG, {}), terms, marks)
    blocks = await _candidates(pages, terms, marks)
    seen = {hit.no for hit in young}
    hits, few, read = young, len(young) <= FEW, 0
    for batch in _newest_first(blocks):
        asked = [no for no in batch if no not in seen] if seen else batch
        hits += _having(await pages.rows(_ENTRIES, {"numbers": asked}), terms, marks)
        read += len(batch)
        if len(hits) > FEW or read >= MOST_READ:
            few = False
            break
    among = b"" if few else _among(blocks, seen)
    return Sought(terms=terms, marks=marks, hits=tuple(hits), few=few, among=among)


def _having(rows: Iterable[Row], terms: Iterable[Term], marks: tuple[Marks, ...]) -> list[Hit]:
    """Rows of `search_entry` that have what is looked for, newest first. Runs for a thousand rows
    of many a question, so it is plain loops."""
    found = list(rows)
    for term in terms:
        one, *other = map(beginning, term.spellings)
        if other:
            found = [row for row in found if one in row[2] or other[0] in row[2]]
        else:
            found = [row for row in found if one in row[2]]
    if marks:
        fit = {said for said in {row[1] for row in found} if _marked(said, marks)}
        found = [row for row in found if row[1] in fit]
    found.sort(reverse=True)
    return list(map(Hit._make, found))


def _marked(said: str, marks: tuple[Marks, ...]) -> bool:
    there = said.split()
    return all(any(mark in there for mark in some) for some in marks)


def beginning(spelling: str) -> str:
    """A spelling as it must occur: a short one at the beginning of a word."""
    return spelling if len(spelling) >= SHORT else f" {spelling}"


async def _bits(pages: Pages, grams: Sequence[int]) -> list[Row]:
    """Every block's rows of some grams."""
    every = [block for (block,) in await pages.rows(_SEGMENTS, {})]
    return await pages.rows(_BLOCKS, {"blocks": every, "grams": grams})


async def _candidates(
    pages: Pages, terms: Iterable[Term], marks: Iterable[Marks]
) -> dict[int, int]:
    """Block → bits of what may have the words, by their pieces."""
    asked = [grams_asked(term) for term in terms]
    asked += [tuple([(gram_of_mark(mark),) for mark in some]) for some in marks]
    wanted = sorted({gram for term in asked for spelling in term for gram in spelling})
    blocks: dict[int, dict[int, int]] = {}
    for block, gram, bits in await _bits(pages, wanted):
        blocks.setdefault(block, {})[gram] = unpacked(bits)
    found = {block: _all_of(asked, there) for block, there in blocks.items()}
    return {block: bits for block, bits in sorted(found.items()) if bits}


def _all_of(asked: Sequence[tuple[tuple[int, ...], ...]], there: Mapping[int, int]) -> int:
    terms = (
        reduce(or_, (reduce(and_, (there.get(g, 0) for g in grams)) for grams in term))
        for term in asked
    )
    return reduce(and_, terms)


def _newest_first(blocks: Mapping[int, int]) -> Iterable[list[int]]:
    """The numbers in blocks, some at a time."""
    pending: list[int] = []
    for block in sorted(blocks, reverse=True):
        pending += reversed(numbers(block, blocks[block]))
        while len(pending) >= BATCH:
            yield pending[:BATCH]
            del pending[:BATCH]
    if pending:
        yield pending


def _among(blocks: Mapping[int, int], also: Collection[int]) -> bytes:
    last = max((*blocks, *(no // BLOCK for no in also)), default=-1)
    bits = dict(blocks)
    for no in also:
        bits[no // BLOCK] = bits.get(no // BLOCK, 0) | 1 << no % BLOCK
    return b"".join([flags(bits.get(block, 0)) for block in range(last + 1)])


def score(words: str, terms: Iterable[Term]) -> int:
    """How well an entity's words match, lower is better: for each term 0 where it is a word of the
    title, 1 the beginning of one, 2 within one, 3 in who and where, 4 in the text."""
    title, around, _ = words.split("\n")
    return sum(min(_weight(title, around, each) for each in term.spellings) for term in terms)


def _weight(title: str, around: str, spelling: str) -> int:
    if f" {spelling} " in title:
        return 0
    if f" {spelling}" in title:
        return 1
    sought = beginning(spelling)
    if sought in title:
        return 2
    return 3 if sought in around else 4
