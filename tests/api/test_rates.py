"""Token buckets: what one client may ask, and that nobody fills the memory."""

from api.rates import FROM_MEMORY, Buckets, Rate, Standing

SIXTY = Rate(per_minute=60, burst=10)


def refused(standing: Standing) -> bool:
    return standing.wait is not None


def test_a_burst_is_let_through_and_then_one_a_second() -> None:
    buckets = Buckets(SIXTY)
    assert [refused(buckets.take("a", 0.0)) for _ in range(11)] == [False] * 10 + [True]
    assert not refused(buckets.take("a", 1.0))
    assert refused(buckets.take("a", 1.0))


def test_who_is_refused_is_told_when_to_come_again() -> None:
    buckets = Buckets(Rate(per_minute=6, burst=1))
    buckets.take("a", 0.0)
    standing = buckets.take("a", 1.0)
    assert (standing.left, standing.wait) == (0, 9)
    assert buckets.take("a", 1.0 + 9).wait is None


def test_being_refused_costs_nothing() -> None:
    buckets = Buckets(Rate(per_minute=60, burst=1))
    buckets.take("a", 0.0)
    for _ in range(100):
        buckets.take("a", 0.5)
    assert not refused(buckets.take("a", 1.0))


def test_every_client_has_a_bucket_of_its_own() -> None:
    buckets = Buckets(Rate(per_minute=1, burst=1))
    assert not refused(buckets.take("a", 0.0))
    assert not refused(buckets.take("b", 0.0))
    assert refused(buckets.take("a", 0.0))


def test_answers_from_memory_cost_a_tenth() -> None:
    buckets = Buckets(Rate(per_minute=1, burst=1))
    each = [refused(buckets.take("a", 0.0, FROM_MEMORY)) for _ in range(11)]
    assert each.count(False) in {9, 10}, "floats may lose the last one"


def test_a_bucket_never_holds_more_than_a_burst() -> None:
    buckets = Buckets(SIXTY)
    buckets.take("a", 0.0)
    assert buckets.take("a", 1e9).left == 9


def test_the_headers_say_policy_and_standing() -> None:
    buckets = Buckets(SIXTY)
    standing = buckets.take("a", 0.0)
    assert buckets.said(standing) == {
        "RateLimit-Policy": '"client";q=60;w=60',
        "RateLimit": '"client";r=9;t=1',
    }


def test_many_clients_do_not_fill_the_memory() -> None:
    buckets = Buckets(SIXTY, most=100)
    for number in range(1000):
        buckets.take(str(number), 0.0)
    assert len(buckets) == 100
