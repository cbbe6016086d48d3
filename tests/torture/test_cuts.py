"""A few cuts in every format with every test run; `tests.torture.cuts` makes thousands."""

import pytest

from tests.torture.cuts import bodies, cut_points, torture


@pytest.mark.timeout(120)
async def test_a_cut_body_withdraws_nothing_and_proves_nothing(database_setting: str) -> None:
    tally = await torture(database_setting, 8)
    assert tally.violations == []
    assert set(tally.cuts) == set(bodies())
    assert all(count >= 16 for count in tally.cuts.values())


def test_no_cut_leaves_the_body_whole() -> None:
    for body in bodies().values():
        assert body == body.rstrip()
        assert max(cut_points(body, 1000)) == len(body) - 1
        assert len(cut_points(body, 1000)) >= 1000
