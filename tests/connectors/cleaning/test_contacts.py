import re
from collections.abc import Callable

import pytest

from connectors.cleaning import contacts, html, jsontext, masking
from connectors.cleaning.contacts import MASK, Allowed, is_role_mailbox, mask, suspicious
from schema.normal import text, urls
from tests.growth import grows_too_fast

PRIVATE = [
    "max.muster@verein.example",
    "max@müller.example",
    "max [at] example.org",
    "max(at)web.de",
    "Max [punkt] Muster [ät] beispiel [punkt] de",
    "max (at) example (dot) org",
    "max{at}example.org",
    "max<at>example.org",
    "max at example dot org",
    "max.muster at example.org",
    "max @ example.org",
    "max＠example.org",
    "team.meyer@verein.example",
    "Tel. 0345 / 2002810",
    "+49 (0)345/2002810",
    "(05971) 939-0",
    "0171-2345678",
    "00351 912 345 678",
    "Handy: 88 97 12",
    "☎ 2002810",
]
PUBLIC = [
    "info@verein.example",
    "Ehrenamt-Nord@stadt-nord.example",
    "vrijwilligers@borne.example",
    "am 02.02.2026 von 18:00-20:00 Uhr",
    "ab 01.03.26, 11.30-12.00h",
    "2026-12-31 bis 2027-01-05",
    "Saison 2025/2026, 2025-2026",
    "IBAN DE02 1203 0000 0000 2020 51",
    "1.000.000 Euro, 150.000 Bäume",
    "01234 Musterstadt, Hof 3",
    "https://seite.example/020112345678?detail=0345123456",
    "look at example.org (m/w/d)",
    "Instagram @nabu.halle",
    "Kontonummer 1234567890",
    "5 @ 3.50",
]


@pytest.mark.parametrize("written", PRIVATE)
def test_private_contacts_are_masked(written: str) -> None:
    masked, found = mask(f"Bitte {written}.")
    assert (found, MASK in masked) == (1, True)
    assert not re.search(r"\d{2}|[mM]ax|muster|meyer", masked)


@pytest.mark.parametrize("written", PUBLIC)
def test_what_is_nobodys_stays(written: str) -> None:
    assert mask(f"Am Montag: {written}!") == (f"Am Montag: {written}!", 0)


def test_each_contact_is_masked_and_the_rest_stays() -> None:
    said = "a@x.example,b@y.example oder 0345 2002810 / 0171 2345678, sonst info@z.example"
    assert mask(said) == ("[…],[…] oder […] / […], sonst info@z.example", 4)


def test_what_an_organisation_publishes_stays() -> None:
    allowed = Allowed(mails=frozenset({"nabu@x.example"}), phones=frozenset({"+493452002810"}))
    said = "NABU@x.example, 0345/200 28 10, max@x.example"
    assert mask(said, allowed) == ("NABU@x.example, 0345/200 28 10, […]", 1)


def test_numbers_are_read_as_in_the_country_of_the_source() -> None:
    allowed = Allowed(phones=frozenset({"+351244123456"}), region="PT")
    assert mask("Tel. 244 123 456", allowed)[1] == 0
    assert mask("Tel. 244 123 457", allowed)[1] == 1


@pytest.mark.parametrize(
    ("address", "is_role"),
    [
        ("info@x.example", True),
        ("Kontakt2@x.example", True),
        ("ehrenamt-halle@halle.example", True),
        ("geral@leiria.example", True),
        ("savanoriai@trakai.example", True),
        ("max.muster@x.example", False),
        ("buero.mustermann@x.example", False),
        ("mueller@mueller.example", False),
        ("@x.example", False),
    ],
)
def test_a_role_mailbox_has_nothing_but_roles_in_its_name(address: str, is_role: bool) -> None:
    assert is_role_mailbox(address) is is_role


@pytest.mark.parametrize("written", PRIVATE)
def test_the_cheap_test_never_misses_a_contact(written: str) -> None:
    assert suspicious(written)


def patterns() -> list[re.Pattern[str]]:
    modules = (contacts, html, jsontext, masking, text, urls)
    found = [value for module in modules for value in vars(module).values()]
    return [
        each for each in found if isinstance(each, re.Pattern) and isinstance(each.pattern, str)
    ]


HOSTILE = [
    *("a", "a.", "a@", "1", "1 ", "1.", "(", "[at]", " at ", "@", "a@a", "a.a@a.a ", "12:1", "0"),
    *("DE12 1234 ", "2026-", "https://x ", "tel ", "+4", "<p ", "&lt;p ", "&amp;", "<", '"'),
    *("\\", "\\u", "\\ud800", '<a href="'),
]


@pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: pattern.pattern[:30])
def test_patterns_take_time_in_proportion_to_the_text(pattern: re.Pattern[str]) -> None:
    for seed in HOSTILE:
        assert grows_too_fast(pattern.findall, repeated(seed)) is None, seed


def repeated(seed: str) -> Callable[[int], str]:
    return lambda length: seed * (length // len(seed))


@pytest.mark.parametrize("seed", ["a@", "a@b.de ", "1 ", "x (at) ", "a at b dot "])
def test_masking_takes_time_in_proportion_to_the_text(seed: str) -> None:
    assert grows_too_fast(mask, repeated(seed)) is None
