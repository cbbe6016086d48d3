"""A new address is believed after a week of healthy runs, and forgotten when it fails."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import SourceError
from aggregator.fetch.client import Fetcher
from aggregator.fetch.hops import moved_request
from aggregator.fetch.politeness import Move, decode, encode, moves_after, settled
from connectors.base import Request, Secret
from tests.aggregator.fetch.conftest import LIMITS
from tests.upstreams.faults import answer, redirect, serving

OLD, NEW, OTHER = "https://alt.example/", "https://neu.example/", "https://login.example/"
START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = [NEW] * 8


def after(*days: str | None, sick: tuple[int, ...] = ()) -> dict[str, str]:
    """One run a day, each led to an address (None: nowhere) → what is settled at the end."""
    moves: dict[str, Move] = {}
    for number, to in enumerate(days):
        now = START + number * DAY
        moves = decode(encode(moves_after(moves, {OLD: to}, now, healthy=number not in sick)))
    return settled(moves)


@pytest.mark.parametrize("days", [1, 2, 7])
def test_less_than_a_week_settles_nothing(days: int) -> None:
    assert after(*[NEW] * days) == {}


@pytest.mark.parametrize("days", [8, 9, 30])
def test_a_week_of_healthy_runs_settles_a_move(days: int) -> None:
    assert after(*[NEW] * days) == {OLD: NEW}


@pytest.mark.parametrize("day", range(8))
@pytest.mark.parametrize("to", [None, OTHER])
def test_one_run_led_elsewhere_begins_the_week_anew(day: int, to: str | None) -> None:
    days: list[str | None] = [*WEEK]
    days[day] = to
    assert after(*days) == {}
    assert after(*days, *WEEK) == {OLD: NEW}


@pytest.mark.parametrize("day", range(8))
def test_one_sick_run_begins_the_week_anew(day: int) -> None:
    assert after(*WEEK, sick=(day,)) == {}
    assert after(*WEEK, *WEEK, sick=(day,)) == {OLD: NEW}


def test_a_sick_run_leaves_a_settled_move_alone() -> None:
    assert after(*WEEK, NEW, sick=(8,)) == {OLD: NEW}


def test_a_settled_move_whose_new_address_fails_is_forgotten() -> None:
    assert after(*WEEK, None, sick=(8,)) == {}


def test_a_run_without_an_answer_leaves_a_settled_move_and_ends_a_probation() -> None:
    now = START + 8 * DAY
    old = Move(to=NEW, since=START, last=now, seen=9)
    young = Move(to=NEW, since=now - DAY, last=now, seen=2)
    assert moves_after({OLD: old}, {}, now, healthy=False) == {OLD: old}
    assert moves_after({OLD: young}, {}, now, healthy=False) == {}


def test_two_runs_a_week_apart_are_the_least() -> None:
    one = moves_after({}, {OLD: NEW}, START, healthy=True)
    assert settled(one) == {}
    two = moves_after(one, {OLD: NEW}, START + 7 * DAY, healthy=True)
    assert settled(two) == {OLD: NEW}


def test_nothing_remembered_is_nothing() -> None:
    assert decode(None) == {}
    assert decode("{}") == {}


@pytest.mark.parametrize(
    ("statuses", "lands"),
    [
        ((301,), "b"),
        ((308,), "b"),
        ((301, 308), "c"),
        ((301, 302), "b"),
        ((308, 307, 301), "b"),
        ((302,), None),
        ((303,), None),
        ((307,), None),
        ((302, 301), None),
        ((), None),
    ],
)
async def test_only_a_leading_chain_of_permanent_redirects_moves_a_source(
    fetcher: Fetcher, statuses: tuple[int, ...], lands: str | None
) -> None:
    places = "abcdef"
    scripts = {
        f"/{places[n]}": redirect(f"/{places[n + 1]}", status) for n, status in enumerate(statuses)
    }
    scripts[f"/{places[len(statuses)]}"] = answer(b"x")
    async with serving(scripts) as upstream:
        request = Request(url=upstream.url + "a", query=(("page", "1"),))
        fetched = await fetcher.fetch(request, limits=LIMITS)
    assert fetched.moved == (None if lands is None else upstream.url + lands)


async def test_the_query_we_sent_is_no_part_of_a_new_address(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_KEY", "geheim-4711")
    query = (("agency", "177"), ("accessKey", Secret("env:A_KEY")))
    to = "/b?agency=177&accessKey=geheim-4711&view=full"
    async with serving({"/a": redirect(to, 301), "/b": answer(b"x")}) as upstream:
        request = Request(url=upstream.url + "a", query=query)
        fetched = await fetcher.fetch(request, limits=LIMITS)
    assert fetched.moved == f"{upstream.url}b?view=full"


async def test_a_new_address_that_holds_the_key_elsewhere_is_not_remembered(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_KEY", "geheim-4711")
    scripts = {"/a": redirect("/geheim-4711/b", 301), "/geheim-4711/b": answer(b"x")}
    async with serving(scripts) as upstream:
        request = Request(url=upstream.url + "a", query=(("accessKey", Secret("env:A_KEY")),))
        assert (await fetcher.fetch(request, limits=LIMITS)).moved is None


@pytest.mark.parametrize("private", ["query", "headers"])
def test_a_request_with_a_key_is_not_sent_to_a_new_origin_by_memory(private: str) -> None:
    key = (("X-Api-Key", Secret("env:A_KEY")),)
    request = Request(url=OLD, query=key) if private == "query" else Request(url=OLD, headers=key)
    assert moved_request(request, NEW) == request
    assert moved_request(request, OLD + "b").url == OLD + "b"
    assert moved_request(Request(url=OLD), NEW).url == NEW


async def test_a_key_does_not_follow_a_permanent_redirect_abroad(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_KEY", "geheim-4711")
    async with serving(answer(b"x")) as other, serving(redirect(other.url, 301)) as upstream:
        request = Request(url=upstream.url, headers=(("X-Api-Key", Secret("env:A_KEY")),))
        fetched = await fetcher.fetch(request, limits=LIMITS)
        assert fetched.moved == other.url
        leaking = Request(url=upstream.url, query=(("accessKey", Secret("env:A_KEY")),))
        await fetcher.fetch(leaking, limits=LIMITS)
    assert all("geheim" not in f"{asked}" for asked in other.asked)


async def test_a_redirect_that_hands_on_the_key_is_not_followed(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_KEY", "geheim-4711")
    async with serving(answer(b"x")) as other:
        to = f"{other.url}?accessKey=geheim-4711"
        async with serving(redirect(to, 308)) as upstream:
            request = Request(url=upstream.url, query=(("accessKey", Secret("env:A_KEY")),))
            with pytest.raises(SourceError, match="hand the key"):
                await fetcher.fetch(request, limits=LIMITS)
    assert other.connections == 0
