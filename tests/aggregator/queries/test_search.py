"""Looking for words finds what has them, in any spelling, the best place first."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.queries import Database, open_pages
from aggregator.queries import search as queries_search
from aggregator.queries.filters import Filters
from aggregator.queries.finding import Hunt, Quarry, open_hunt, read_quarry
from aggregator.queries.listing import open_list, read_page
from aggregator.queries.search import FEW, Sought, score, seek
from aggregator.queries.wanted import Page, Rank, Sort, Wanted
from aggregator.store import search
from aggregator.store.bits import BLOCK
from schema.normal.words import terms_in
from tests.aggregator.queries.explaining import DEAR, plan, scanned, sorts
from tests.aggregator.queries.listed import Recorder, leafed
from tests.aggregator.queries.searching import Said, add_found, titled
from tests.aggregator.wiping import empty

GARDEN = (
    titled("Stadtbäume gießen"),
    titled("Baum"),
    titled("Baumpflege im Park"),
    titled("Lesepatin", text="Wir lesen unter Bäumen."),
    titled("Kaffee kochen", who="Baumfreunde e. V."),
    titled("Repair-Café"),
)
MANY = tuple(titled(f"Wald {number}", text="Viele Bäume.") for number in range(FEW + 300))
SEALED = pytest.mark.parametrize("sealed", [True, False], ids=["in blocks", "young"])


@pytest.fixture(autouse=True)
def always_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few entities are enough for a block."""
    monkeypatch.setattr(search, "ENOUGH", 1)


async def sought(database: Database, text: str, *marks: tuple[str, ...]) -> Sought:
    async with open_pages(database) as pages:
        return await seek(pages, terms_in(text), marks)


async def found(database: Database, text: str, *marks: tuple[str, ...]) -> list[int]:
    return sorted(hit.no for hit in (await sought(database, text, *marks)).hits)


@SEALED
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("baum", [1, 2, 3, 4, 5]),
        ("Bäume", [1, 4]),
        ("baeume", [1, 4]),
        ("gie", [1]),
        ("giessen", [1]),
        ("giessen baum", [1]),
        ("giessen lesen", []),
        ("ba", [2, 3, 4, 5]),
        ("b", [2, 3, 4, 5]),
        ("cafe", [6]),
        ("repaircafé", [6]),
        ("Repair Cafe", [6]),
        ("baumfreunde", [5]),
        ("Stadtbäume gießen", [1]),
        ("zeppelin", []),
        ("%", []),
        ("b_um", []),
    ],
)
async def test_words_are_found(
    database: Database, text: str, expected: list[int], *, sealed: bool
) -> None:
    database.write_now(lambda c: add_found(c, GARDEN, sealed=sealed))
    if terms_in(text):
        assert await found(database, text) == expected


async def test_blocks_and_young_ones_count_alike(database: Database) -> None:
    database.write_now(add_found, GARDEN)
    database.write_now(lambda c: add_found(c, GARDEN, sealed=False))
    assert await found(database, "giessen") == [1, 1 + len(GARDEN)]


async def test_marks_narrow_down(database: Database) -> None:
    said = (
        titled("Baum", "offer", "topics:energy"),
        titled("Baum", "event", "topics:energy topics:mobility"),
        titled("Baum", "event"),
    )
    database.write_now(add_found, said)
    assert await found(database, "baum", ("event",)) == [2, 3]
    assert await found(database, "baum", ("event", "offer"), ("topics:energy",)) == [1, 2]
    assert await found(database, "baum", ("unmapped", "topics:mobility")) == [2, 3]


async def test_what_many_have_is_not_gathered(database: Database) -> None:
    database.write_now(add_found, MANY)
    database.write_now(lambda c: add_found(c, (titled("Baum"),), sealed=False))
    many = await sought(database, "baum")
    assert not many.few
    assert FEW < len(many.hits) < len(MANY)
    places = [no for no, flag in enumerate(many.among) if flag == ord("1")]
    assert places == list(range(1, len(MANY) + 2))
    assert (await sought(database, "wald 77")).few


async def test_what_may_have_the_words_is_not_read_without_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries_search, "MOST_READ", 500)
    alike = titled("Sonnig, eine Wonne")
    database.write_now(add_found, (alike,) * 600)
    many = await sought(database, "sonne")
    assert (many.few, many.hits) == (False, ()), "every piece of the word, but not the word"
    assert many.among.count(b"1") == 600


