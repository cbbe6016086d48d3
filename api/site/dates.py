"""Days and times in words, in each language of the pages. Pure; the names stand here because a
machine's locale may not know the language."""

from datetime import date, datetime
from typing import Final

MONTHS: Final = {
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
        "Oktober", "November", "Dezember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
}  # fmt: skip
WEEKDAYS: Final = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
DATES: Final = {"de": "{day}. {month}", "en": "{day} {month}"}
TIMES: Final = {"de": "{}\u00a0Uhr", "en": "{}"}


def dated(day: date, today: date, language: str) -> str:
    """A day as "24. November", with its year where that is not today's."""
    said = DATES[language].format(day=day.day, month=MONTHS[language][day.month - 1])
    return said if day.year == today.year else f"{said} {day.year}"


def weekday_of(day: date, language: str) -> str:
    """The name of a day of the week."""
    return WEEKDAYS[language][day.weekday()]


def timed(start: datetime, end: datetime | None, language: str) -> str:
    """A time of day as "19:00 Uhr", or from one to another."""
    ends = (start, end) if end else (start,)
    return TIMES[language].format("–".join(f"{each:%H:%M}" for each in ends))
