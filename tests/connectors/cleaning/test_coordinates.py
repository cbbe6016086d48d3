import pytest

from connectors.cleaning.coordinates import NOWHERE, Point, point


@pytest.mark.parametrize(
    ("lat", "lon"), [("51.234567", "7.012345"), ("51,234567", " 7,012345 "), (51.234567, 7.012345)]
)
def test_numbers_are_read_as_sources_write_them(lat: object, lon: object) -> None:
    assert point(lat, lon) == Point(51.234567, 7.012345)


@pytest.mark.parametrize(("lat", "lon"), [(None, None), ("", ""), (" ", None)])
def test_nothing_said_is_nothing_wrong(lat: object, lon: object) -> None:
    assert point(lat, lon) == NOWHERE
    assert NOWHERE.why is None


@pytest.mark.parametrize(
    ("lat", "lon", "why"),
    [
        ("0.000000", "0.000000", "0 stands"),
        ("51.165691", "10.451526", "centre of Germany"),
        ("51.2", "51.2", "equal"),
        ("512.0", "7.0", "outside"),
        ("51.2", "-181", "outside"),
        ("nan", "7", "outside"),
        ("inf", "7", "outside"),
        ("51.2", "", "missing"),
        ("n.A.", "7", "not a number"),
    ],
)
def test_what_only_looks_like_a_place_is_none_and_says_why(
    lat: object, lon: object, why: str
) -> None:
    found = point(lat, lon)
    assert (found.lat, found.lon) == (None, None)
    assert found.why is not None
    assert why in found.why
