import pytest

from schema.normal.text import forbidden_in, one_line, tidy


@pytest.mark.parametrize("text", ["", "ä–€😀", "a\nb\tc\r\nd", "a\u00a0b\u2009c", "\u200d"])
def test_ordinary_text_holds_nothing_forbidden(text: str) -> None:
    assert forbidden_in(text) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [("a\x0b", "U+000B"), ("a\n\x96", "U+0096"), ("\ud800", "U+D800"), ("ä\ufffd", "U+FFFD")],
)
def test_forbidden_characters_are_named(text: str, named: str) -> None:
    assert forbidden_in(text) == named


def test_one_line_keeps_forbidden_characters_for_the_checks() -> None:
    assert one_line(" a\u00a0 b\n\tc\x0bd ") == "a b c\x0bd"
    assert one_line("a  b") == "a b"


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("", ""),
        (" \n\n ", ""),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a \n\n\n\n  b", "a\n\nb"),
        ("a   b\u00a0\tc", "a b c"),
        ("Ver\u00adein\u200b", "Verein"),
    ],
)
def test_text_is_tidied_without_losing_lines(text: str, tidied: str) -> None:
    assert tidy(text) == tidied
    assert tidy(tidied) == tidied
