"""Many publish at once, one follows: nothing is missed, doubled or half."""

from tests.system.publishing import compete

ROUNDS = 4


async def test_eight_publishers_and_a_follower_of_the_change_feed(database_setting: str) -> None:
    result = await compete(database_setting, ROUNDS)
    assert result.is_good, result
    assert result.runs == 8 * ROUNDS
    assert result.read > 0
