"""How long an answer stays true and how long a source wants to be left alone, as it says so."""

import pytest
from multidict import CIMultiDict

from aggregator.errors import Discontinued
from aggregator.fetch.answers import fresh_for, in_words, refusal, retry_after
from aggregator.fetch.client import Fetcher, Validators
from connectors.base import Request
from tests.aggregator.fetch.conftest import LIMITS
from tests.upstreams.faults import answer, serving

NOON, ONE = "Sat, 21 Nov 2026 12:00:00 GMT", "Sat, 21 Nov 2026 13:00:00 GMT"


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "public"}, None),
        ({"Cache-Control": "max-age=3600"}, 3600),
        ({"Cache-Control": 'public, Max-Age="3600"'}, 3600),
        ({"Cache-Control": "max-age=60, max-age=3600"}, 60),
        ({"Cache-Control": "max-age=3600, no-cache"}, 0),
        ({"Cache-Control": "no-store, max-age=3600"}, 0),
        ({"Cache-Control": "max-age=-1"}, None),
        ({"Cache-Control": "s-maxage=3600"}, None),
        ({"Cache-Control": "max-age=3600", "Age": "600"}, 3000),
        ({"Cache-Control": "max-age=3600", "Age": "99999"}, 0),
        ({"Cache-Control": "max-age=3600", "Age": "old"}, 3600),
        ({"Expires": ONE, "Date": NOON}, 3600),
        ({"Expires": ONE, "Date": NOON, "Age": "600"}, 3000),
        ({"Expires": NOON, "Date": ONE}, 0),
        ({"Expires": "0", "Date": NOON}, 0),
        ({"Expires": ONE}, 0),
        ({"Expires": ONE, "Date": NOON, "Cache-Control": "max-age=60"}, 60),
    ],
)
def test_an_answer_stays_true_as_long_as_it_says(
    lines: dict[str, str], seconds: float | None
) -> None:
    assert fresh_for(CIMultiDict(lines)) == seconds


def test_several_lines_of_one_header_are_one() -> None:
    lines = CIMultiDict([("Cache-Control", "public"), ("Cache-Control", "max-age=60")])
    assert fresh_for(lines) == 60


@pytest.mark.parametrize("status", [200, 304])
async def test_a_fetch_tells_how_long_it_stays_true(fetcher: Fetcher, status: int) -> None:
    lines = ("Cache-Control: max-age=600", 'ETag: "a"')
    async with serving(answer(b"", *lines, status=status)) as upstream:
        request = Request(url=upstream.url)
        fetched = await fetcher.fetch(request, limits=LIMITS, validators=Validators(etag='"a"'))
    assert (fetched.fresh_for, fetched.not_modified) == (600, status == 304)


RETRY = [
    ("120", 120, "asks to wait 2 minutes"),
    ("0", 0, "asks to wait 0 seconds"),
    ("119", 119, "asks to wait 119 seconds"),
    ("86400", 86400, "asks to wait 24 hours"),
    ("999999999", 604800, "asks to wait 11,575 days; 7 days are granted"),
    (ONE, 3600, "asks to wait 60 minutes"),
    ("Fri, 31 Dec 1999 23:59:59 GMT", 0, "asks to wait 0 seconds"),
    ("Sat, 21 Nov 2036 12:00:00 GMT", 604800, "asks to wait 3,653 days; 7 days are granted"),
    ("-5", None, ""),
    ("soon", None, ""),
    ("1.5", None, ""),
    ("Sat, 99 Nov 2026 12:00:00 GMT", None, ""),
]


@pytest.mark.parametrize(("said", "seconds", "words"), RETRY)
@pytest.mark.parametrize("status", [429, 503, 500, 403])
def test_what_a_source_asks_for_is_granted_up_to_a_week_and_said(
    status: int, said: str, seconds: float | None, words: str
) -> None:
    error = refusal(status, CIMultiDict({"Retry-After": said, "Date": NOON}))
    assert error is not None
    assert error.retry_after == seconds
    assert error.problem.message.endswith(words or f"HTTP {status}")


def test_a_date_without_the_answers_own_cannot_be_measured() -> None:
    assert retry_after(ONE, None) is None


def test_gone_is_an_error_of_its_own() -> None:
    error = refusal(410, CIMultiDict[str]())
    assert isinstance(error, Discontinued)
    assert error.problem.code == "source.gone"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 seconds"), (120, "2 minutes"), (7201, "3 hours"), (172800, "2 days")],
)
def test_seconds_are_told_in_words_rounded_up(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
