"""Where a redirect may lead, and what it may not take along."""

import secrets
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from aggregator.errors import Unfetchable
from aggregator.fetch.answers import Validators
from aggregator.fetch.client import Fetcher
from aggregator.fetch.hops import first_hop, next_hop
from connectors.base import Request, Secret
from tests.aggregator.fetch.conftest import LIMITS
from tests.upstreams.faults import answer, redirect, serving

KEY = Secret("env:CANARY_KEY")


@pytest.fixture
def canary(monkeypatch: pytest.MonkeyPatch) -> str:
    value = f"{secrets.token_hex(8)}+/ ä&="
    monkeypatch.setenv("CANARY_KEY", value)
    return value


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed(fetcher: Fetcher, status: int) -> None:
    scripts = {"/": redirect("/there#part", status), "/there": answer(b"there")}
    async with serving(scripts) as upstream:
        fetched = await fetcher.fetch(Request(url=upstream.url), limits=LIMITS)
    assert fetched.url == upstream.url + "there"
    assert fetched.size == 5


async def test_five_redirects_are_followed_a_sixth_is_not(fetcher: Fetcher) -> None:
    scripts = {f"/{n}": redirect(f"/{n + 1}") for n in range(6)} | {"/6": answer(b"x")}
    async with serving(scripts) as upstream:
        fetched = await fetcher.fetch(Request(url=upstream.url + "1"), limits=LIMITS)
        assert fetched.size == 1
        with pytest.raises(Unfetchable, match="more than 5 redirects"):
            await fetcher.fetch(Request(url=upstream.url + "0"), limits=LIMITS)


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("", "source.redirected"),
        ("http://[::1", "source.redirected"),
        ("file:///etc/passwd", "source.forbidden_address"),
        ("http://user:word@127.0.0.1/", "source.forbidden_address"),
    ],
)
async def test_a_redirect_to_no_web_address_is_refused(
    fetcher: Fetcher, to: str, code: str
) -> None:
    async with serving(redirect(to)) as upstream:
        with pytest.raises(Unfetchable) as raised:
            await fetcher.fetch(Request(url=upstream.url), limits=LIMITS)
    assert raised.value.problem.code == code


def test_https_is_never_left_for_http() -> None:
    hop = first_hop(Request(url="https://city.example/"), Validators(), None)
    with pytest.raises(Unfetchable, match="from https to http"):
        next_hop(hop, 301, "http://city.example/", None)
    assert next_hop(hop, 301, "https://city.example/x", None).url.path == "/x"


@pytest.mark.parametrize("quoted", [0, 1, 2, 3])
@pytest.mark.parametrize("quoting", [quote, quote_plus])
async def test_a_redirect_that_takes_the_key_along_is_refused(
    fetcher: Fetcher, canary: str, quoting: Callable[[str], str], quoted: int
) -> None:
    """Servers repeat the query in their Location; the other origin must never see it."""
    spelled = canary
    for _ in range(quoted):
        spelled = quoting(spelled)
    async with (
        serving(answer(b"x")) as other,
        serving(redirect(f"{other.url}?again={spelled}")) as upstream,
    ):
        request = Request(url=upstream.url, query=(("accessKey", KEY),))
        with pytest.raises(Unfetchable) as raised:
            await fetcher.fetch(request, limits=LIMITS)
    assert raised.value.problem.code == "source.redirected"
    assert canary[:16] not in str(raised.value)
    assert other.connections == 0


async def test_a_redirect_without_the_key_is_followed_without_it(
    fetcher: Fetcher, canary: str
) -> None:
    async with serving(answer(b"x")) as other, serving(redirect(other.url)) as upstream:
        request = Request(url=upstream.url, query=(("accessKey", KEY),))
        fetched = await fetcher.fetch(request, limits=LIMITS)
    assert fetched.url == other.url
    assert canary[:16] not in other.asked[0].target


async def test_headers_that_identify_us_stay_on_their_origin(fetcher: Fetcher, canary: str) -> None:
    headers = (("X-Api-Key", KEY), ("Authorization", "Basic eA=="), ("Accept", "text/xml"))
    async with serving(answer(b"x")) as other, serving(redirect(other.url, 307)) as upstream:
        await fetcher.fetch(Request(url=upstream.url, headers=headers), limits=LIMITS)
    assert upstream.asked[0].header("X-Api-Key") == canary.encode()
    assert other.asked[0].header("X-Api-Key") is None
    assert other.asked[0].header("Authorization") is None
    assert other.asked[0].header("Accept") == b"text/xml"


async def test_a_key_goes_on_within_its_origin(fetcher: Fetcher, canary: str) -> None:
    scripts = {"/": redirect("/there", 308), "/there": answer(b"x")}
    async with serving(scripts) as upstream:
        request = Request(url=upstream.url, headers=(("X-Api-Key", KEY),))
        await fetcher.fetch(request, limits=LIMITS)
    assert upstream.asked[1].header("X-Api-Key") == canary.encode()


@pytest.mark.parametrize(("status", "method"), [(302, "GET"), (303, "GET"), (307, "POST")])
async def test_a_redirected_post(fetcher: Fetcher, status: int, method: str) -> None:
    scripts = {"/": redirect("/there", status), "/there": answer(b"x")}
    async with serving(scripts) as upstream:
        request = Request(url=upstream.url, method="POST", body="a=1")
        await fetcher.fetch(request, limits=LIMITS)
    assert upstream.asked[1].method == method
    assert upstream.asked[1].body == (b"a=1" if method == "POST" else b"")


async def test_a_follow_up_stays_on_its_origin(fetcher: Fetcher) -> None:
    async with serving(answer(b"x")) as upstream, serving(answer(b"x")) as other:
        start = f"{upstream.url}list?page=1"
        await fetcher.fetch(Request(url=upstream.url + "2"), limits=LIMITS, origin=start)
        with pytest.raises(Unfetchable) as raised:
            await fetcher.fetch(Request(url=other.url), limits=LIMITS, origin=start)
    assert raised.value.problem.code == "source.redirected"
    assert other.connections == 0


async def test_a_follow_up_is_not_redirected_off_its_origin(fetcher: Fetcher) -> None:
    async with serving(answer(b"x")) as other, serving(redirect(other.url)) as upstream:
        with pytest.raises(Unfetchable):
            await fetcher.fetch(Request(url=upstream.url), limits=LIMITS, origin=upstream.url)
    assert other.connections == 0
