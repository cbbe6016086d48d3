"""Several records of one entity: authority, and JSON Merge Patch as RFC 7396 has it."""

from typing import Any

import orjson
import pytest

from aggregator.merge import EDITOR, apply_patch, by_authority, merge


def test_a_record_alone_stays_as_it_is_to_the_byte() -> None:
    body = b'{"b": 1, "a":2}'
    assert merge([("freinet", body)]) is body


def test_an_editors_patch_lies_over_what_the_source_says() -> None:
    source = b'{"status":"open","title":{"de":"Alt","en":"Old"},"url":"https://a.example/"}'
    patch = b'{"title":{"de":"Neu"},"url":null}'
    assert orjson.loads(merge([("freinet", source), (EDITOR, patch)])) == {
        "status": "open",
        "text_languages": ["de", "en"],
        "title": {"de": "Neu", "en": "Old"},
    }


def test_the_languages_of_a_merged_body_are_those_of_its_texts() -> None:
    source = b'{"summary":{"nl":"Kort"},"text_languages":["de","nl"],"title":{"de":"Alt"}}'
    patch = b'{"summary":null,"title":{"en":"New"}}'
    assert orjson.loads(merge([("freinet", source), (EDITOR, patch)]))["text_languages"] == [
        "de",
        "en",
    ]


def test_editors_have_the_last_word() -> None:
    assert sorted(["freinet", EDITOR, "zzz", "a"], key=by_authority) == [
        "a",
        "freinet",
        "zzz",
        EDITOR,
    ]


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [  # the examples of RFC 7396, appendix A
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_patches_do_what_their_standard_says(target: Any, patch: Any, result: Any) -> None:
    assert apply_patch(target, patch) == result
