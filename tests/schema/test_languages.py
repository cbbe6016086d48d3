"""A declared language is kept by its primary language, and what names none is not believed."""

import pytest

from schema.normal.languages import primary_language


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en", "en"),
        ("EN-gb", "en"),
        ("de_AT", "de"),
        (" pt-BR ", "pt"),
        ("zh-Hant-TW", "zh"),
        ("nds", "nds"),
        ("deu", "de"),
        ("eng-GB", "en"),
        ("", None),
        ("e", None),
        ("deutsch", None),
        ("de-", None),
        ("d3", None),
        ("und", None),
        ("MUL", None),
        ("qaa-x-ours", None),
        ("x-klingon", None),
        ("de;en", None),
        ("de\n", "de"),
        ("dé", None),
        ("de" + "-a" * 1000, None),
    ],
)
def test_a_tag_is_kept_by_its_primary_language(tag: str, language: str | None) -> None:
    assert primary_language(tag) == language
