"""The index for words: what each live entity is found by, and blocks of bits that lead to it.

`search_entry` says it all and is written with the entity. `search_block` says for each piece of
a word which of 4,096 entities have it; it is made a block at a time, for entities up to the
number in `search_segment`, and is exact for these. Who searches looks at the younger ones
themselves, so a chunk writes one row an entity. Writes what it is told; decides nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from aggregator.store.bits import BLOCK, packed, place, unpacked
from aggregator.store.grams import gram_of_mark, grams_of, grams_of_word
from aggregator.store.records import batches
from aggregator.store.tables import entity, feed, search_block, search_entry, search_segment

ENOUGH: Final = 256
"""So many entities are worth a block of their own at the end of a run."""


@dataclass(frozen=True, slots=True)
class Searchable:
    """What a live entity is found by: `words` as `schema.searching` makes them; `marks` are its
    kind and its categories, a space between."""

    marks: str
    words: str


NOTHING: Final = Searchable("", "")
_ROW: Final = (
    "INSERT INTO search_block (block, gram, bits) VALUES (?, ?, ?) "
    "ON CONFLICT (block, gram) DO UPDATE SET bits = excluded.bits"
)
_ROWS: Final = (
    "INSERT INTO search_block (block, gram, bits) "
    "SELECT * FROM unnest(%s::int[], %s::int[], %s::bytea[]) "
    "ON CONFLICT (block, gram) DO UPDATE SET bits = excluded.bits"
)
Found = Mapping[int, Searchable | None]
"""Entity number → what it is found by; None: not any more."""
_Change = dict[tuple[int, int], list[int]]
"""(block, gram) → bits to set, bits to clear."""


def write_searchable(connection: Connection, wanted: Found, fresh: Collection[int]) -> None:
    """Entities are found by this from now on. `fresh`: numbers that never were in the index."""
    before = searchable_of(connection, [no for no in wanted if no not in fresh])
    moved = {no: one for no, one in wanted.items() if before.get(no) != one}
    stale = [{"key": no} for no in moved if no in before]
    if stale:
        connection.execute(
            delete(search_entry).where(search_entry.c.entity_no == bindparam("key")), stale
        )
    rows = [_row(no, one) for no, one in moved.items() if one is not None]
    if rows:
        connection.execute(insert(search_entry), rows)
    older = [no for no in moved if no not in fresh]
    upto = sealed(connection) if older else 0
    changes: _Change = defaultdict(lambda: [0, 0])
    for no in older:
        if no <= upto:
            _turn(changes, no, before.get(no) or NOTHING, moved[no] or NOTHING)
    _apply(connection, changes)


def _row(no: int, one: Searchable) -> dict[str, Any]:
    return {"entity_no": no, "marks": one.marks, "words": one.words}


def searchable_of(connection: Connection, nos: Iterable[int]) -> dict[int, Searchable]:
    """Entity numbers → what those that are live are found by."""
    columns = (search_entry.c.entity_no, search_entry.c.marks, search_entry.c.words)
    found: dict[int, Searchable] = {}
    for batch in batches(nos):
        rows = connection.execute(select(*columns).where(search_entry.c.entity_no.in_(batch)))
        found |= {no: Searchable(marks, words) for no, marks, words in rows}
    return found


def _turn(changes: _Change, no: int, was: Searchable, now: Searchable) -> None:
    block, bit = place(no)
    had, has = grams_of(was.marks, was.words), grams_of(now.marks, now.words)
    for gram in has - had:
        changes[block, gram][0] |= bit
    for gram in had - has:
        changes[block, gram][1] |= bit


def _apply(connection: Connection, changes: _Change) -> None:
    """Set and clear bits of blocks; a row without any goes."""
    blocks: dict[int, list[int]] = defaultdict(list)
    for block, gram in changes:
        blocks[block].append(gram)
    for block, grams in sorted(blocks.items()):
        there = dict(_rows(connection, block, grams))
        bits = {
            gram: there.get(gram, 0) & ~changes[block, gram][1] | changes[block, gram][0]
            for gram in sorted(grams)
        }
        _write_block(connection, block, bits, there.keys())


def _rows(connection: Connection, block: int, grams: Iterable[int]) -> Iterator[tuple[int, int]]:
    for batch in batches(grams):
        rows = connection.execute(
            select(search_block.c.gram, search_block.c.bits).where(
                search_block.c.block == block, search_block.c.gram.in_(batch)
            )
        )
        yield from ((gram, unpacked(data)) for gram, data in rows)


def _write_block(
    connection: Connection, block: int, bits: Mapping[int, int], there: Collection[int]
) -> None:
    """Make the rows of a block say this; `there`: grams that have a row. To PostgreSQL they go as
    arrays, for there each statement of many costs a message."""
    rows = [(block, gram, packed(some)) for gram, some in bits.items() if some]
    if rows and connection.dialect.name == "postgresql":
        columns = tuple([list(column) for column in zip(*rows, strict=True)])
        connection.exec_driver_sql(_ROWS, columns)
    elif rows:
        connection.exec_driver_sql(_ROW, rows)
    gone = [{"key": gram} for gram in there if not bits[gram]]
    if gone:
        here = (search_block.c.block == block, search_block.c.gram == bindparam("key"))
        connection.execute(delete(search_block).where(*here), gone)


def sealed(connection: Connection) -> int:
    """The number up to which entities are in blocks."""
    return connection.execute(select(func.max(search_segment.c.upto))).scalar() or 0


def seal_whole(connection: Connection, last: int) -> None:
    """Entities up to `last` are there now: put them into their block if that makes it whole.
    Under the feed's lock."""
    after = sealed(connection)
    whole = (after + 1) // BLOCK * BLOCK + BLOCK - 1
    if whole <= last:
        _seal(connection, after, whole)