@pytest.mark.parametrize(
    ("title", "who", "text", "expected"),
    [
        ("Baum", "Baum", "Baum", 0),
        ("Baumpflege", "Baum", "Baum", 1),
        ("Stadtbaum", "Baum", "Baum", 2),
        ("Anders", "Stadtbaum", "Baum", 3),
        ("Anders", "Wer", "Baum", 4),
    ],
)
def test_the_place_of_a_word_decides(title: str, who: str, text: str, expected: int) -> None:
    words = titled(title, who=who, text=text)[1]
    assert score(words, terms_in("baum")) == expected


async def hunted(database: Database, text: str, limit: int = 500, **asked: tuple[str, ...]) -> Page:
    async with open_pages(database) as pages:
        quarry = await open_hunt(pages, _hunt(text, **asked))
        return await read_quarry(pages, quarry, limit, None, bodies=True)


async def test_the_best_place_comes_first_and_of_equals_the_newest(database: Database) -> None:
    database.write_now(add_found, GARDEN)
    database.write_now(add_found, (titled("Baum"),))
    assert (await hunted(database, "baum")).changes == (7, 2, 3, 1, 5, 4)


def _rank(at: object) -> Rank:
    assert isinstance(at, Rank)
    return at


async def pages_of(database: Database, text: str, limit: int) -> list[tuple[int, ...]]:
    """Every page, and back again from the last."""
    async with open_pages(database) as pages:
        quarry = await open_hunt(pages, Hunt(terms=terms_in(text)))
        found = [await read_quarry(pages, quarry, limit, None, bodies=True)]
        while found[-1].more:
            found.append(
                await read_quarry(pages, quarry, limit, _rank(found[-1].last), bodies=True)
            )
        at = replace(_rank(found[-1].first), back=True)
        before = await read_quarry(pages, quarry, limit, at, bodies=True)
        assert before.changes == found[-2].changes
        assert before.more == (len(found) > 2)
        known = await read_quarry(pages, quarry, limit, at, bodies=False)
        assert (known.changes, known.more) == (before.changes, before.more)
    return [page.changes for page in found]


async def test_pages_of_few_follow_each_other(database: Database) -> None:
    database.write_now(add_found, GARDEN)
    assert await pages_of(database, "baum", 2) == [(2, 3), (1, 5), (4,)]


async def test_pages_of_many_go_by_change(database: Database) -> None:
    database.write_now(add_found, MANY)
    got = await pages_of(database, "baum", 500)
    assert [change for page in got for change in page] == list(range(len(MANY), 0, -1))


async def opened(database: Database, text: str, **asked: tuple[str, ...]) -> Quarry:
    async with open_pages(database) as pages:
        return await open_hunt(pages, _hunt(text, **asked))


def _hunt(text: str, kinds: tuple[str, ...] = (), categories: tuple[str, ...] = ()) -> Hunt:
    return Hunt(terms=terms_in(text), kinds=kinds, categories=categories)


async def test_kinds_and_categories_are_counted(database: Database) -> None:
    energy = "topics:energy"
    said = (
        titled("Baum", "offer", energy),
        titled("Baum", "event", energy),
        titled("Baum", "event"),
        titled("Busch", "event"),
    )
    database.write_now(add_found, said)
    whole = await opened(database, "baum")
    assert (whole.total.n, whole.kinds) == (3, {"event": 2, "offer": 1})
    assert whole.categories == {energy: 2, "unmapped": 1}
    events = await opened(database, "baum", kinds=("event",))
    assert (events.total.n, events.kinds) == (2, {"event": 2, "offer": 1})
    assert events.categories == {energy: 1, "unmapped": 1}
    power = await opened(database, "baum", categories=(energy,))
    assert (power.total.n, power.kinds) == (2, {"event": 1, "offer": 1})


async def test_many_of_a_kind_are_told_from_others(database: Database) -> None:
    database.write_now(add_found, (*MANY, titled("Baum", "event", "topics:energy")))
    offers = await opened(database, "baum", kinds=("offer",))
    assert (offers.total.n, offers.total.at_least) == (FEW, True)
    assert (await opened(database, "baum", kinds=("event",))).total.n == 1
    power = await hunted(database, "baum", kinds=("event", "offer"), categories=("topics:energy",))
    assert len(power.changes) == 1


