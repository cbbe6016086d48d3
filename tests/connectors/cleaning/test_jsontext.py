import pytest

from connectors.cleaning.jsontext import LONGEST_QUOTE, load, quoted_error


@pytest.mark.parametrize(
    ("data", "value", "scrubbed"),
    [
        (b'\xef\xbb\xbf{"a":"\\ud83d\\ude00"}', {"a": "😀"}, False),
        (b'{"a":"x\\ud800y"}', {"a": "x\ufffdy"}, True),
        (b'{"a":"x\\ude00y"}', {"a": "x\ufffdy"}, True),
        (b'{"a":"\\ud83d\\ude00\\ud800"}', {"a": "😀\ufffd"}, True),
        (b'{"a":"\\\\ud800","b":"\\ud800"}', {"a": "\\ud800", "b": "\ufffd"}, True),
        (b'{"a":"x\x00\xe4"}', {"a": "x\ufffd\ufffd"}, True),
    ],
)
def test_what_json_forbids_costs_one_character(data: bytes, value: object, scrubbed: bool) -> None:
    assert load(data) == (value, scrubbed)


@pytest.mark.parametrize("data", [b"", b'{"a":', b"[NaN]", b"[Infinity]", b"[" * 100_000, b"<a/>"])
def test_what_is_no_json_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"line|character|data|depth|empty|recursion"):
        load(data)


def test_an_error_is_quoted_shortly_without_keys_and_contacts() -> None:
    said = '{"error":{"code":417,"message":"key AB12cd34 of max@x.example\\n is wrong"}}'
    assert quoted_error(said) == "JSON: key … of […] is wrong"


def test_what_says_nothing_is_only_called_json() -> None:
    assert quoted_error('{"error":{"code":417}}') == "JSON"
    assert quoted_error('{"error":') == "JSON"
    assert quoted_error("<html>") is None


def test_a_long_error_is_cut() -> None:
    quote = quoted_error('{"detail":"' + "wort " * 200 + '"}')
    assert quote is not None
    assert len(quote) <= LONGEST_QUOTE + len("JSON: ")