def seal_rest(connection: Connection) -> bool:
    """Put the next entities into their block, if there are enough of them; whether there were.
    Under the feed's lock."""
    last = connection.execute(select(feed.c.last_entity)).scalar_one()
    after = sealed(connection)
    if last - after < ENOUGH:
        return False
    _seal(connection, after, min(last, (after + 1) // BLOCK * BLOCK + BLOCK - 1))
    return True


def _seal(connection: Connection, after: int, upto: int) -> None:
    """Put entities behind a number up to another, of the same block, into it."""
    block = upto // BLOCK
    bits = _bits_between(connection, after + 1, upto)
    begun = after >= block * BLOCK
    there = dict(_rows(connection, block, bits)) if begun else {}
    merged = {gram: b | there.get(gram, 0) for gram, b in sorted(bits.items())}
    _write_block(connection, block, merged, there.keys())
    if begun:
        connection.execute(delete(search_segment).where(search_segment.c.block == block))
    connection.execute(insert(search_segment), [{"block": block, "upto": upto}])


def _bits_between(connection: Connection, first: int, last: int) -> dict[int, int]:
    """Gram → bits of the entities with these numbers, which lie in one block."""
    rows = connection.execute(
        select(search_entry).where(search_entry.c.entity_no.between(first, last))
    )
    by_word: dict[str, int] = defaultdict(int)
    found: dict[int, int] = defaultdict(int)
    for no, marks, words in rows:
        bit = place(no)[1]
        for mark in marks.split():
            found[gram_of_mark(mark)] |= bit
        for word in words.split():
            by_word[word] |= bit
    for word, bits in by_word.items():
        for gram in set(grams_of_word(word)):
            found[gram] |= bits
    return found


def rebuild_block(connection: Connection, after: int) -> int | None:
    """Make the next block behind a number anew → its number; None: no more. Blocks reach as far
    as they did."""
    segments = select(search_segment).where(search_segment.c.block > after)
    segment = connection.execute(segments.order_by(search_segment.c.block).limit(1)).one_or_none()
    if segment is None:
        return None
    block, upto = segment
    live = select(entity.c.no).where(entity.c.state == "live")
    here = search_entry.c.entity_no.between(block * BLOCK, upto)
    connection.execute(delete(search_entry).where(here, search_entry.c.entity_no.not_in(live)))
    connection.execute(delete(search_block).where(search_block.c.block == block))
    bits = _bits_between(connection, block * BLOCK, upto)
    _write_block(connection, block, dict(sorted(bits.items())), ())
    return int(block)
