"""A date in a title or a text: `Dienstag, 3. März 2026 | 19.00 - 21.00 Uhr`. Pure; no clock.

Found are one day, or one span of days, and one time, or one span of times, near it. Several dates
or several times, a weekday that does not fit its date, a day that does not exist: nobody can say
what is meant, so nothing is said but why. A date without a year counts only where a day is known
after which the text was written: it is then the first such day that lies not more than `BEFORE`
days before it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from connectors.cleaning.calendarwords import MONTHS, WEEKDAYS, weekday
from connectors.cleaning.dates import FIRST_YEAR, LAST_YEAR, year_of
from schema import Days, Timed

BEFORE: Final = 31
"""Days that a date without a year may lie before the day on which it was written."""
LOOKED_AT: Final = 20_000
"""Characters of a text that are looked at."""
NEAR: Final = 60
"""Characters around a date in which a time belongs to it."""


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first, told apart by their first letter."""
    by_letter: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        by_letter.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())


_MONTH: Final = _any_of(MONTHS)
_DAY_NAME: Final = _any_of(WEEKDAYS)
_TO: Final = r"\s?(?:[-–—/]|bis(?:\szum)?|to|until|till|t/m|tot(?:\sen\smet)?|até|iki)\s?"
_YEAR: Final = r"(?:\d{4}|'?\d\d)(?![\d:.]\d|\s?(?:Uhr|h\b|Euro|€)|\d)"
_DATE: Final = re.compile(
    r"(?<![\w/])(?:"
    r"(?P<iso>\d{4}-\d\d-\d\d)(?=T\d\d:\d\d|(?!\w))T?"
    rf"|(?:(?P<from>\d\d?)\.?(?P<joint>{_TO}|\s?(?:und|and|en|e|ir|&|\+)\s?))?"
    rf"(?P<day>\d\d?)(?:\.\s?(?P<month>\d\d?)(?:\.(?:\s?(?P<year>{_YEAR}))?(?!\d)"
    r"|\.(?P<long>\d{4})(?!\d))"
    rf"|(?:\.|st|nd|rd|th)?\s?(?:de\s)?(?P<name>[^\W\d_]{{3,12}})(?!\w)\.?,?"
    rf"(?:\s?(?:de\s)?(?P<behind>{_YEAR}))?"
    r"|(?P<line>[-/])(?P<second>\d\d?)(?P=line)(?P<last>\d{4}|\d\d)(?!\w))"
    rf"|(?P<first>{_MONTH})(?!\w)\.?\s(?P<number>\d\d?)(?:st|nd|rd|th)?(?:,?\s(?P<then>\d{{4}}))?"
    rf"(?![\w:])"
    rf"|(?P<whole>\d{{4}})\s?m\.\s(?P<named>{_MONTH})(?!\w)\.?\s(?P<numbered>\d\d?)\sd\."
    r")",
    re.IGNORECASE,
)
_HOUR: Final = r"(?:[01]?\d|2[0-4])"
_UNIT: Final = r"\s?(?P<{}>Uhr|h\b|hrs?\b|uur|u\b|a\.?m\b\.?|p\.?m\b\.?|val\.)"
_TIME: Final = re.compile(
    rf"(?<![\d.,:/-])(?P<h1>{_HOUR})(?:(?P<sep>[:.h])(?P<m1>[0-5]\d))?(?!\d|[.:]\d)"
    rf"(?:{_UNIT.format('u1')})?"
    rf"(?:{_TO}(?P<h2>{_HOUR})(?:[:.h](?P<m2>[0-5]\d))?(?![\d]|[.:]\d)"
    rf"(?:{_UNIT.format('u2')})?)?(?!\.\s?\d|\.?\s?(?:{_MONTH})\b)",
    re.IGNORECASE,
)
_WEEKDAY: Final = re.compile(rf"(?<!\w)(?P<name>{_DAY_NAME})\.?[\s,]{{0,3}}$", re.IGNORECASE)
_ENDING: Final = re.compile(
    rf"(?<!\w)(?:bis|spätestens|until|till|by|tot|até|iki)(?:\s(?:zum|und\smit|en\smet))?\s"
    rf"(?:(?:{_DAY_NAME})\.?,?\s)?(?:dem\s)?$",
    re.IGNORECASE,
)
_SPAN: Final = re.compile(
    rf"[\s,|(]{{0,3}}{_TO}(?:(?:{_DAY_NAME})\.?[\s,]{{0,3}})?(?:dem\s)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says: `when`, and `at`, where the date stands in it; or `why` it says nothing."""

    when: Timed | Days | None = None
    at: tuple[int, int] | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class _Day:
    """A date in a text: day and month, the year where it stands there, the first day of its span
    (`since`), and where it stands."""

    day: int
    month: int
    year: int | None
    since: int | None
    at: tuple[int, int]
    why: str | None = None

    @property
    def possible(self) -> bool:
        """Whether it is more than numbers with points between them."""
        return 1 <= self.day <= 31 and 1 <= self.month <= 12


def date_in(text: str, zone: str, written: date | None = None) -> Said:
    """A text → the one date in it, in wall time of `zone`. `written`: the day it is known to have
    been written, for dates without a year."""
    text = text[:LOOKED_AT]
    days = [day for found in _DATE.finditer(text) if (day := _day(found)).possible]
    if not days:
        return Said(why="no date in it")
    if _ENDING.search(text[max(days[0].at[0] - NEAR, 0) : days[0].at[0]]):
        return Said(why="only until when, not from when")
    dates: list[tuple[date, date]] = []
    for number, day in enumerate(days):
        following = next((each.year for each in days[number:] if each.year), None)
        span, why = _dated(day, following, written)
        if why or not span:
            return Said(why=why)
        dates.append(span)
    for day, (_, last) in zip(days, dates, strict=True):
        said = _WEEKDAY.search(text[max(day.at[0] - 20, 0) : day.at[0]])
        if said and day.since is None and weekday(said["name"]) != last.weekday():
            return Said(why=f"{said['name']} and the date do not fit")
    return _composed(text, days, dates, zone)


def _day(found: re.Match[str]) -> _Day:
    """What stands in the text, in whichever form."""
    said, at = found.groupdict(), found.span()
    if said["iso"]:
        read = said["iso"].split("-")
        return _Day(int(read[2]), int(read[1]), int(read[0]), None, at)
    if said["first"]:
        year = said["then"]
        return _Day(int(said["number"]), MONTHS[said["first"].lower()], _year(year), None, at)
    if said["whole"]:
        month = MONTHS[said["named"].lower()]
        return _Day(int(said["numbered"]), month, int(said["whole"]), None, at)
    since = int(said["from"]) if said["from"] else None
    day = int(said["day"])
    if since is not None and said["joint"].strip().isalpha() and not _SPAN.fullmatch(said["joint"]):
        why = None if day == since + 1 else "several dates"
    else:
        why = None
    if said["line"]:
        month = int(said["second"])
        if said["line"] == "/" and day <= 12 and month <= 12 and day != month:
            why = "day and month could change places"
        return _Day(day, month, _year(said["last"]), since, at, why)
    month = MONTHS.get(said["name"].lower(), 0) if said["name"] else int(said["month"])
    return _Day(day, month, _year(said["year"] or said["long"] or said["behind"]), since, at, why)


def _year(text: str | None) -> int | None:
    return year_of(text.lstrip("'")) if text else None


def _dated(
    day: _Day, following: int | None, written: date | None
) -> tuple[tuple[date, date] | None, str | None]:
    """A day in a text → its first and last date, or why there are none."""
    if day.why:
        return None, day.why
    try:
        if day.year or following:
            last = date(day.year or following or 0, day.month, day.day)
        elif written is None:
            return None, "a date without a year"
        else:
            last = _after(day, written)
        first = last.replace(day=day.since) if day.since else last
    except ValueError:
        return None, "a day that does not exist"
    if not FIRST_YEAR <= last.year <= LAST_YEAR:
        return None, "a year that nobody plans for"
    return ((first, last), None) if first <= last else (None, "a span that ends before it starts")


def _after(day: _Day, written: date) -> date:
    """The first such day from `BEFORE` days before `written` on. Raises `ValueError`."""
    earliest = written - timedelta(days=BEFORE)
    for year in (earliest.year, earliest.year + 1):
        if (day.month, day.day) == (2, 29) and year % 4:
            continue
        found = date(year, day.month, day.day)
        if found >= earliest:
            return found
    raise ValueError("no such day near it")


def _composed(
    text: str, days: Sequence[_Day], dates: Sequence[tuple[date, date]], zone: str
) -> Said:
    """One date, or two that are the ends of a span, and the times beside them."""
    if len(set(dates)) == 1:
        return _with_times(text, days[:1], dates[0], zone)
    if len(days) != 2:
        return Said(why="several dates")
    between = text[days[0].at[1] : days[1].at[0]]
    times = list(_TIME.finditer(between))
    bare = between
    for found in times:
        bare = bare.replace(found[0], "")
    if not _SPAN.fullmatch(bare.replace("Uhr", "").replace("  ", " ")):
        return Said(why="several dates")
    first, last = dates[0][0], dates[1][1]
    if days[0].year is None and first > last:
        first = first.replace(year=first.year - 1)
    if first > last:
        return Said(why="a span that ends before it starts")
    return _with_times(text, days, (first, last), zone)


def _with_times(text: str, days: Sequence[_Day], span: tuple[date, date], zone: str) -> Said:
    at = (days[0].at[0], days[-1].at[1])
    first, last = span
    times, why = _times(text, days)
    if why:
        return Said(why=why)
    if first != last:
        if len(times) == 2 and len(days) == 2:
            start, end = datetime.combine(first, times[0]), datetime.combine(last, times[1])
            return Said(Timed(start=start, end=end, zone=zone), at)
        return Said(Days(start=first, end=last + timedelta(days=1), zone=zone), at)
    if not times:
        return Said(Days(start=first, zone=zone), at)
    return Said(_timed(first, times, zone), at)


def _timed(day: date, times: Sequence[time], zone: str) -> Timed:
    """A day and one or two times on it; the second may lie behind midnight."""
    start = datetime.combine(day, times[0])
    if len(times) == 1 or times[0] == times[1]:
        return Timed(start=start, zone=zone)
    after = timedelta(days=1 if times[1] < times[0] else 0)
    return Timed(start=start, end=datetime.combine(day, times[1]) + after, zone=zone)


def _times(text: str, days: Sequence[_Day]) -> tuple[list[time], str | None]:
    """The times beside one date, or one beside each end of a span; or why nobody can say."""
    if len(days) == 2:
        near = (text[days[0].at[1] : days[1].at[0]], text[days[1].at[1] : days[1].at[1] + NEAR])
        each = [_clocks(part) for part in near]
        if all(len(clocks) == 1 for clocks in each):
            return [clocks[0] for clocks in each], None
        return [], None
    start, end = days[0].at
    for part in (text[end : end + NEAR], text[max(start - NEAR, 0) : start]):
        found = _clocks(part)
        if len(found) > 2 or (len(found) == 2 and not _one_span(part)):
            return [], "several times"
        if found:
            return found, None
    return [], None


def _one_span(text: str) -> bool:
    return sum(1 for found in _TIME.finditer(text) if _is_time(found)) == 1


def _clocks(text: str) -> list[time]:
    """The times of day in a text, in their order."""
    clocks: list[time] = []
    for found in _TIME.finditer(text):
        if _is_time(found):
            unit = found["u1"] or found["u2"]
            clocks.append(_clock(found["h1"], found["m1"], unit))
            if found["h2"]:
                clocks.append(_clock(found["h2"], found["m2"], found["u2"] or found["u1"]))
    return clocks


def _is_time(found: re.Match[str]) -> bool:
    """Whether numbers are a time: with a unit, or written with a colon."""
    return bool(found["u1"] or found["u2"] or found["sep"] in (":", "h"))


def _clock(hour: str, minute: str | None, unit: str | None) -> time:
    number = int(hour)
    half = (unit or "").lower()[:1]
    if half in ("a", "p") and number <= 12:
        number = number % 12 + (12 if half == "p" else 0)
    return time(number % 24, int(minute or 0))
