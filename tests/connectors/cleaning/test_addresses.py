import pytest

from connectors.cleaning.addresses import locality, postal_code


@pytest.mark.parametrize(
    ("written", "town", "district"),
    [
        ("Essen/Altendorf", "Essen", "Altendorf"),
        ("Musterstadt / Nord", "Musterstadt", "Nord"),
        ("Kray/Essen", "Essen", "Kray"),
        ("Essen", "Essen", None),
        ("", None, None),
        ("  ", None, None),
        ("Frankfurt/Oder", "Frankfurt/Oder", None),
        ("Halle/Saale", "Halle/Saale", None),
        ("Essen/Duisburg", "Essen/Duisburg", None),
        ("Essen/Kray/Leithe", "Essen/Kray/Leithe", None),
        ("Essen- Bedingrade", "Essen- Bedingrade", None),
        ("Essen Borbeck", "Essen Borbeck", None),
        ("Essen, Mülheim an der Ruhr", "Essen, Mülheim an der Ruhr", None),
        ("Castrop-Rauxel", "Castrop-Rauxel", None),
    ],
)
def test_a_district_is_split_off_only_where_that_is_safe(
    written: str, town: str | None, district: str | None
) -> None:
    assert locality(written) == (town, district)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("01234", "01234"),
        (" 45127 ", "45127"),
        ("7621 aa", "7621 AA"),
        ("2400-013", "2400-013"),
        ("LT-21001", "LT-21001"),
        ("", None),
        ("n.A.", None),
        ("123456", None),
    ],
)
def test_postal_codes_are_text(written: str, code: str | None) -> None:
    assert postal_code(written) == code
