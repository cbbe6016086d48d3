"""Latitude and longitude as sources write them: which are a place, which only look like one."""

from dataclasses import dataclass
from typing import Final

CENTRE_OF_GERMANY: Final = (51.165691, 10.451526)
"""Where a geocoder puts what it cannot place."""
_NEAR: Final = 1e-5


@dataclass(frozen=True, slots=True)
class Point:
    """WGS 84 degrees, or None for both; `why` says why what the source sent is no place. Where
    the source sent nothing, nothing is wrong and `why` is None too."""

    lat: float | None = None
    lon: float | None = None
    why: str | None = None


NOWHERE: Final = Point()


def point(lat: object, lon: object) -> Point:
    """Latitude and longitude (text, also with decimal comma, or numbers) → a point."""
    north, east = _written(lat), _written(lon)
    if not north and not east:
        return NOWHERE
    if not north or not east:
        return Point(why="one coordinate is missing")
    try:
        return _judged(float(north), float(east))
    except ValueError:
        return Point(why="not a number")


def _written(value: object) -> str:
    """A coordinate as text with a decimal point; "" where the source said nothing."""
    if value is None or isinstance(value, bool):
        return ""
    return str(value).strip().replace(",", ".")


def _judged(lat: float, lon: float) -> Point:
    if lat == 0 or lon == 0:
        return Point(why="0 stands for no coordinates")
    if lat == lon:
        return Point(why="latitude and longitude are equal")
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return Point(why="outside the globe")
    if abs(lat - CENTRE_OF_GERMANY[0]) < _NEAR and abs(lon - CENTRE_OF_GERMANY[1]) < _NEAR:
        return Point(why="the centre of Germany stands for no coordinates")
    return Point(lat, lon)
