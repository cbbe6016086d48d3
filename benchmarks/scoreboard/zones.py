"""Do events take place in the right zone? Comparisons of time zones and their repair."""

import re
from typing import Any, Final

from icalendar import Calendar

from benchmarks.scoreboard.calendars import events_equal, said
from benchmarks.scoreboard.cases import Case, Comparison, because, events_of
from benchmarks.scoreboard.moments import ends_at, is_at, moment, zone_named
from benchmarks.scoreboard.occurrences import everything, shown
from benchmarks.scoreboard.verdicts import Unmet

LINE: Final = re.compile(r"(DTSTART|DTEND)(;[^:]*)?:(\d{8}(?:T\d{6}Z?)?)")
FEW: Final = 200
"""Occurrences of a series that are compared."""


def x_wr_timezone_applied_equals_file(case: Case) -> Unmet | None:
    """`value`: the calendar whose zone is written at every time. An independent library reads
    it; its occurrences are ours too."""
    path = case.path(case.value)
    calendars = Calendar.from_ical(path.read_bytes(), multiple=True)
    wrong = events_equal(case, [said(event) for c in calendars for event in c.walk("VEVENT")])
    if wrong is not None:
        return wrong
    ours = shown(case.events, everything, FEW)
    theirs = shown(events_of(case.other(case.value)), everything, FEW)
    if [each.when.starts for each in ours] != [each.when.starts for each in theirs]:
        return because(case.reading, "wrong_occurrences")
    return None


def property_lines_after_conversion(case: Case) -> Unmet | None:
    """`value`: DTSTART and DTEND lines as they stand with their zone."""
    for line in case.value:
        found = LINE.fullmatch(line)
        if found is None:
            continue
        zone = _zone(found[2])  # which counts, even with a Z behind the time
        name, at = found[1], moment(found[3].rstrip("Z") if zone else found[3])
        compare = is_at if name == "DTSTART" else ends_at
        if not any(compare(at, event.when, zone) for event in case.events):
            return because(case.reading, "wrong_start" if name == "DTSTART" else "wrong_end", line)
    return None


def _zone(parameters: Any) -> str | None:
    found = re.search(r"TZID=([^;:]+)", parameters or "")
    return zone_named(found[1].strip('"')) if found else None


def tz_mapping(case: Case) -> Unmet | None:
    """`value`: {"tz": name}: every timed event stands in a zone that keeps the same time."""
    zone = zone_named(case.value["tz"])
    if zone is None or not case.events:
        return because(case.reading, "missing_event", str(case.value))
    for event in case.events:
        when = event.when
        if not when.all_day and not is_at(when.start, when, zone):
            return Unmet("wrong_zone", f"{zone} is {when.zone}")
    return None


COMPARISONS: Final[dict[str, Comparison]] = {
    "x_wr_timezone_applied_equals_file": x_wr_timezone_applied_equals_file,
    "property_lines_after_conversion": property_lines_after_conversion,
    "tz_mapping": tz_mapping,
}
