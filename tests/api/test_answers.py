"""Answers that are kept: only so many bytes of them, and only so many ways to ask."""

import pytest
from aiohttp.test_utils import make_mocked_request

from api.answers import OVERHEAD, SPELLING, TARGETS, Answer, Answers, Entry, Key
from api.replying import Replies

ROOM = 8 * 2 * OVERHEAD


def entry(size: int = OVERHEAD) -> Entry:
    answer = Answer(status=200, headers={}, body=b"x" * size, standing={})
    return Entry(answer, None, 0.0, 1.0)


def kept(answers: Answers, keys: range) -> list[int]:
    return [n for n in keys if answers.get((n,)) is not None]


def test_no_more_is_kept_than_there_is_room_for() -> None:
    answers = Answers(ROOM)
    for n in range(8):
        answers.put((n,), entry())
    assert kept(answers, range(8)) == [*range(8)]
    answers.get((0,))
    answers.put((8,), entry())
    assert kept(answers, range(9)) == [0, *range(2, 9)], "the one not used for longest went"


def test_what_is_too_heavy_is_not_kept() -> None:
    answers = Answers(ROOM)
    answers.put((0,), entry())
    answers.put((1,), entry(ROOM // 4))
    assert kept(answers, range(2)) == [0]


def test_a_coding_that_is_made_later_counts_along() -> None:
    answers = Answers(ROOM)
    for n in range(8):
        answers.put((n,), entry())
    last: Key = (7,)
    found = answers.get(last)
    assert found is not None
    found.answer.coded["gzip"] = b"x" * OVERHEAD
    answers.weigh(last)
    assert kept(answers, range(8)) == [*range(1, 8)]


def test_spellings_of_requests_fill_no_memory() -> None:
    answers = Answers(ROOM)
    answers.put((0,), entry())
    for n in range(TARGETS + 1):
        answers.lead((f"/{n}", None, None), (0,))
    assert answers.led_to(("/0", None, None)) is None
    assert answers.led_to(("/1", None, None)) is answers.get((0,))


def test_a_long_spelling_is_read_each_time() -> None:
    answers = Answers(ROOM)
    answers.put((0,), entry())
    for target in ("/", "/" * SPELLING):
        answers.lead((target, "gzip", None), (0,))
    assert answers.led_to(("/", "gzip", None)) is not None
    assert answers.led_to(("/" * SPELLING, "gzip", None)) is None


@pytest.mark.parametrize("text", ["a\r\nSet-Cookie: b", "a\nb", "a\rb"])
async def test_a_header_with_a_line_end_is_not_sent(text: str) -> None:
    replies, request = Replies(Answers(ROOM)), make_mocked_request("GET", "/")
    answer = Answer(status=200, headers={"Link": text}, body=b"", standing={})
    with pytest.raises(ValueError, match="line end"):
        await replies.reply(request, ("page",), answer)
