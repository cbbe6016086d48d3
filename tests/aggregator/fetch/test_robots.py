"""robots.txt has a say where documents are pages, and only there (RFC 9309)."""

import asyncio
import gzip

import pytest
from yarl import URL

from aggregator.errors import SourceError, Unfetchable
from aggregator.fetch.client import Fetcher
from aggregator.fetch.robots import KEPT_SECONDS, LONGEST_DELAY, MOST_BYTES, Robots
from connectors.base import Request
from tests.aggregator.fetch.conftest import LIMITS
from tests.upstreams.faults import Script, answer, drip, redirect, reset, serving

PAGE = answer(b"<html>")
CLOSED = b"User-agent: *\nDisallow: /\n"
SITE = URL("https://stadt.example/termine?x=1")


class Site:
    """Answers for robots.txt in order, the last one for ever, and a clock."""

    def __init__(self, *texts: bytes) -> None:
        self.texts = list(texts)
        self.asked: list[str] = []
        self.now = 0.0
        self.robots = Robots(self.ask, lambda: self.now)

    async def ask(self, url: URL) -> bytes:
        self.asked.append(str(url))
        return self.texts.pop(0) if len(self.texts) > 1 else self.texts[0]


async def visit(fetcher: Fetcher, robots: Script) -> int:
    """Fetch a page of a site with these robots → how often the page itself was asked for."""
    async with serving({"/robots.txt": robots, "/page": PAGE}) as upstream:
        try:
            await fetcher.fetch(Request(url=upstream.url + "page"), limits=LIMITS, robots=True)
        finally:
            pages = sum(asked.target == "/page" for asked in upstream.asked)
    return pages


@pytest.mark.parametrize(
    "rules",
    [
        b"",
        b"User-agent: *\nDisallow: /privat\n",
        b"User-agent: Allmende\nAllow: /\n\nUser-agent: *\nDisallow: /\n",
        b"User-agent: *\nDisallow: /*.pdf$\n",
        b"\xef\xbb\xbfUser-agent: Other\nDisallow: /\n",
        b"\xff\xfe<html>no rules at all</html>",
    ],
)
async def test_who_is_let_in_fetches(fetcher: Fetcher, rules: bytes) -> None:
    assert await visit(fetcher, answer(rules)) == 1


@pytest.mark.parametrize(
    "rules",
    [
        CLOSED,
        b"User-agent: allmende\nDisallow: /page\n\nUser-agent: *\nAllow: /\n",
        b"User-agent: *\nDisallow: /p*e$\n",
        b"\xef\xbb\xbf" + CLOSED,
    ],
)
async def test_who_is_not_let_in_asks_for_no_page(fetcher: Fetcher, rules: bytes) -> None:
    async with serving({"/robots.txt": answer(rules), "/page": PAGE}) as upstream:
        with pytest.raises(Unfetchable) as raised:
            await fetcher.fetch(Request(url=upstream.url + "page"), limits=LIMITS, robots=True)
    assert raised.value.problem.code == "source.robots"
    assert [asked.target for asked in upstream.asked] == ["/robots.txt"]


async def test_who_publishes_a_feed_is_not_asked(fetcher: Fetcher) -> None:
    async with serving({"/robots.txt": answer(CLOSED), "/page": PAGE}) as upstream:
        await fetcher.fetch(Request(url=upstream.url + "page"), limits=LIMITS)
    assert [asked.target for asked in upstream.asked] == ["/page"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429])
async def test_without_robots_everything_is_allowed(fetcher: Fetcher, status: int) -> None:
    assert await visit(fetcher, answer(CLOSED, status=status)) == 1


@pytest.mark.parametrize("script", [answer(status=500), answer(status=503), reset()])
async def test_robots_that_cannot_be_had_let_nobody_in(fetcher: Fetcher, script: Script) -> None:
    with pytest.raises(SourceError, match=r"source\.robots: the site's robots.txt could not be"):
        await visit(fetcher, script)


async def test_robots_may_be_redirected_and_compressed(fetcher: Fetcher) -> None:
    packed = answer(gzip.compress(CLOSED, mtime=0), "Content-Encoding: gzip")
    scripts = {"/robots.txt": redirect("/r2"), "/r2": packed, "/page": PAGE}
    async with serving(scripts) as upstream:
        with pytest.raises(SourceError, match="does not let us in"):
            await fetcher.fetch(Request(url=upstream.url + "page"), limits=LIMITS, robots=True)


async def test_the_rules_of_a_redirects_target_count_too(fetcher: Fetcher) -> None:
    async with serving({"/robots.txt": answer(CLOSED), "/page": PAGE}) as other:
        to = redirect(other.url + "page")
        async with serving({"/robots.txt": answer(b""), "/page": to}) as upstream:
            with pytest.raises(SourceError, match="does not let us in"):
                await fetcher.fetch(Request(url=upstream.url + "page"), limits=LIMITS, robots=True)
    assert [asked.target for asked in other.asked] == ["/robots.txt"]


async def test_of_endless_robots_the_first_half_megabyte_counts(fetcher: Fetcher) -> None:
    async with asyncio.timeout(5):
        assert await visit(fetcher, drip(piece=b"# \n" * 20_000, pause=0)) == 1
    late = b"#" * MOST_BYTES + b"\n" + CLOSED
    assert await visit(fetcher, answer(late)) == 1


async def test_rules_are_kept_for_a_day_and_no_longer() -> None:
    site = Site(b"", CLOSED)
    await site.robots.admit(SITE)
    site.now = KEPT_SECONDS - 1
    await site.robots.admit(SITE)
    assert site.asked == ["https://stadt.example/robots.txt"]
    site.now = KEPT_SECONDS
    with pytest.raises(Unfetchable):
        await site.robots.admit(SITE)


async def test_many_at_once_ask_for_the_rules_once() -> None:
    site = Site(b"")
    await asyncio.gather(*(site.robots.admit(SITE) for _ in range(20)))
    assert len(site.asked) == 1


async def test_a_crawl_delay_lies_between_two_requests() -> None:
    site = Site(b"User-agent: *\nCrawl-delay: 0.2\n")
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.gather(*(site.robots.admit(SITE) for _ in range(3)))
    assert 0.4 <= loop.time() - began < 2


async def test_a_crawl_delay_beyond_half_a_minute_is_cut() -> None:
    site = Site(b"User-agent: *\nCrawl-delay: 86400\n")
    await site.robots.admit(SITE)
    site.now = LONGEST_DELAY
    async with asyncio.timeout(1):
        await site.robots.admit(SITE)
