"""What a run brings home: gathered in order, bodies beyond a limit outside of memory."""

import pytest

from aggregator.harvest import Batch, Harvest, Spool, Spooled
from connectors.base import Complete, Everything, Request
from schema import Level, Problem
from tests.aggregator.making import draft, mention


def test_small_bodies_stay_in_memory_and_large_ones_leave_it() -> None:
    spool = Spool(limit=10)
    handles = [spool.put(body) for body in (b"a" * 6, b"b" * 6, b"c")]
    assert [type(handle) for handle in handles] == [bytes, Spooled, Spooled]
    assert [spool.get(handle) for handle in handles] == [b"a" * 6, b"b" * 6, b"c"]
    spool.close()


def test_reading_in_between_does_not_spoil_what_is_written_next() -> None:
    spool = Spool(limit=0)
    first = spool.put(b"eins")
    assert spool.get(first) == b"eins"
    second = spool.put(b"zwei")
    assert (spool.get(first), spool.get(second)) == (b"eins", b"zwei")
    spool.close()


def test_a_spool_nobody_filled_has_nothing_to_close() -> None:
    Spool().close()


def test_batches_add_up() -> None:
    taken = Harvest()
    page = Request(url="https://a.example/2")
    assert list(taken.add(Batch(drafts=(draft("1"),), same=(("offer", "2"),)))) == []
    assert list(taken.add(Batch(drafts=(draft("3"),), requests=(page,)))) == [page]
    assert [one.native_id for one in taken.drafts] == ["1", "3"]
    assert taken.same == [("offer", "2")]


def test_completeness_and_cursor_once_said_stay() -> None:
    taken = Harvest()
    taken.add(Batch(complete=Everything(), cursor={"page": 1}))
    taken.add(Batch())
    assert (taken.complete, taken.cursor) == (Everything(), {"page": 1})
    assert Complete(Everything()).scope == taken.complete


@pytest.mark.parametrize(("level", "fails"), [(Level.ERROR, True), (Level.WARNING, False)])
def test_only_an_error_in_the_listing_makes_it_fail(level: Level, fails: bool) -> None:
    taken = Harvest()
    taken.add(Batch(findings=(Problem("document.cut", "", "", level),)))
    taken.add(Batch(findings=(Problem("document.empty"),)))
    assert taken.failed is not None
    assert (taken.failed.code == "document.cut") is fails


def test_the_mark_of_a_draft_covers_body_and_mention_and_not_its_stamp() -> None:
    taken = Harvest()
    other = mention("Anders")
    taken.add(
        Batch(drafts=(draft("1"), draft("1", stamp="2"), draft("1", by=other), draft("1", "X")))
    )
    plain, stamped, renamed, retitled = [one.digest for one in taken.drafts]
    assert plain == stamped
    assert len({plain, renamed, retitled}) == 3
