"""A key that a source repeats never reaches a file, however it is spelled or cut."""

from pathlib import Path

import pytest

from aggregator.fetch.masking import Masker

KEY = "s3cr&t/Key ü%"


def _through(masker: Masker, text: bytes, size: int) -> bytes:
    pieces = (text[at : at + size] for at in range(0, len(text), size))
    return b"".join(map(masker.feed, pieces)) + masker.rest()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "spelled",
    [KEY, "s3cr&amp;t/Key ü%", "s3cr%26t%2FKey%20%C3%BC%25", "s3cr%26t%2fKey%20%c3%bc%25",
     "s3cr%26t%2FKey+%C3%BC%25", r"s3cr&t\/Key ü%", r"s3cr&t\/Key \u00fc%"],
)  # fmt: skip
def test_a_key_is_masked_wherever_the_stream_is_cut(spelled: str, encoding: str, size: int) -> None:
    text = f"vorher {spelled} dazwischen {spelled}{spelled} nachher"
    masked = _through(Masker([KEY]), text.encode(encoding), size).decode(encoding)
    assert masked == "vorher *** dazwischen ****** nachher"


def test_what_is_no_key_passes_as_it_is() -> None:
    text = Path(__file__).read_bytes()
    assert _through(Masker(["ein" + "-Schlüssel"]), text, 97) == text
    assert _through(Masker([]), text, 97) == text


def test_a_key_too_short_to_be_one_masks_no_words() -> None:
    assert _through(Masker(["baum"]), b"ein baum", 3) == b"ein baum"
