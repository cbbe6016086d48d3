"""Guessing is slow: for one client, for all together, and whatever addresses they have."""

from api.admin.tries import ALL, CLIENTS, EACH, Tries


def test_a_client_has_ten_tries_and_then_one_in_a_while() -> None:
    tries = Tries()
    assert [tries.spend("192.0.2.1", 0.0) for _ in range(11)] == [None] * 10 + [90]
    assert tries.spend("192.0.2.1", 89.0) == 1
    assert tries.spend("192.0.2.1", 90.0) is None
    assert tries.spend("192.0.2.1", 90.0) == 90


def test_in_a_quarter_of_an_hour_a_client_gets_twenty_tries_at_most() -> None:
    tries = Tries()
    given = [tries.spend("192.0.2.1", float(second)) is None for second in range(900)]
    assert sum(given) < 20


def test_others_may_still_try_while_one_may_not() -> None:
    tries = Tries()
    for _ in range(EACH.tries):
        tries.spend("192.0.2.1", 0.0)
    assert tries.spend("192.0.2.2", 0.0) is None


def test_many_addresses_together_are_slowed_down_too() -> None:
    tries = Tries()
    given = [tries.spend(f"192.0.{n // 256}.{n % 256}", 0.0) for n in range(ALL.tries + 1)]
    assert given == [None] * ALL.tries + [9]
    assert tries.spend("198.51.100.1", 9.0) is None


def test_no_more_clients_are_remembered_than_there_is_room_for() -> None:
    tries = Tries()
    for n in range(2 * CLIENTS):
        assert tries.spend(f"10.0.{n // 256}.{n % 256}", n * ALL.seconds) is None
    assert len(tries._clients) == CLIENTS
