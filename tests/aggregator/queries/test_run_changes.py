"""What a run changed, told from history: as it was then, whatever happened since."""

import pytest
from sqlalchemy.exc import NoResultFound

from aggregator.queries.run_changes import RecordChange, RunChanges, run_changes
from tests.aggregator.making import DAY, draft, mention
from tests.aggregator.queries.telling import TellingBench


def changes(bench: TellingBench, run: int, limit: int = 100) -> RunChanges:
    return bench.database.read_now(run_changes, run, limit)


def offers(bench: TellingBench, run: int) -> dict[str, RecordChange]:
    return {one.native_id: one for one in changes(bench, run).entries if one.kind == "offer"}


def test_a_first_run_brings_new_records(bench: TellingBench) -> None:
    bench.sync(draft("1", title="Eins"), draft("2", title="Zwei"))
    told = changes(bench, bench.newest())
    assert told.counts == {"new": 3}
    assert {(one.title, one.became) for one in told.entries} == {
        ("Eins", "new"),
        ("Zwei", "new"),
        ("Grünhof e.V.", "new"),
    }
    assert all(one.url.startswith("https://") for one in told.entries)


def test_a_change_is_told_field_by_field(bench: TellingBench) -> None:
    bench.sync(draft("1", title="Eins"), draft("2"))
    bench.sync(draft("1", title="Neu", tags=("a",)), draft("2"))
    told = offers(bench, bench.newest())
    assert list(told) == ["1"]
    assert [str(each) for each in told["1"].differences] == [
        "tags: nothing → “a”",
        "title (de): “Eins” → “Neu”",
    ]


def test_a_run_is_told_as_it_was_whatever_came_after(bench: TellingBench) -> None:
    runs = []
    for title in ("Eins", "Zwei", "Drei"):
        bench.sync(draft("1", title=title))
        runs.append(bench.newest())
    first, second, third = (offers(bench, run)["1"] for run in runs)
    assert (first.became, first.title, first.differences) == ("new", "Eins", ())
    assert [str(each) for each in second.differences] == ["title (de): “Eins” → “Zwei”"]
    assert [str(each) for each in third.differences] == ["title (de): “Zwei” → “Drei”"]


def test_another_organisation_behind_an_offer_is_told(bench: TellingBench) -> None:
    bench.sync(draft("1", by=mention("Grünhof e.V.")))
    bench.sync(draft("1", by=mention("Blauhof e.V.")))
    (told,) = offers(bench, bench.newest()).values()
    assert "organisation, name: “Grünhof e.V.” → “Blauhof e.V.”" in map(str, told.differences)


def withdrawn_and_back(bench: TellingBench) -> tuple[int, int]:
    """One offer vanishes, is withdrawn a day later, and comes back with another name."""
    bench.sync(draft("1", title="Eins"), draft("2", by=mention("Blauhof")))
    bench.sync(draft("1", title="Eins"))
    bench.later(DAY)
    bench.sync(draft("1", title="Eins"))
    gone = bench.newest()
    bench.later(DAY)
    bench.sync(draft("1", title="Eins"), draft("2", title="Wieder da", by=mention("Blauhof")))
    return gone, bench.newest()


def test_what_ended_is_called_withdrawn_even_after_it_came_back(bench: TellingBench) -> None:
    gone, _ = withdrawn_and_back(bench)
    told = changes(bench, gone)
    assert told.counts["withdrawn"] >= 1
    assert offers(bench, gone)["2"].became == "withdrawn"
    assert offers(bench, gone)["2"].differences == ()
    assert "1" not in offers(bench, gone)


def test_what_is_back_says_how_it_differs(bench: TellingBench) -> None:
    _, back = withdrawn_and_back(bench)
    told = offers(bench, back)["2"]
    assert (told.became, told.title) == ("returned", "Wieder da")
    assert "title (de): “Bäume gießen” → “Wieder da”" in map(str, told.differences)


def test_an_organisation_ends_with_its_last_offer_and_is_told(bench: TellingBench) -> None:
    bench.sync(draft("1"), draft("2", by=mention("Blauhof")))
    bench.sync(draft("1"))
    bench.later(DAY)
    bench.sync(draft("1"))
    told = changes(bench, bench.newest())
    assert {(one.kind, one.title, one.became) for one in told.entries} == {
        ("offer", "Bäume gießen", "withdrawn"),
        ("organisation", "Blauhof", "withdrawn"),
    }


def test_an_organisation_that_ended_later_was_only_changed_then(bench: TellingBench) -> None:
    bench.sync(draft("1"), draft("2", by=mention("Blauhof")))
    bench.sync(draft("1"), draft("2", by=mention("Blauhof", summary={"de": "Neu"})))
    changed = bench.newest()
    for _ in range(2):
        bench.later(DAY)
        bench.sync(draft("1"))
    (told,) = (one for one in changes(bench, changed).entries if one.kind == "organisation")
    assert (told.title, told.became) == ("Blauhof", "changed")
    assert [str(each) for each in told.differences] == ["summary (de): nothing → “Neu”"]


def test_an_unchanged_run_changed_nothing(bench: TellingBench) -> None:
    for _ in range(2):
        bench.sync(draft("1"))
    assert changes(bench, bench.newest()) == RunChanges(counts={}, entries=())


def test_beyond_the_limit_records_are_counted_only(bench: TellingBench) -> None:
    bench.sync(*(draft(str(n)) for n in range(20)))
    told = changes(bench, bench.newest(), limit=5)
    assert (len(told.entries), told.counts["new"], told.left_out) == (5, 21, 16)


def test_another_sources_records_are_not_told(bench: TellingBench) -> None:
    other = TellingBench(bench.database, source="andere", clock=bench.clock)
    other.sync(draft("1"))
    bench.sync(draft("9"))
    assert "1" not in offers(bench, bench.newest())


def test_an_organisation_ends_in_one_run_only(bench: TellingBench) -> None:
    listed = [draft("1"), draft("2", by=mention("Blauhof"))]
    other = TellingBench(bench.database, source="andere", clock=bench.clock)
    other.sync(*listed)
    for _ in range(2):
        bench.sync(draft("1"))
        other.sync(*listed)
    unchanged = other.newest()
    quiet = bench.newest()
    going_on = bench.lease().run
    for _ in range(2):
        bench.later(DAY)
        other.sync(*listed[:1])
    assert changes(bench, other.newest()).counts == {"withdrawn": 2}
    assert [changes(bench, run).counts for run in (quiet, going_on, unchanged)] == [{}, {}, {}]


def test_a_run_that_never_was_is_said_so(bench: TellingBench) -> None:
    with pytest.raises(NoResultFound):
        changes(bench, 4711)
