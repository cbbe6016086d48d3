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


SAYINGS = {
    "de": "Bäume gießen – „für alle“, 5 € Pfand, Straße 7",
    "en": "Naïve “tree” planting – it’s £3 at the café",
    "nl": "Geïnteresseerden: één coöperatie – ‘energie’ vóór 2 €",
    "pt": "Ação «árvores» – informações às três, coração",
    "fr": "Œuvrer à l’été – où ça ? Noël, 3 €",
    "lt": "Žąsys šėliojo – „medžių sodinimas“, ėjo čia į",
}
LEGACY = {**dict.fromkeys(SAYINGS, ("cp1252", "iso-8859-1")), "lt": ("cp1257", "windows-1257")}
Sample = tuple[bytes, str | None, str | None]


def samples(language: str) -> dict[str, Sample]:
    """What is sent, what HTTP says of it, and what the document says of itself."""
    text = f"<liste>{SAYINGS[language]}</liste>"
    codec, label = LEGACY[language]
    utf8, old = text.encode(), text.encode(codec)
    return {
        "undeclared": (utf8, None, None),
        "marked, HTTP wrong": (codecs.BOM_UTF8 + utf8, "iso-8859-1", None),
        "by HTTP": (utf8, "UTF-8", None),
        "by the document, HTTP wrong": (utf8, "iso-8859-1", "utf-8"),
        "old by HTTP": (old, label, None),
        "old by the document": (old, None, label),
        "old by HTTP, document wrong": (old, label, "utf-8"),
        "wide and marked": (codecs.BOM_UTF16_LE + text.encode("utf-16-le"), "utf-8", None),
        "wide and unmarked": (text.encode("utf-16-be"), None, "utf-16"),
        "narrow, said to be wide": (utf8, "utf-16", "utf-16"),
    }


def read(sample: Sample) -> str:
    data, http, declared = sample
    return data.decode(encoding_of(data, http, declared), "replace")


@pytest.mark.parametrize("language", SAYINGS)
@pytest.mark.parametrize("case", samples("de"))
def test_every_letter_of_six_languages_is_read_as_it_was_written(language: str, case: str) -> None:
    assert read(samples(language)[case]) == f"<liste>{SAYINGS[language]}</liste>"


@pytest.mark.parametrize("language", SAYINGS)
def test_old_bytes_that_nobody_declares_are_seen_to_be_unreadable(language: str) -> None:
    """A guess would publish wrong letters that look right."""
    codec, _ = LEGACY[language]
    assert "\ufffd" in read((SAYINGS[language].encode(codec), None, None))
