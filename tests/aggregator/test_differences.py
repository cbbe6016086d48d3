"""What differs between two bodies, in words."""

from typing import Any

import pytest

from aggregator.differences import AROUND, LONGEST, differences, shortened
from schema import canonical


def told(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [str(each) for each in differences(canonical(before), canonical(after))]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"title": {"de": "A"}}, {"title": {"de": "B"}}, "title (de): “A” → “B”"),
        ({}, {"title": {"pt-BR": "B"}}, "title (pt-BR): nothing → “B”"),
        ({"wanted": 3}, {}, "wanted: “3” → nothing"),
        ({"remote": True}, {"remote": False}, "remote: “yes” → “no”"),
        ({"tags": ["a", "b"]}, {"tags": ["a"]}, "tags: “a, b” → “a”"),
        (
            {"place": {"postal_code": "06108"}},
            {"place": {"postal_code": "06110"}},
            "place, postal code: “06108” → “06110”",
        ),
        (
            {"images": [{"url": "a"}, {"url": "b"}]},
            {"images": [{"url": "a"}, {"url": "c"}]},
            "images 2, url: “b” → “c”",
        ),
        (
            {"images": [{"alt": {"de": "x"}}]},
            {"images": [{"alt": {"de": "y"}}]},
            "images 1, alt (de): “x” → “y”",
        ),
        ({"respond": {"url": "a"}}, {"respond": {"url": "b"}}, "respond, url: “a” → “b”"),
    ],
)
def test_a_field_is_told_in_words(before: dict[str, Any], after: dict[str, Any], said: str) -> None:
    assert told(before, after) == [said]


def test_what_is_the_same_is_not_told() -> None:
    body = {"title": {"de": "A"}, "tags": ["a"], "place": {"lat": 51.5}}
    assert told(body, body) == []
    assert told({"text_languages": ["de"]}, {"text_languages": ["en"]}) == []


def test_a_text_in_two_forms_is_told_once() -> None:
    before = {"description": {"de": "A"}, "description_html": {"de": "<p>A</p>"}}
    after = {"description": {"de": "B"}, "description_html": {"de": "<p>B</p>"}}
    assert told(before, after) == ["description (de): “A” → “B”"]
    only = {**before, "description_html": {"de": "<b>A</b>"}}
    assert told(before, only) == ["description html (de): “<p>A</p>” → “<b>A</b>”"]


@pytest.mark.parametrize("at", [0, 1, 500, 998, 999])
def test_of_a_long_text_what_differs_is_shown(at: int) -> None:
    text = "x" * 1000
    before, after = shortened(text, text[:at] + "DIFFERS" + text[at + 1 :])
    assert "DIFFERS" in after
    assert len(after) <= len("DIFFERS") + 2 * AROUND + 2
    assert len(before) <= 2 * AROUND + 3


def test_a_repeated_end_is_not_counted_twice() -> None:
    before, after = shortened("a" * 300, "a" * 301)
    assert len(before) <= len(after) <= 2 * AROUND + 3
    assert before != after


def test_two_long_texts_of_nothing_alike_are_cut() -> None:
    before, after = shortened("a" * 5000, "b" * 5000)
    assert (before, after) == ("a" * LONGEST + "…", "b" * LONGEST + "…")
    (only,) = differences(canonical({}), canonical({"title": {"de": "c" * 5000}}))
    assert only.after == "c" * LONGEST + "…"
