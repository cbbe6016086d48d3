import codecs

import pytest

from connectors.cleaning.encoding import encoding_of, known


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("UTF-8", "utf-8"),
        ('"utf8"', "utf-8"),
        ("latin1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("iso-8859-15", "iso8859-15"),
        ("windows-1257", "cp1257"),
        ("base64", None),
        ("utf-7", None),
        ("x-nobody", None),
        ("a\x00b", None),
        ("", None),
        (None, None),
    ],
)
def test_only_encodings_of_text_are_known(label: str | None, codec: str | None) -> None:
    assert known(label) == codec


@pytest.mark.parametrize(
    ("head", "http", "declared", "codec"),
    [
        (codecs.BOM_UTF8 + b"x", "iso-8859-1", "iso-8859-1", "utf-8-sig"),
        (b"x", None, None, "utf-8"),
        (b"x", "iso-8859-1", None, "cp1252"),
        (b"x", None, "iso-8859-1", "cp1252"),
        (b"x", "windows-1257", "iso-8859-1", "cp1257"),
        ("ä".encode(), "iso-8859-1", "utf-8", "utf-8"),
        ("ä".encode()[:1], "iso-8859-1", "utf-8", "utf-8"),
        ("ä".encode("latin1") + b"x", "utf-8", "iso-8859-1", "cp1252"),
    ],
)
def test_where_declarations_disagree_the_bytes_decide(
    head: bytes, http: str | None, declared: str | None, codec: str
) -> None:
    assert encoding_of(head, http, declared) == codec
