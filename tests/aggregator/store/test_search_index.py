"""The index for words says of every live entity what it is found by, whatever happens to it."""

import re
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, event, insert, select, text, update

from aggregator.store import search
from aggregator.store.bits import BLOCK, FEW, flags, numbers, offsets, packed, unpacked
from aggregator.store.database import Database
from aggregator.store.refresh import seal_page
from aggregator.store.tables import entity, feed, search_block, search_entry, search_segment
from tests.aggregator.histories import Listing, histories, hours
from tests.aggregator.making import DAY, Bench, draft, mention
from tests.aggregator.soundness import faults
from tests.aggregator.store.test_rebuild import rebuild
from tests.aggregator.wiping import empty


def born_behind(database: Database, number: int) -> None:
    """The next entity has the number after this one."""
    database.write_now(lambda c: c.execute(update(feed).values(last_entity=number)))


def seal(database: Database) -> None:
    """Put all there is into blocks, however few they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "ENOUGH", 1)
        while database.write_now(seal_page):
            pass


@given(st.sets(st.integers(0, BLOCK - 1)), st.integers(0, 9))
def test_bits_come_back_from_bytes(chosen: set[int], block: int) -> None:
    bits = sum(1 << offset for offset in chosen)
    assert unpacked(packed(bits)) == bits
    assert list(offsets(bits)) == sorted(chosen)
    assert numbers(block, bits) == [block * BLOCK + offset for offset in sorted(chosen)]
    assert [at for at, flag in enumerate(flags(bits)) if flag == ord("1")] == sorted(chosen)


@pytest.mark.parametrize("count", [FEW, FEW + 1, BLOCK])
def test_many_bits_take_no_more_than_one_each(count: int) -> None:
    bits = (1 << count) - 1
    assert len(packed(bits)) <= BLOCK // 8
    assert unpacked(packed(bits)) == bits


def test_a_block_is_made_when_it_is_whole(bench: Bench) -> None:
    born_behind(bench.database, BLOCK - 3)
    bench.sync(draft("1"))  # with its organisation: the last two of the block
    assert [(row.block, row.upto) for row in bench.rows(search_segment)] == [(0, BLOCK - 1)]
    bench.sync(draft("1"), draft("2"))
    assert len(bench.rows(search_segment)) == 1
    assert bench.database.read_now(faults) == []


def test_what_stands_in_blocks_changes_with_its_entity(bench: Bench) -> None:
    born_behind(bench.database, BLOCK - 4)
    bench.sync(draft("1", "Bäume"), draft("2", "Beete"))
    assert bench.database.read_now(search.sealed) == BLOCK - 1
    before = bench.rows(search_block)
    bench.sync(draft("1", "Blumen"), draft("2", "Beete"))
    assert bench.rows(search_block) != before
    assert bench.database.read_now(faults) == []
    bench.sync(draft("1", "Bäume"), draft("2", "Beete"))
    assert bench.rows(search_block) == before


def test_what_ends_leaves_no_bit_behind(bench: Bench) -> None:
    born_behind(bench.database, BLOCK - 4)
    bench.sync(draft("1", "Bäume"), draft("2", "Beete"))
    bench.sync(draft("2", "Beete"))
    bench.later(DAY)
    bench.sync(draft("2", "Beete"))
    assert len(bench.rows(search_entry)) == 2
    assert bench.database.read_now(faults) == []
    bench.sync(draft("1", "Bäume"), draft("2", "Beete"))
    assert bench.database.read_now(faults) == []


def test_a_run_with_few_new_entities_writes_no_block(bench: Bench) -> None:
    bench.sync(draft("1"))
    assert bench.rows(search_segment) == []
    assert not bench.database.write_now(seal_page)


def test_a_run_with_enough_new_entities_ends_with_a_block(bench: Bench) -> None:
    bench.sync(*(draft(str(n), f"Titel {n}") for n in range(search.ENOUGH)))
    assert [row.block for row in bench.rows(search_segment)] == [0]
    assert bench.database.read_now(faults) == []


def test_an_unchanged_run_writes_nothing_into_the_index(bench: Bench) -> None:
    listed = [draft(str(n), f"Titel {n}") for n in range(search.ENOUGH)]
    bench.sync(*listed)
    changes = bench.database.read_now(_version)
    bench.sync(*listed)
    assert bench.database.read_now(_version) == changes


def test_what_changes_but_not_in_its_words_writes_nothing_into_the_index(bench: Bench) -> None:
    born_behind(bench.database, BLOCK - 4)
    bench.sync(draft("1", "Bäume"), draft("2", "Beete"))
    assert bench.database.read_now(search.sealed) == BLOCK - 1
    head, written = bench.head(), _written(bench.database)
    elsewhere = {"url": "https://garten.example/"}
    bench.sync(draft("1", "Bäume", **elsewhere), draft("2", "Beete"))
    assert bench.head() > head
    assert written == []
    bench.sync(draft("1", "Blumen", **elsewhere), draft("2", "Beete"))
    assert {"search_entry", "search_block"} <= set(written)


def _written(database: Database) -> list[str]:
    """Tables of the index, one for each statement that writes it from now on."""
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("SELECT"):
            found.extend(re.findall(r"\bsearch_\w+", statement)[:1])

    event.listen(database.engine, "before_cursor_execute", note)
    return found


def _version(connection: Connection) -> list[object]:
    """Every row, and on PostgreSQL which transaction wrote it."""
    tables = (search_block, search_entry, search_segment)
    also = [] if connection.dialect.name == "sqlite" else [text("xmin::text")]
    wanted = (select(table, *also).order_by(*table.primary_key) for table in tables)
    return [connection.execute(each).all() for each in wanted]


def test_an_index_that_was_lost_is_made_anew(bench: Bench) -> None:
    born_behind(bench.database, BLOCK - 3)
    bench.sync(draft("1"), draft("2", by=mention("Gartenbund")))
    tables = (search_entry, search_block, search_segment)
    before = [bench.rows(table) for table in tables]
    rubbish = {"block": 0, "gram": 5, "bits": b"\x01\x00"}
    stranger = {"entity_no": 7, "marks": "offer", "words": " x \n \n "}
    for spoil in (
        delete(search_entry),
        delete(search_block),
        insert(search_block).values(rubbish),
        insert(search_entry).values(stranger),
    ):
        bench.database.write_now(Connection.execute, spoil)
        rebuild(bench.database)
        assert [bench.rows(table) for table in tables] == before


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=histories, luck=st.randoms(use_true_random=False))
def test_after_any_history_the_index_is_as_made_anew(
    database: Database, history: list[Listing], luck: Random
) -> None:
    database.write_now(empty)
    born_behind(database, BLOCK - luck.randint(2, 9))
    bench = Bench(database)
    for listing in history:
        bench.later(hours(listing))
        bench.sync(*listing.made())
        if luck.random() < 0.3:
            seal(database)
        assert [fault for fault in database.read_now(faults) if "counter" not in fault] == []
    before = [bench.rows(table) for table in (search_entry, search_block, search_segment)]
    rebuild(database)
    after = [bench.rows(table) for table in (search_entry, search_block, search_segment)]
    assert after == before


def test_only_live_entities_are_found(bench: Bench) -> None:
    bench.sync(draft("1"), draft("2"), draft("3", by=mention("Gartenbund")))
    assert _found(bench) == _live(bench)
    bench.sync(draft("1"))
    bench.later(DAY)
    bench.sync(draft("1"))
    assert len(bench.rows(entity, state="withdrawn")) >= 2
    assert _found(bench) == _live(bench)


def _found(bench: Bench) -> set[int]:
    return {row.entity_no for row in bench.rows(search_entry)}


def _live(bench: Bench) -> set[int]:
    return {row.no for row in bench.rows(entity, state="live")}
