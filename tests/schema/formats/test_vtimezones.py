from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from icalendar import Calendar

from schema.formats.ical_lines import lines
from schema.formats.vtimezones import CHECKED, generated, vtimezone
from schema.formats.zone_rules import observances

SHADOWS = {"localtime", "posixrules", "Factory"}
ZONES = sorted(
    name for name in available_timezones() - SHADOWS if not name.startswith(("posix/", "right/"))
)
ODD = ["Africa/Casablanca", "America/Nuuk", "Asia/Gaza", "Asia/Jerusalem", "Australia/Lord_Howe"]
FIRST, BEYOND = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def read(zone: str) -> tzinfo:
    """The zone as icalendar understands our description of it."""
    head = lines(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test"])
    calendar: Any = Calendar.from_ical(head + vtimezone(zone) + lines(["END:VCALENDAR"]))
    found: tzinfo = calendar.walk("VTIMEZONE")[0].to_tz(lookup_tzid=False)
    return found


def changes(zone: ZoneInfo) -> Iterator[datetime]:
    """The instants, to the hour, at which the zone's offset changes."""
    at = FIRST
    while at < BEYOND:
        if at.astimezone(zone).utcoffset() != (at + HOUR).astimezone(zone).utcoffset():
            yield at
        at += HOUR


def wrong_instants(zone: str, moments: Iterator[datetime]) -> list[str]:
    """The wall times, neither skipped nor doubled, that the description places elsewhere."""
    said, real = read(zone), ZoneInfo(zone)
    found = []
    for moment in moments:
        wall = moment.astimezone(real).replace(tzinfo=None, fold=0)
        first, second = (wall.replace(tzinfo=real, fold=fold).utcoffset() for fold in (0, 1))
        if first == second != wall.replace(tzinfo=said).utcoffset():
            found.append(wall.isoformat())
    return found


def fortnightly() -> Iterator[datetime]:
    return (FIRST + timedelta(hours=339) * n for n in range((BEYOND - FIRST).days // 14))


@pytest.mark.parametrize("start", range(0, len(ZONES), 50))
def test_every_zone_is_described_as_it_is(start: int) -> None:
    wrong = {zone: wrong_instants(zone, fortnightly()) for zone in ZONES[start : start + 50]}
    assert {zone: found for zone, found in wrong.items() if found} == {}


@pytest.mark.parametrize("zone", [*sorted(CHECKED), *ODD, "America/New_York", "Asia/Kolkata"])
def test_the_hours_around_each_change_are_right(zone: str) -> None:
    around = (at + HOUR * n for at in changes(ZoneInfo(zone)) for n in range(-4, 6))
    assert wrong_instants(zone, around) == []


def held(inner: str) -> list[list[str]]:
    """The observances that go on for ever, without the day they are told from."""
    blocks = [block.splitlines() for block in inner.split("BEGIN:")[1:]]
    found = [[line for line in block if not line.startswith("DTSTART:")] for block in blocks]
    return sorted(block for block in found if "RRULE" in block[1] and "UNTIL" not in block[1])


@pytest.mark.parametrize("zone", sorted(CHECKED))
def test_what_was_checked_by_hand_is_what_the_rules_say(zone: str) -> None:
    """Two ways to the same description: neither hides a mistake of the other."""
    assert held(CHECKED[zone]) == held("\n".join(generated(zone)))
    assert len(held(CHECKED[zone])) == 2


def test_clocks_change_at_the_wall_time_before_the_change() -> None:
    said = vtimezone("Europe/Berlin").decode()
    assert "DTSTART:19700329T020000\r\n" in said
    assert "DTSTART:19701025T030000\r\n" in said
    assert said.count("\r\n") == 17


def test_a_zone_that_changed_its_rules_states_what_was_before() -> None:
    moscow = read("Europe/Moscow")
    offsets = {year: datetime(year, 7, 1, tzinfo=moscow).utcoffset() for year in (1979, 2010, 2026)}
    hours = {1979: 3, 2010: 4, 2026: 3}
    assert offsets == {year: timedelta(hours=hour) for year, hour in hours.items()}


def test_the_later_clock_is_daylight_whatever_the_country_calls_it() -> None:
    found = {each.name: each.daylight for each in observances("Europe/Dublin") if each.rule}
    assert found == {"IST": True, "GMT": False}


def test_a_zone_without_changes_has_one_observance() -> None:
    (only,) = observances("Asia/Kolkata")
    assert (only.rule, only.after) == (None, timedelta(hours=5, minutes=30))


def test_what_is_no_zone_is_refused() -> None:
    with pytest.raises(KeyError):
        vtimezone("Mars/Olympus")
