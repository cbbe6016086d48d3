"""Calendars that nobody of this project wrote: none crashes the connector, few lose anything."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors import Facts, Raw, Unreadable
from connectors.registry import load
from connectors.samples import Held
from schema import Entity, Event, Problem, Rejected
from schema.recurring import expand
from schema.when import Days

ICAL = load("ical")
SETTINGS = ICAL.Settings(url="https://x.example/a.ics", private="publish")
FOLDERS = ("ical-*/**/*.ics", "dialects/ics/*.ics")
NODE = "ical-recurrence/jens-maus+node-ical/test/fixtures"
RECURRING = (
    "ical-recurrence/niccokunzmann+python-recurring-ical-events"
    "/recurring_ical_events/test/calendars"
)
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)


def read(path: Path) -> list[object]:
    document = Held(path=None, url="https://x.example/", data=path.read_bytes())
    return list(ICAL.read(document, SETTINGS))


def mapped(path: Path) -> Iterator[Entity | Problem | Rejected]:
    for raw in read(path):
        if isinstance(raw, Raw):
            try:
                yield from ICAL.map(raw, SETTINGS, Facts())
            except Rejected as rejected:
                yield rejected


def events(path: Path) -> dict[str, Event]:
    return {each.native_id: each for each in mapped(path) if isinstance(each, Event)}


def starts(event: Event) -> list[datetime]:
    return [
        each.when.starts for each in expand(event.when, event.recurrence, FIRST, LAST).occurrences
    ]


def test_no_calendar_crashes_and_few_events_are_lost(real_data: Path) -> None:
    paths = [path for folder in FOLDERS for path in real_data.glob(folder)]
    found, lost = 0, 0
    for path in paths:
        try:
            for each in mapped(path):
                found += isinstance(each, Event)
                lost += isinstance(each, Rejected)
        except Unreadable:
            continue
    assert len(paths) > 600
    assert found > 2_500
    assert lost < 80


def test_holidays_are_all_there_and_an_exact_twin_is_one(
    real_data: Path, expected: dict[tuple[str, str], Any]
) -> None:
    counted = {
        file: value - len(events(real_data / file))
        for (file, check), value in expected.items()
        if file.startswith("ical-german") and check == "vevent_blocks"
    }
    assert len(counted) > 50
    missing = {Path(file).name: count for file, count in counted.items() if count}
    twins = ("bremen_2021", "bremen_2022", "niedersachsen_2022")
    assert missing == {f"ferien_{name}.ics": 1 for name in twins}


def test_series_that_moves_for_good_goes_on_as_another(real_data: Path) -> None:
    first, second, third = events(real_data / RECURRING / "issue_75_range_parameter.ics").values()
    assert starts(first)[-1] == datetime(2024, 9, 11, 12, tzinfo=UTC)
    assert starts(second)[:2] == [
        datetime(2024, 9, 13, 9, tzinfo=UTC),
        datetime(2024, 9, 14, 6, tzinfo=UTC),
    ]
    assert datetime(2024, 9, 15, 17, tzinfo=UTC) in starts(second)
    assert starts(third)[:2] == [
        datetime(2024, 9, 22, 14, 22, tzinfo=UTC),
        datetime(2024, 9, 24, 14, 22, tzinfo=UTC),
    ]


def test_highest_sequence_of_a_change_wins(real_data: Path) -> None:
    (event,) = events(real_data / NODE / "recurrence-sequence.ics").values()
    assert event.recurrence is not None
    titles = {
        title for each in event.recurrence.overrides or () for title in (each.title or {}).values()
    }
    assert "Newer override (SEQUENCE 5) - should win" in titles
    assert not [title for title in titles if "should lose" in title]


def test_change_that_stands_before_its_series_belongs_to_it(real_data: Path) -> None:
    (event,) = events(real_data / NODE / "google-recurrence-order.ics").values()
    assert event.title == {"de": "TEST RECURR 3"}
    assert event.recurrence is not None
    assert event.recurrence.overrides


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("bad_ms_tz.ics", datetime(2020, 8, 25, 14, 35, tzinfo=UTC)),
        ("vtimezone-year-0001-dtstart.ics", datetime(2024, 6, 1, 8, tzinfo=UTC)),
    ],
)
def test_odd_zones_lead_to_the_right_instant(real_data: Path, name: str, begins: datetime) -> None:
    assert begins in {event.when.starts for event in events(real_data / NODE / name).values()}


def test_exchange_zone_of_its_own_is_the_zone_with_these_rules(real_data: Path) -> None:
    offsets = {
        event.when.starts.astimezone(UTC) - event.when.start.replace(tzinfo=UTC)
        for event in events(real_data / NODE / "exchange-custom-tz.ics").values()
        if isinstance(event.when.start, datetime)
    }
    assert {offset.total_seconds() / 3600 for offset in offsets} == {-7}


def test_week_of_days_lasts_a_week(real_data: Path) -> None:
    (event,) = events(real_data / NODE / "test_date_duration.ics").values()
    assert isinstance(event.when, Days)
    assert (event.when.start, event.when.end) == (date(2024, 2, 15), date(2024, 2, 22))
