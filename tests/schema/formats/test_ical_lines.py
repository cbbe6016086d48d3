import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.formats.ical_lines import lines, said_in, text, uri


def unescaped(value: str) -> str:
    """A TEXT value → the text, letter by letter (RFC 5545, 3.3.11)."""
    found, letters = "", iter(value)
    for letter in letters:
        if letter == "\\":
            after = next(letters)
            found += "\n" if after in "nN" else after
        else:
            found += letter
    return found


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_a_text_is_read_back_as_it_was(said: str) -> None:
    plain = said.replace("\u2028", "\n").replace("\u2029", "\n")
    assert unescaped(text(said)) == plain.replace("\ufffe", "").replace("\uffff", "")


@given(st.text())
def test_no_control_character_passes(said: str) -> None:
    assert not {letter for letter in text(said) if ord(letter) < 32 or 127 <= ord(letter) < 160}


@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=300)))
def test_folded_lines_are_short_whole_and_joined_again(said: list[str]) -> None:
    written = lines(f"X:{each}" for each in said)
    cut = written.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in cut)
    assert [line.decode() for line in cut] == [line.decode("utf-8", "strict") for line in cut]
    assert written.replace(b"\r\n ", b"").decode() == "".join(f"X:{each}\r\n" for each in said)


def test_a_line_of_75_octets_stays_whole() -> None:
    assert lines(["x" * 75]) == b"x" * 75 + b"\r\n"
    assert lines(["x" * 76]) == b"x" * 75 + b"\r\n x\r\n"


def test_a_character_is_never_cut() -> None:
    assert lines(["x" * 74 + "ä"]) == b"x" * 74 + b"\r\n " + "ä\r\n".encode()
    assert lines(["x" * 73 + "🌳"]) == b"x" * 73 + b"\r\n " + "🌳\r\n".encode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029"])
def test_every_line_end_is_one(end: str) -> None:
    assert text(f"a{end}b") == "a\\nb"


@pytest.mark.parametrize("said", ["https://a.example/ä?b=1,2;c", "http://[::1]/", "mailto:a@b.c"])
def test_an_address_is_written_as_it_is(said: str) -> None:
    assert uri(said) == said


@pytest.mark.parametrize("held", ["\r\nX:1", "\n", " ", '"', "\x00", "\x0b", "\u2028", "\x85"])
def test_an_address_that_could_hold_a_line_is_none(held: str) -> None:
    assert uri(f"https://a.example/{held}x") is None


def test_a_language_is_a_parameter_only_as_a_tag() -> None:
    assert said_in("pt-BR") == ";LANGUAGE=pt-BR"
    assert said_in("de:X\r\nATTACH") == said_in("") == ""
