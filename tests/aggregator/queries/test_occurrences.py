"""The documents of single occurrences: what is said of one alone."""

from typing import Any

import orjson
import pytest

from aggregator.queries.occurrences import occurrence_of, when_of

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
