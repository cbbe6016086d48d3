"""When, in words, in each language of the pages: days, spans, and how long ago. Pure; told what
now is. Times are wall times of the place they belong to.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from api.site.dates import dated, timed, weekday_of
from api.site.words import words_in

ONE_DAY: Final = timedelta(days=1)
ONE_NIGHT: Final = timedelta(hours=18)
"""What is over sooner says hours only, also when it ends after midnight."""
MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
_AGO: Final[Mapping[str, tuple[tuple[int, int, str, str], ...]]] = {
    "de": (
        (2 * HOUR, MINUTE, "vor einer Minute", "vor {} Minuten"),
        (2 * DAY, HOUR, "vor einer Stunde", "vor {} Stunden"),
        (60 * DAY, DAY, "vor einem Tag", "vor {} Tagen"),
    ),
    "en": (
        (2 * HOUR, MINUTE, "a minute ago", "{} minutes ago"),
        (2 * DAY, HOUR, "an hour ago", "{} hours ago"),
        (60 * DAY, DAY, "a day ago", "{} days ago"),
    ),
}
"""Language → below how many seconds, the seconds of a unit, and what is said of one and more."""


def ago(moment: datetime, now: datetime, language: str) -> str | None:
    """How long ago an instant was (both aware); None where that is better said by its date."""
    seconds = (now - moment).total_seconds()
    if seconds < MINUTE:
        return words_in(language)["just_now"]
    for below, unit, one, many in _AGO[language]:
        if seconds < below:
            n = int(seconds // unit)
            return one if n == 1 else many.format(n)
    return None


def day_said(day: date, today: date, language: str) -> str:
    """A day with the name of its day of the week: "Dienstag, 24. November"."""
    return f"{weekday_of(day, language)}, {dated(day, today, language)}"


def when_said(when: Mapping[str, Any], today: date, zone: str, language: str) -> str:
    """A document's `when` → days and hours. A time in another zone than `zone` names that."""
    if when.get("all_day"):
        first = date.fromisoformat(when["start"])
        last = date.fromisoformat(when["end"]) - ONE_DAY if "end" in when else first
        if last <= first:
            return f"{day_said(first, today, language)}, {words_in(language)['all_day']}"
        return _span(day_said(first, today, language), day_said(last, today, language), language)
    start, end = wall_of(when["start"]), wall_of(when["end"]) if "end" in when else None
    foreign = f" ({when['zone']})" if when["zone"] != zone else ""
    return _hours(start, end, today, language) + foreign


def _hours(start: datetime, end: datetime | None, today: date, language: str) -> str:
    first = day_said(start.date(), today, language)
    if end is None or end - start <= ONE_NIGHT:
        return f"{first}, {timed(start, end, language)}"
    last = f"{day_said(end.date(), today, language)}, {timed(end, None, language)}"
    return _span(f"{first}, {timed(start, None, language)}", last, language)


def _span(first: str, last: str, language: str) -> str:
    return f"{first} {words_in(language)['until']} {last}"


def wall_of(text: str) -> datetime:
    """An instant with offset or a whole day, as documents have them → the wall time of its
    place."""
    return datetime.fromisoformat(text).replace(tzinfo=None)
