"""Which occurrences are kept as rows: a single one anywhere, recurring ones around now."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.occurrences import Occurring, occurring, span_of
from schema import Event
from tests.aggregator.making import all_day

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
BERLIN = {"zone": "Europe/Berlin"}


def kept(start: str, now: datetime = NOW, **more: Any) -> Occurring:
    when = {"start": start, **all_day(start), **BERLIN}
    fields = {"native_id": "1", "title": {"de": "Tag"}, "when": when, **more}
    event = Event.model_validate(fields)
    return occurring(event.when, event.recurrence, now)


def starts(found: Occurring) -> list[str]:
    return [row["wall_start"] for row in found.rows]


@pytest.mark.parametrize("start", ["1999-12-31T23:00:00", "2026-12-05T10:00:00", "2099-01-01"])
def test_a_single_event_keeps_its_one_row_wherever_it_lies(start: str) -> None:
    found = kept(start)
    assert (starts(found), found.truncated) == ([start], False)


def test_a_row_tells_wall_time_and_instant() -> None:
    when = {"start": "2026-07-01T19:00", "end": "2026-07-01T21:30", **BERLIN}
    [row] = kept("2026-07-01", when=when).rows
    assert row == {
        "recurrence_id": "2026-07-01T19:00:00",
        "starts": datetime(2026, 7, 1, 17, tzinfo=UTC),
        "ends": datetime(2026, 7, 1, 19, 30, tzinfo=UTC),
        "wall_start": "2026-07-01T19:00:00",
        "wall_end": "2026-07-01T21:30:00",
        "zone": "Europe/Berlin",
        "all_day": False,
        "status": None,
        "span": 1,
    }


@pytest.mark.parametrize(
    ("hours", "span"),
    [(0, 0), (0.5, 1), (6, 1), (6.5, 2), (24, 2), (25, 3), (24 * 1024, 7), (1e5, 8)],
)
def test_lengths_are_of_few_classes(hours: float, span: int) -> None:
    assert span_of(timedelta(hours=hours)) == span


def test_whole_days_are_dates() -> None:
    [row] = kept("2026-12-05").rows
    assert (row["recurrence_id"], row["wall_start"], row["wall_end"]) == (
        "2026-12-05", "2026-12-05", None,
    )  # fmt: skip
    assert row["ends"] == datetime(2026, 12, 5, 23, tzinfo=UTC)


def test_a_series_is_kept_from_31_days_back_to_two_years_ahead() -> None:
    found = kept("2020-01-01", recurrence={"rule": "FREQ=DAILY"})
    assert len(found.rows) == 31 + 731 + 1  # the first day began in UTC a day before
    assert starts(found)[0] == "2026-10-26"
    assert starts(found)[-1] == "2028-11-26"
    assert not found.truncated


def test_rows_are_the_same_all_day() -> None:
    weekly = {"rule": "FREQ=WEEKLY"}
    early, late = (NOW.replace(hour=hour, minute=minute) for hour, minute in ((0, 0), (23, 59)))
    morning = kept("2026-10-26T00:30", early, recurrence=weekly)
    assert morning == kept("2026-10-26T00:30", late, recurrence=weekly)


def test_a_series_outside_the_window_has_no_row() -> None:
    rule = "FREQ=WEEKLY;UNTIL=20200201T000000Z"
    assert starts(kept("2020-01-01T10:00", recurrence={"rule": rule})) == []
    assert starts(kept("2031-01-01T10:00", recurrence={"rule": "FREQ=WEEKLY"})) == []


def test_more_than_a_thousand_are_cut_and_said_to_be() -> None:
    found = kept("2026-11-26T00:00", recurrence={"rule": "FREQ=HOURLY;INTERVAL=6"})
    assert (len(found.rows), found.truncated) == (1000, True)


def test_a_moved_occurrence_goes_by_its_original_start_and_says_its_own_status() -> None:
    sunday = {"start": "2026-12-06", "all_day": True, **BERLIN}
    moved = {"recurrence_id": "2026-12-04", "when": sunday, "status": "cancelled"}
    rule = {"rule": "FREQ=WEEKLY;UNTIL=20261212", "overrides": [moved]}
    found = kept("2026-12-04", recurrence=rule)
    told = [(row["recurrence_id"], row["wall_start"], row["status"]) for row in found.rows]
    assert told == [
        ("2026-12-04", "2026-12-06", "cancelled"),
        ("2026-12-11", "2026-12-11", None),
    ]
