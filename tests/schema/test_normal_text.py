import pytest

from schema.normal.text import TURNING, forbidden_in, one_line, tidy, unturned


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


@pytest.mark.parametrize("character", TURNING, ids=[f"U+{ord(each):04X}" for each in TURNING])
def test_nothing_that_turns_other_text_is_kept(character: str) -> None:
    assert one_line(f"Fest{character} im Hof") == "Fest im Hof"
    assert tidy(f"{character}Fest\nim {character} Hof") == "Fest\nim Hof"
    assert unturned(f"Fest{character}") == "Fest"


def test_marks_that_help_a_text_to_its_own_direction_stay() -> None:
    for mark in "\u200e\u200f\u061c":
        text = f"C++{mark} برمجة"
        assert one_line(text) == tidy(text) == unturned(text) == text
    assert len(TURNING) == len(set(TURNING)) == 9
