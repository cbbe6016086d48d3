"""VTIMEZONE (RFC 5545, 3.6.5) of every IANA zone: written and checked by hand for the zones of the
cities that take part, made from the zone's rules for all others. Pure.

Onsets are wall times in the offset before them, as the RFC's samples have it: clocks in Berlin
change at 02:00 and 03:00, never at 03:00 and 02:00.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Final

from schema.formats.ical_lines import lines
from schema.formats.zone_rules import Observance, observances

_CENTRAL: Final = """\
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
"""
_EASTERN: Final = """\
BEGIN:DAYLIGHT
DTSTART:19700329T030000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
TZNAME:EEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T040000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
TZNAME:EET
END:STANDARD
"""
_WESTERN: Final = """\
BEGIN:DAYLIGHT
DTSTART:19700329T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:WEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:WET
END:STANDARD
"""
_BRITISH: Final = _WESTERN.replace("WEST", "BST").replace("WET", "GMT")

CHECKED: Final[dict[str, str]] = {
    **dict.fromkeys(
        (
            *("Europe/Berlin", "Europe/Amsterdam", "Europe/Vienna", "Europe/Zurich"),
            *("Europe/Paris", "Europe/Brussels", "Europe/Luxembourg", "Europe/Copenhagen"),
            *("Europe/Prague", "Europe/Warsaw", "Europe/Rome", "Europe/Madrid"),
        ),
        _CENTRAL,
    ),
    **dict.fromkeys(("Europe/Vilnius", "Europe/Riga", "Europe/Tallinn", "Europe/Kyiv"), _EASTERN),
    **dict.fromkeys(("Europe/Helsinki", "Europe/Athens"), _EASTERN),
    "Europe/Lisbon": _WESTERN,
    "Europe/London": _BRITISH,
}
"""Zone → its observances, checked by hand."""


@lru_cache(maxsize=700)
def vtimezone(zone: str) -> bytes:
    """A zone's name → the component. Raises `KeyError` for a name that is no zone."""
    checked = CHECKED.get(zone)
    inner = checked.splitlines() if checked else list(generated(zone))
    return lines(["BEGIN:VTIMEZONE", f"TZID:{zone}", *inner, "END:VTIMEZONE"])


def generated(zone: str) -> Iterator[str]:
    """A zone's name → the lines of its observances, from its rules."""
    for observance in observances(zone):
        yield from _written(observance)


def _written(observance: Observance) -> Iterator[str]:
    name = "DAYLIGHT" if observance.daylight else "STANDARD"
    onsets = [f"{onset:%Y%m%dT%H%M%S}" for onset in observance.onsets]
    yield f"BEGIN:{name}"
    yield f"DTSTART:{onsets[0]}"
    if observance.rule:
        yield f"RRULE:{observance.rule}"
    for onset in onsets if len(onsets) > 1 else ():  # ical.js forgets DTSTART where there are any
        yield f"RDATE:{onset}"
    yield f"TZOFFSETFROM:{_offset(observance.before)}"
    yield f"TZOFFSETTO:{_offset(observance.after)}"
    yield f"TZNAME:{observance.name}"
    yield f"END:{name}"


def _offset(offset: timedelta) -> str:
    sign = "-" if offset < timedelta() else "+"
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{sign}{minutes // 60:02}{minutes % 60:02}"
