"""The documents of single occurrences: what is said of one alone."""

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from aggregator.occurrences import occurring as rows_of
from aggregator.queries.occurrences import COLUMNS, Walls, occurrence_of, occurring, when_of
from schema import Event
from schema.formats.json import document
from schema.when import Days, Timed
from tests.api.programme import published
from tests.api.seeding import EDITION, NOW

EVENING = {"start": "2026-11-20T19:00:00+01:00", "zone": "Europe/Berlin"}
DAY = {"start": "2026-11-20", "zone": "Europe/Berlin", "all_day": True}


def shown(when: dict[str, Any], recurrence_id: str, named: str) -> Any:
    """An occurrence of a series with an override that is called `named`."""
    overrides = [{"recurrence_id": named, "status": "cancelled", "title": {"de": "Fällt aus"}}]
    series = {"rule": "FREQ=DAILY", "overrides": overrides}
    event = {"title": {"de": "Treff"}, "status": "scheduled", "when": when, "recurrence": series}
    body, all_day = orjson.dumps(event), "all_day" in when
    own = when_of(recurrence_id, None, "Europe/Berlin", all_day=all_day)
    return orjson.loads(occurrence_of(body, recurrence_id, own))


@pytest.mark.parametrize(
    ("when", "recurrence_id", "named"),
    [
        (EVENING, "2026-11-27T19:00:00", "2026-11-27T19:00:00"),
        (EVENING, "2026-11-27T19:00:00", "2026-11-27"),
        (DAY, "2026-11-27", "2026-11-27"),
        (DAY, "2026-11-27", "2026-11-27T00:00:00"),
    ],
)
def test_an_override_names_an_occurrence_by_its_start_or_its_day(
    when: dict[str, Any], recurrence_id: str, named: str
) -> None:
    found = shown(when, recurrence_id, named)
    assert (found["status"], found["title"]) == ("cancelled", {"de": "Fällt aus"})
    assert found["recurrence_id"] == recurrence_id
    assert "recurrence" not in found


@pytest.mark.parametrize("named", ["2026-11-27T19:00:00", "2026-11-28", "2026-11-28T07:00:00"])
def test_another_occurrence_stays_as_the_series_says(named: str) -> None:
    assert shown(EVENING, "2026-11-28T18:00:00", named)["title"] == {"de": "Treff"}


HOURS = datetime.fromisoformat("2026-03-29T02:30:00")
"""In the hour that the spring skips."""
ONCE: tuple[Timed | Days, ...] = (
    Timed(start=HOURS, zone="Europe/Berlin"),
    Timed(start=HOURS, end=HOURS + timedelta(hours=3), zone="Europe/Berlin"),
    Timed(start=HOURS, end=HOURS, zone="America/New_York"),
    Days(start=HOURS.date(), zone="Europe/Berlin"),
    Days(start=HOURS.date(), end=HOURS.date() + timedelta(days=3), zone="Europe/Berlin"),
)


@pytest.mark.parametrize("when", ONCE)
def test_what_takes_place_once_is_the_event_with_a_name(when: Timed | Days) -> None:
    """The document is not parsed, and says the same as if it had been."""
    title = {"de": 'Die "recurrence": ein Abend'}
    event = Event.model_validate({"native_id": "a", "title": title, "when": when})
    said = document(published(1, event), EDITION)
    (row,) = rows_of(when, None, NOW).rows
    walls = Walls(*[row[column.name] for column in COLUMNS])
    start, end, zone, all_day = walls
    own = when_of(start, end, zone, all_day=all_day)
    found = occurring(said, row["recurrence_id"], walls)
    assert found.startswith(said[:-1])
    assert orjson.loads(found) == orjson.loads(occurrence_of(said, row["recurrence_id"], own))


def test_a_series_is_told_by_its_rule_whatever_its_texts_say() -> None:
    series = {"title": {"de": "Treff"}, "when": EVENING, "recurrence": {"rule": "FREQ=DAILY"}}
    walls = Walls("2026-11-27T19:00:00", None, "Europe/Berlin", False)
    found = orjson.loads(occurring(orjson.dumps(series), "2026-11-27T19:00:00", walls))
    assert found["when"]["start"] == "2026-11-27T19:00:00+01:00"
    assert "recurrence" not in found
