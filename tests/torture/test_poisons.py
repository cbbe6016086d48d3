"""Every poison at two places with every test run; `tests.torture.poisons` takes thousands."""

import pytest

from tests.torture.poisons import POISONS, listing, offer, places, torture


@pytest.mark.timeout(120)
async def test_a_poisoned_record_is_set_aside_and_all_others_published(
    database_setting: str,
) -> None:
    tally = await torture(database_setting, 2, 30)
    assert tally.violations == []
    assert len(tally.cases) == 15
    assert (tally.published, tally.quarantined) == (30 * 29, 30)


@pytest.mark.timeout(120)
async def test_a_harmless_poison_would_be_noticed(
    database_setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(POISONS, "a NUL", offer)
    tally = await torture(database_setting, 1, 5)
    assert len(tally.violations) == 1


def test_places_reach_from_the_first_record_to_the_last() -> None:
    assert places(3, 1000) == [1, 500, 1000]
    assert places(1000, 1000) == list(range(1, 1001))
    assert listing(3, 2, lambda _: b"?") == b"<angebotsliste>%b?%b</angebotsliste>" % (
        offer(1),
        offer(3),
    )
