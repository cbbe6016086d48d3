"""What is held back is told with its names, since when, and who decided what."""

import pytest

from aggregator.decisions import Decision
from aggregator.guard import Plausible
from aggregator.queries.runs import RunDetail, run_detail
from aggregator.queries.sources import SourceState, source_states
from aggregator.queries.withheld import waiting
from tests.aggregator.making import DAY, HOUR, draft
from tests.aggregator.queries.telling import TellingBench, ten


def detail(bench: TellingBench, run: int, limit: int = 100) -> RunDetail:
    found = bench.database.read_now(run_detail, run, limit)
    assert found is not None
    return found


def state(bench: TellingBench) -> SourceState:
    now = bench.database.read_now(bench.clock.now)
    (found,) = bench.database.read_now(source_states, now)
    return found


@pytest.fixture
def shrunk(bench: TellingBench) -> TellingBench:
    """A source that lost eight of its ten offers at once."""
    bench.sync(*ten())
    bench.later(HOUR)
    bench.sync(*ten()[:2])
    return bench


def test_what_would_vanish_is_named(shrunk: TellingBench) -> None:
    told = detail(shrunk, shrunk.newest())
    assert (told.run.held, len(told.held)) == (8, 8)
    first = min(told.held, key=lambda one: one.native_id)
    assert (first.kind, first.what, first.title) == ("offer", "removal", "Angebot 2")
    assert first.url is not None
    assert "/v1/offers/" in first.url
    assert (first.fate, first.decided, first.withdrawn) == ("waiting", None, None)


def test_the_source_says_how_much_waits_and_since_when(shrunk: TellingBench) -> None:
    first = shrunk.newest()
    shrunk.later(HOUR)
    shrunk.sync(*ten()[:2])
    held = state(shrunk).waiting
    assert held is not None
    assert (held.removals, held.changes, str(held)) == (8, 0, "8 removals")
    assert held.run == shrunk.newest() > first
    assert held.since == detail(shrunk, first).held[0].since
    now = shrunk.database.read_now(shrunk.clock.now)
    assert held.since is not None
    assert now - held.since >= HOUR


def test_a_decision_is_told_with_its_maker(shrunk: TellingBench) -> None:
    shrunk.decide(Decision.APPROVED)
    one = detail(shrunk, shrunk.newest()).held[0]
    assert (one.fate, one.who) == ("approved", "anna")
    assert one.decided is not None
    assert one.until == one.decided + 7 * DAY
    held = state(shrunk).waiting
    assert held is not None
    assert (held.undecided, held.approved, held.run, held.since) == (0, 8, None, None)


def test_another_sources_decision_is_not_ours(shrunk: TellingBench) -> None:
    ours = shrunk.newest()
    other = TellingBench(shrunk.database, source="zweite", clock=shrunk.clock)
    other.sync(*ten())
    other.sync(*ten()[:2])
    other.decide(Decision.REJECTED, who="bert")
    assert {(one.fate, one.who) for one in detail(shrunk, ours).held} == {("waiting", None)}
    assert {one.who for one in detail(shrunk, other.newest()).held} == {"bert"}


def test_what_was_approved_and_happened_is_withdrawn(shrunk: TellingBench) -> None:
    shrunk.decide(Decision.APPROVED)
    held = shrunk.newest()
    shrunk.later(2 * DAY)
    for _ in range(2):
        shrunk.sync(*ten()[:2])
    told = detail(shrunk, held)
    assert all(one.withdrawn for one in told.held)
    assert told.run.held == 8


def test_what_came_back_is_settled(shrunk: TellingBench) -> None:
    held = shrunk.newest()
    shrunk.sync(*ten())
    told = detail(shrunk, held)
    assert {(one.fate, one.withdrawn) for one in told.held} == {("settled", None)}
    assert state(shrunk).waiting is None
    assert told.waiting is None


def test_a_change_that_is_held_back_says_before_and_after(bench: TellingBench) -> None:
    bench.plausible = Plausible(few=2)
    bench.sync(*ten())
    bench.sync(*(draft(str(n), title=f"Ganz anders {n}") for n in range(10)))
    told = detail(bench, bench.newest())
    (one,) = (one for one in told.held if one.native_id == "3")
    assert (one.what, one.title) == ("change", "Angebot 3")
    assert [str(each) for each in one.differences] == ["title (de): “Angebot 3” → “Ganz anders 3”"]
    assert state(bench).waiting == waiting_of(bench)
    assert str(state(bench).waiting) == "10 changes"


def waiting_of(bench: TellingBench) -> object:
    return bench.database.read_now(waiting)[bench.source]


def test_beyond_the_limit_what_is_held_back_is_counted_only(shrunk: TellingBench) -> None:
    told = detail(shrunk, shrunk.newest(), limit=3)
    assert (len(told.held), told.run.held) == (3, 8)


def test_a_run_that_never_was_has_no_detail(bench: TellingBench) -> None:
    assert bench.database.read_now(run_detail, 4711, 10) is None