async def listed(database: Database, wanted: Wanted, text: str) -> tuple[list[int], int, bool]:
    async with open_pages(database) as pages:
        sought_ = await seek(pages, terms_in(text), ((wanted.kind,),))
        asked = Wanted(
            kind=wanted.kind,
            limit=wanted.limit,
            sort=wanted.sort,
            filters=Filters(sought=sought_, facets=wanted.filters.facets),
        )
        list_ = await open_list(pages, asked)
        page = await read_page(pages, list_, bodies=True)
        there = [change for each in await leafed(pages, asked) for change in each.changes]
        assert set(there) >= set(page.changes)
    return list(page.changes), list_.total.n, list_.total.at_least


@pytest.mark.parametrize(
    ("sort", "expected"), [("relevance", [2, 3, 1, 5, 4]), ("newest", [5, 4, 3, 2, 1])]
)
async def test_lists_go_by_relevance_or_as_they_are_told(
    database: Database, sort: Sort, expected: list[int]
) -> None:
    database.write_now(add_found, (*GARDEN, titled("Baum", "event")))
    wanted = Wanted(kind="offer", limit=50, sort=sort)
    assert await listed(database, wanted, "baum") == (expected, 5, False)


@pytest.mark.parametrize("sort", ["relevance", "newest"])
async def test_lists_of_many_go_by_change(database: Database, sort: Sort) -> None:
    database.write_now(add_found, (*MANY, titled("Baum", "event")))
    wanted = Wanted(kind="offer", limit=400, sort=sort)
    newest = list(range(len(MANY), len(MANY) - 400, -1))
    assert await listed(database, wanted, "bäume") == (newest, FEW, True)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    titles=st.lists(st.text("aeuäößnst Žą-*", min_size=1, max_size=60), min_size=1, max_size=8),
    luck=st.randoms(use_true_random=False),
)
async def test_every_piece_of_a_title_finds_its_entity(
    database: Database, titles: list[str], luck: Random
) -> None:
    database.write_now(empty)
    said: list[Said] = [titled(title) for title in titles]
    database.write_now(lambda c: add_found(c, said, sealed=luck.random() < 0.7))
    for no, title in enumerate(titles, 1):
        for piece in _pieces(title, luck):
            assert no in await found(database, piece)


def _pieces(title: str, luck: Random) -> Sequence[str]:
    """Some pieces of its words of three letters and more."""
    words = [word for word in title.replace("*", " ").replace("-", " ").split() if len(word) > 2]
    pieces = []
    for word in words:
        start = luck.randint(0, len(word) - 3)
        pieces.append(word[start : luck.randint(start + 3, len(word))])
    return pieces


UNSORTED = (*DEAR, "sort")
"""Without statistics PostgreSQL takes either of two indexes for the one row it expects, of which
one has the order."""


async def test_no_table_is_read_from_end_to_end(database: Database) -> None:
    database.write_now(add_found, (*MANY, *GARDEN))
    async with open_pages(database) as raw:
        pages = Recorder(raw)
        for text in ("lesepatin", "baum", "baum gießen", "wald 7"):
            quarry = await open_hunt(pages, Hunt(terms=terms_in(text), kinds=("offer",)))
            page = await read_quarry(pages, quarry, 20, None, bodies=True)
            await read_quarry(pages, quarry, 20, _rank(page.last), bodies=True)
    assert len({shape for shape, _ in pages.run}) > 5
    for shape, values in pages.run:
        told = database.read_now(plan, shape, values, UNSORTED)
        assert scanned(told) <= {"search_segment"}, told  # one short row a block
        assert sorts(told) == [], told


async def test_an_index_over_several_blocks_is_read_whole(database: Database) -> None:
    first = (titled("Anfang"),)
    database.write_now(add_found, first)
    database.write_now(search.seal_rest)
    rest = [titled(f"Nummer {number}") for number in range(BLOCK)]
    database.write_now(add_found, [*rest, titled("Ende")])
    assert await found(database, "anfang") == [1]
    assert await found(database, "ende") == [BLOCK + 2]
    assert await found(database, "nummer 4095") == [BLOCK + 1]
