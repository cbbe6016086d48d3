import pytest

from schema.normal.phones import e164, numbers_in, region_of


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("0345/2002810", "DE", "+493452002810"),
        ("(05971) 939-0", "DE", "+4959719390"),
        ("+49 (0)345/2002810", "NL", "+493452002810"),
        ("06-12345678", "NL", "+31612345678"),
        ("912 345 678", "PT", "+351912345678"),
        ("1", "DE", None),
        ("siehe Aushang", "DE", None),
        ("", "DE", None),
    ],
)
def test_a_number_has_one_form(written: str, region: str, number: str | None) -> None:
    assert e164(written, region) == number


def test_two_numbers_in_one_text_are_two() -> None:
    text = "0345 12 34 56 / 0171 2345678"
    assert [text[start:end] for start, end in numbers_in(text, "DE")] == [
        "0345 12 34 56",
        "0171 2345678",
    ]


def test_zones_lead_to_regions() -> None:
    assert (region_of("Europe/Vilnius"), region_of("Pacific/Apia")) == ("LT", "DE")
