"""Normal form of phone numbers, for comparing and dialling. Pure.

The library is imported at the first number: it takes 150 ms, and most documents hold none.
"""

from typing import Final

REGIONS: Final = {
    "Europe/Berlin": "DE",
    "Europe/Vienna": "AT",
    "Europe/Zurich": "CH",
    "Europe/Amsterdam": "NL",
    "Europe/Lisbon": "PT",
    "Europe/Vilnius": "LT",
}
"""Zone of a source → where its numbers without country code are dialled."""


def region_of(zone: str) -> str:
    """A source's time zone → its region; Germany where the zone says nothing."""
    return REGIONS.get(zone, "DE")


def e164(text: str, region: str) -> str | None:
    """One number as written → `+49…`, or None for what cannot be a number."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def numbers_in(text: str, region: str) -> tuple[tuple[int, int], ...]:
    """Where possible numbers stand in a short text: (start, end) pairs."""
    import phonenumbers

    matcher = phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.POSSIBLE)
    return tuple((match.start, match.end) for match in matcher)
