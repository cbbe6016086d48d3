"""How an event repeats is said as people say it, or not at all."""

from datetime import date
from typing import Any

import pytest

from api.site.repeating import repeats

TODAY = date(2026, 11, 21)


def event(rule: str | None, start: str = "2026-11-24T19:00:00+01:00") -> dict[str, Any]:
    """An event on a Tuesday evening, with a rule."""
    recurrence = {} if rule is None else {"recurrence": {"rule": rule}}
    whole = {"all_day": True} if len(start) == 10 else {}
    return {"when": {"start": start, "zone": "Europe/Berlin", **whole}, **recurrence}


@pytest.mark.parametrize(
    ("rule", "german", "english"),
    [
        ("FREQ=DAILY", "täglich", "every day"),
        ("FREQ=DAILY;INTERVAL=3", "alle 3 Tage", "every 3 days"),
        ("FREQ=WEEKLY", "jeden Dienstag", "every Tuesday"),
        (
            "FREQ=WEEKLY;BYDAY=TH,TU",
            "jeden Dienstag und Donnerstag",
            "every Tuesday and Thursday",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR",
            "alle 2 Wochen am Montag, Mittwoch und Freitag",
            "every 2 weeks on Monday, Wednesday and Friday",
        ),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "montags bis freitags", "Monday to Friday"),
        (
            "FREQ=MONTHLY;BYDAY=1TU",
            "jeden ersten Dienstag im Monat",
            "on the first Tuesday of the month",
        ),
        (
            "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=-1",
            "jeden letzten Dienstag im Monat",
            "on the last Tuesday of the month",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYDAY=2MO",
            "alle 2 Monate am zweiten Montag im Monat",
            "every 2 months on the second Monday of the month",
        ),
        ("FREQ=MONTHLY", "jeden Monat am 24.", "every month on day 24"),
        ("FREQ=YEARLY", "jedes Jahr am 24. November", "every year on 24 November"),
        (
            "FREQ=WEEKLY;UNTIL=20261222T180000Z",
            "jeden Dienstag, bis 22. Dezember",
            "every Tuesday, until 22 December",
        ),
        ("FREQ=WEEKLY;COUNT=5", "jeden Dienstag, insgesamt 5-mal", "every Tuesday, 5 times"),
    ],
)
def test_plain_rules_are_said_in_plain_words(rule: str, german: str, english: str) -> None:
    assert repeats(event(rule), TODAY, "de") == german
    assert repeats(event(rule), TODAY, "en") == english


@pytest.mark.parametrize(
    "rule",
    [
        None,
        "FREQ=HOURLY",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=MONTHLY;BYDAY=1FR;BYMONTHDAY=3",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
        "FREQ=YEARLY;BYMONTH=5;BYDAY=1SU",
        "FREQ=DAILY;BYDAY=MO",
        "no rule",
    ],
)
def test_of_other_rules_nothing_is_said(rule: str | None) -> None:
    assert repeats(event(rule), TODAY, "de") is None


def test_whole_days_repeat_too() -> None:
    assert repeats(event("FREQ=WEEKLY", "2026-11-24"), TODAY, "de") == "jeden Dienstag"
