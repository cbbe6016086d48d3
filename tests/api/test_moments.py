"""When, in words: days with their names, spans, and how long ago."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from api.site.moments import ago, when_said

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (
            {"start": "2026-11-24T19:00:00+01:00", "end": "2026-11-24T21:00:00+01:00"},
            "Dienstag, 24. November, 19:00–21:00 Uhr",
        ),
        ({"start": "2027-01-02T09:30:00+01:00"}, "Samstag, 2. Januar 2027, 09:30 Uhr"),
        (
            {"start": "2026-11-24T22:00:00+01:00", "end": "2026-11-25T02:00:00+01:00"},
            "Dienstag, 24. November, 22:00–02:00 Uhr",
        ),
        (
            {"start": "2026-11-24T19:00:00+01:00", "end": "2026-11-26T12:00:00+01:00"},
            "Dienstag, 24. November, 19:00 Uhr bis Donnerstag, 26. November, 12:00 Uhr",
        ),
        ({"start": "2026-11-24", "all_day": True}, "Dienstag, 24. November, ganztägig"),
        (
            {"start": "2026-11-24", "end": "2026-11-27", "all_day": True},
            "Dienstag, 24. November bis Donnerstag, 26. November",
        ),
        (
            {"start": "2026-11-24T19:00:00+00:00", "zone": "Europe/Lisbon"},
            "Dienstag, 24. November, 19:00 Uhr (Europe/Lisbon)",
        ),
    ],
)
def test_a_time_is_said_with_its_day(when: dict[str, Any], said: str) -> None:
    full = {"zone": "Europe/Berlin", **when}
    found = when_said(full, TODAY, "Europe/Berlin", "de")
    assert found.replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(
    ("passed", "german", "english"),
    [
        (timedelta(seconds=20), "gerade eben", "just now"),
        (timedelta(minutes=1), "vor einer Minute", "a minute ago"),
        (timedelta(minutes=119), "vor 119 Minuten", "119 minutes ago"),
        (timedelta(hours=2), "vor 2 Stunden", "2 hours ago"),
        (timedelta(hours=50), "vor 2 Tagen", "2 days ago"),
        (timedelta(days=60), None, None),
    ],
)
def test_how_long_ago(passed: timedelta, german: str | None, english: str | None) -> None:
    assert ago(NOW - passed, NOW, "de") == german
    assert ago(NOW - passed, NOW, "en") == english
