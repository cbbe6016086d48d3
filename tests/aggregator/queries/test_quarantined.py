"""What lies in quarantine, why, and since when."""

import pytest

from aggregator.queries.quarantine import quarantined
from tests.aggregator.making import draft, refusal
from tests.aggregator.queries.telling import TellingBench


@pytest.fixture
def refused(bench: TellingBench) -> TellingBench:
    """Two bad raws in a first run, one of them in another way in a second."""
    bench.sync(draft("1"), refusal("2"), refusal("3"))
    bench.sync(draft("1"), refusal("2", "worse"), refusal("3"))
    return bench


def test_rows_say_what_is_wrong_and_since_which_run(refused: TellingBench) -> None:
    second, third = refused.database.read_now(quarantined)
    assert (second.locator, third.locator) == ("2", "3")
    assert [(one.code, one.path, one.message) for one in second.problems] == [
        ("record.no_title", "title", "worse")
    ]
    assert second.last_run == refused.newest() == second.first_run + 1
    assert third.last_run == third.first_run
    assert second.since is not None
    assert second.since.tzinfo is not None


def test_the_raw_record_comes_only_where_asked_for(refused: TellingBench) -> None:
    assert [one.raw for one in refused.database.read_now(quarantined)] == [None, None]
    raws = refused.database.read_now(quarantined, raw=True)
    assert [one.raw for one in raws] == ["worse", "bad"]


def test_rows_can_be_limited(refused: TellingBench) -> None:
    other = TellingBench(refused.database, source="andere", clock=refused.clock)
    other.sync(refusal("9"))
    assert [one.locator for one in refused.database.read_now(quarantined, limit=1)] == ["9"]
    assert len(refused.database.read_now(quarantined, source="freinet")) == 2
    assert refused.database.read_now(quarantined, source="keine") == ()
