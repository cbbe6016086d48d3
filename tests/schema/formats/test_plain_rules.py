from datetime import UTC, datetime

import pytest

from schema.formats.ical import components
from schema.formats.plain_rules import is_plain
from schema.rules import read_rule
from tests.schema.formats.events import EDITION, EVENING, event, published, values


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=WEEKLY;BYDAY=MO,TH",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYMONTHDAY=15",
        "FREQ=MONTHLY;BYDAY=TH;BYSETPOS=3",
        "FREQ=YEARLY",
        "FREQ=YEARLY;BYMONTH=5;BYDAY=2SU",
        "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1",
    ],
)
def test_rules_as_calendar_programs_make_them_stay_rules(rule: str) -> None:
    assert is_plain(read_rule(rule, "UTC", all_day=False))
    (component,) = components(published(event(recurrence={"rule": f"{rule};COUNT=3"})), EDITION)
    assert len(values(component.ics, "RRULE")) == 1


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY;INTERVAL=7",
        "FREQ=DAILY;BYHOUR=9,15",
        "FREQ=DAILY;BYMONTHDAY=2,3",
        "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1",
        "FREQ=MONTHLY;BYDAY=MO,2TU",
        "FREQ=MONTHLY;BYMONTH=1,2,3;BYDAY=3WE",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;BYYEARDAY=100",
        "FREQ=YEARLY;BYMONTHDAY=29",
    ],
)
def test_rules_that_clients_read_differently_become_dates(rule: str) -> None:
    assert not is_plain(read_rule(rule, "UTC", all_day=False))
    (component,) = components(published(event(recurrence={"rule": f"{rule};COUNT=3"})), EDITION)
    assert values(component.ics, "RRULE") == []
    assert 3 <= len(values(component.ics, "RDATE")) <= 4


def test_without_an_end_they_stay_rules() -> None:
    series = event(recurrence={"rule": "FREQ=YEARLY;BYWEEKNO=20"})
    (component,) = components(published(series), EDITION)
    assert values(component.ics, "RRULE") == ["FREQ=YEARLY;BYWEEKNO=20"]


def test_too_many_dates_stay_a_rule() -> None:
    series = event(recurrence={"rule": "FREQ=HOURLY;COUNT=500"})
    (component,) = components(published(series), EDITION)
    assert values(component.ics, "RRULE") == ["FREQ=HOURLY;COUNT=500"]


def test_29_february_is_said_as_a_day_of_leap_years() -> None:
    start = datetime(2024, 2, 29, 19, tzinfo=UTC).replace(tzinfo=None).isoformat()
    leap = event(when={**EVENING, "start": start, "end": None}, recurrence={"rule": "FREQ=YEARLY"})
    (component,) = components(published(leap), EDITION)
    assert values(component.ics, "RRULE") == ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"]
