"""How an event repeats, in words: "jeden Dienstag", "on the first Friday of the month". Pure.

Says only what people say of rules; of any other rule it says nothing, and the dates speak.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from api.site.dates import MONTHS, WEEKDAYS, dated
from api.site.moments import wall_of
from schema.formats.plain_rules import is_plain
from schema.problems import Rejected
from schema.rules import Rule, read_rule

LAST: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """How a language says it. Numbers of weekdays are first to fifth, the last one last."""

    every: Mapping[str, str]
    every_n: Mapping[str, str]
    on: str
    weekday: str
    workdays: str
    numbers: Sequence[str]
    numbered: str
    in_month: str
    day_of_month: str
    day_of_year: str
    until: str
    times: str
    join: str


_DE: Final = _Words(
    every={"DAILY": "täglich", "MONTHLY": "jeden Monat", "YEARLY": "jedes Jahr"},
    every_n={
        "DAILY": "alle {} Tage",
        "WEEKLY": "alle {} Wochen",
        "MONTHLY": "alle {} Monate",
        "YEARLY": "alle {} Jahre",
    },
    on="{} am {}",
    weekday="jeden {}",
    workdays="montags bis freitags",
    numbers=("ersten", "zweiten", "dritten", "vierten", "fünften", "letzten"),
    numbered="jeden {}",
    in_month="{} im Monat",
    day_of_month="{}.",
    day_of_year="{day}. {month}",
    until="{}, bis {}",
    times="{}, insgesamt {}-mal",
    join=" und ",
)
_EN: Final = _Words(
    every={"DAILY": "every day", "MONTHLY": "every month", "YEARLY": "every year"},
    every_n={
        "DAILY": "every {} days",
        "WEEKLY": "every {} weeks",
        "MONTHLY": "every {} months",
        "YEARLY": "every {} years",
    },
    on="{} on {}",
    weekday="every {}",
    workdays="Monday to Friday",
    numbers=("first", "second", "third", "fourth", "fifth", "last"),
    numbered="on {}",
    in_month="the {} of the month",
    day_of_month="day {}",
    day_of_year="{day} {month}",
    until="{}, until {}",
    times="{}, {} times",
    join=" and ",
)
_SPOKEN: Final = {"de": _DE, "en": _EN}
_WORKDAYS: Final = tuple((0, day) for day in range(5))


def repeats(document: Mapping[str, Any], today: date, language: str) -> str | None:
    """An event's document → how it repeats; None where it does not, or where no plain words say
    it."""
    text = document.get("recurrence", {}).get("rule")
    when = document["when"]
    if text is None:
        return None
    all_day = bool(when.get("all_day"))
    try:
        rule = read_rule(text, when["zone"], all_day=all_day)
    except Rejected:
        return None
    if not is_plain(rule):
        return None
    start = wall_of(when["start"]).date()
    said = _said(rule, start, _SPOKEN[language], language)
    return said and _ended(said, rule, today, language)


def _said(rule: Rule, start: date, words: _Words, language: str) -> str | None:
    match rule.freq:
        case "DAILY":
            return None if rule.byday else _every(rule, words)
        case "WEEKLY":
            return _weekly(rule, start, words, language)
        case "MONTHLY":
            return _monthly(rule, start, words, language)
        case _:
            return _yearly(rule, start, words, language)


def _every(rule: Rule, words: _Words) -> str:
    if rule.interval == 1:
        return words.every[rule.freq]
    return words.every_n[rule.freq].format(rule.interval)


def _weekly(rule: Rule, start: date, words: _Words, language: str) -> str:
    days = rule.byday or ((0, start.weekday()),)
    if rule.interval == 1 and tuple(sorted(days)) == _WORKDAYS:
        return words.workdays
    names = _joined([WEEKDAYS[language][day] for _, day in sorted(days)], words)
    if rule.interval == 1:
        return words.weekday.format(names)
    return words.on.format(_every(rule, words), names)


def _monthly(rule: Rule, start: date, words: _Words, language: str) -> str | None:
    if rule.byday:
        return _numbered(rule, words, language)
    days = rule.bymonthday or (start.day,)
    if rule.bysetpos or any(day < 1 for day in days):
        return None
    said = _joined([words.day_of_month.format(day) for day in sorted(days)], words)
    return words.on.format(_every(rule, words), said)


def _numbered(rule: Rule, words: _Words, language: str) -> str | None:
    """As "jeden ersten Dienstag im Monat"; with BYSETPOS only where one weekday is meant. Not
    where days of the month are named too: then it is only some of these."""
    if rule.bymonthday:
        return None
    days = rule.byday
    if rule.bysetpos:
        if len(days) != 1:
            return None
        days = tuple((position, days[0][1]) for position in rule.bysetpos)
    if any(position not in {LAST, 1, 2, 3, 4, 5} for position, _ in days):
        return None
    ranks = [
        f"{words.numbers[position - 1 if position > 0 else LAST]} {WEEKDAYS[language][day]}"
        for position, day in days
    ]
    said = words.in_month.format(_joined(ranks, words))
    if rule.interval == 1:
        return words.numbered.format(said)
    return words.on.format(_every(rule, words), said)


def _yearly(rule: Rule, start: date, words: _Words, language: str) -> str | None:
    if rule.byday or rule.bysetpos or len(rule.bymonth) > 1 or len(rule.bymonthday) > 1:
        return None
    month = rule.bymonth[0] if rule.bymonth else start.month
    day = rule.bymonthday[0] if rule.bymonthday else start.day
    if day < 1:
        return None
    said = words.day_of_year.format(day=day, month=MONTHS[language][month - 1])
    return words.on.format(_every(rule, words), said)


def _joined(names: Sequence[str], words: _Words) -> str:
    return words.join.join(filter(None, (", ".join(names[:-1]), names[-1])))


def _ended(said: str, rule: Rule, today: date, language: str) -> str:
    words = _SPOKEN[language]
    if rule.until is not None:
        return words.until.format(said, dated(rule.until.date(), today, language))
    return words.times.format(said, rule.count) if rule.count else said
