"""Which starts does a rule of repetition give? Pure; works on naive wall times.

The days of a year that a rule's BY-parts name are found first (RFC 5545, 3.3.10: each part only
lets through or leaves out), then the frequency and its interval keep some of them. So the work
grows with the years that are looked at, never with what lies before them, and a rule that never
comes true ends after one cycle of the calendar (400 years).
"""

import calendar
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import MAXYEAR, date, datetime, time
from functools import lru_cache
from itertools import groupby, islice, product, starmap
from math import prod
from operator import contains, mul
from typing import Final

from schema.rules import Rule

CYCLE: Final = 400
"""Years after which the Gregorian calendar repeats, weekdays included."""

_IN_VAIN: Final = 40
"""Years without a start after which BYSETPOS names positions that no period has: all kinds of years
(lengths and first weekdays) come in fewer."""
_UNIT: Final = {"HOURLY": 3_600, "MINUTELY": 60, "SECONDLY": 1}
_SCALES: Final = {"HOURLY": (1,), "MINUTELY": (60, 1), "SECONDLY": (3_600, 60, 1)}
_LONGEST_PERIOD: Final = {"YEARLY": 366, "MONTHLY": 31, "WEEKLY": 7, "DAILY": 1}
"""Days."""
_A_DAY: Final = 86_400
_MINUTES: Final = 1_440
_WORK_OF_A_DAY: Final = 20
_MOST_WORK: Final = 20_000
"""Hours, minutes or seconds looked at in vain, after which a rule counts as over."""


def starts_of(rule: Rule, start: datetime, after: datetime) -> Iterator[datetime]:
    """The rule's starts from `after` on, in order, none before `start`. COUNT is not looked at
    (see `last_start`). Ends where the calendar does, at UNTIL, or after 400 years without any."""
    first = max(start, after)
    for found in _endless(_said(rule, start), start, first):
        if rule.until is not None and found > rule.until:
            return
        if found >= first:
            yield found


@lru_cache(maxsize=4_096)
def last_start(rule: Rule, start: datetime) -> datetime | None:
    """The start with which COUNT and UNTIL end the rule, or a time at which it is over; None: it
    never ends. A `start` that the rule does not give is not counted, as dateutil has it."""
    if rule.count is None:
        return rule.until
    counted = islice(starts_of(rule, start, start), rule.count - 1, None)
    return next(counted, rule.until)


def starts_a_day(rule: Rule, start: datetime) -> int:
    """How many starts one day may have: no fewer than it has."""
    if not rule.within_a_day:
        return len(_times(rule, start))
    hands, slots = _hands(rule, start), _A_DAY // _UNIT[rule.freq]
    inside = _inside(rule, hands)
    inside = min(inside, len(rule.bysetpos) or inside)
    if slots % rule.interval == 0 and slots // rule.interval <= _MINUTES:
        same_each_day = _met(rule, hands, _slots(rule, start, start.date()))
        return sum(1 for _ in same_each_day) * inside
    return min(slots // rule.interval + 1, _size(rule, hands)) * inside


def _said(rule: Rule, start: datetime) -> Rule:
    """The rule with what it leaves to its start said: day, month, weekday."""
    if rule.names_days or rule.within_a_day or rule.freq == "DAILY":
        return rule
    if rule.freq == "WEEKLY":
        return replace(rule, byday=((0, start.weekday()),))
    months = rule.bymonth or ((start.month,) if rule.freq == "YEARLY" else ())
    return replace(rule, bymonth=months, bymonthday=(start.day,))


def _endless(rule: Rule, start: datetime, first: datetime) -> Iterator[datetime]:
    """Every start from the period in which `first` lies on."""
    if rule.within_a_day:
        yield from _within_days(rule, start, first)
        return
    times, found_in = _times(rule, start), first.year
    for _, days in groupby(_kept_days(rule, start, first.date()), key=_period(rule)):
        if not rule.bysetpos:
            yield from starmap(datetime.combine, product(days, times))
            continue
        pairs = tuple(product(days, times))
        found = _at_positions(pairs, rule.bysetpos)
        found_in = pairs[0][0].year if found else found_in
        yield from found
        if pairs[0][0].year - found_in > _IN_VAIN * (rule.interval if rule.freq == "YEARLY" else 1):
            return


def _at_positions(pairs: tuple[tuple[date, time], ...], positions: Sequence[int]) -> list[datetime]:
    """Those of a period's starts that stand at the positions (BYSETPOS); none given: all."""
    if not positions:
        return [datetime.combine(*pair) for pair in pairs]
    size = len(pairs)
    wanted = {at - 1 if at > 0 else size + at for at in positions}
    return [datetime.combine(*pairs[at]) for at in sorted(wanted) if 0 <= at < size]


def _times(rule: Rule, start: datetime) -> tuple[time, ...]:
    """The times of day of a rule that counts in days or more."""
    return tuple(
        time(*hand)
        for hand in product(
            rule.byhour or (start.hour,),
            rule.byminute or (start.minute,),
            rule.bysecond or (start.second,),
        )
    )


def _period(rule: Rule) -> Callable[[date], int]:
    """What numbers a day's period: its year, month, week (from WKST on) or itself."""
    if rule.freq == "YEARLY":
        return lambda day: day.year
    if rule.freq == "MONTHLY":
        return lambda day: day.year * 12 + day.month
    if rule.freq == "WEEKLY":
        return lambda day: (day.toordinal() - 1 - rule.wkst) // 7
    return date.toordinal


def _kept_days(rule: Rule, start: datetime, first: date) -> Iterator[date]:
    """The days that BY-parts and interval keep, from the period of `first` on."""
    period, first_looked_at = _period(rule), max(first, start.date())
    origin, opening = period(start.date()), period(first_looked_at)
    earliest = first_looked_at.toordinal() - _LONGEST_PERIOD[rule.freq]
    barren = 0
    for year in range(_first_year(rule, first), MAXYEAR + 1):
        if rule.freq == "YEARLY" and (year - origin) % rule.interval:
            continue
        barren += 1
        ordinals = _ordinals(rule, year, origin)
        for ordinal in ordinals[bisect(ordinals, earliest) :]:
            day = date.fromordinal(ordinal)
            number = period(day)
            if number >= opening and (number - origin) % rule.interval == 0:
                barren = 0
                yield day
        if barren > CYCLE:
            return


def _ordinals(rule: Rule, year: int, origin: int) -> Sequence[int]:
    """The days of a year that BY-parts name; where they name none, only those of the interval."""
    days = _days_of_year(rule, year)
    if rule.freq == "DAILY" and isinstance(days, range):
        return range(days[0] + (origin - days[0]) % rule.interval, days[-1] + 1, rule.interval)
    return days


def _first_year(rule: Rule, first: date) -> int:
    """A week may begin in the year before."""
    early = rule.freq == "WEEKLY" and first.timetuple().tm_yday < 7
    return max(first.year - 1 if early else first.year, 1)


@lru_cache(maxsize=64)  # the same year is asked for several times while an event is made
def _days_of_year(rule: Rule, year: int) -> Sequence[int]:
    """The days (ordinals) of a year that every BY-part about days lets through, in order."""
    first = date(year, 1, 1).toordinal()
    length = 366 if calendar.isleap(year) else 365
    numbers: set[int] | None = None
    for named in _named(rule, year, first, length):
        numbers = named if numbers is None else numbers & named
        if not numbers:
            return []
    if numbers is None:
        return range(first, first + length)
    return [first + number - 1 for number in sorted(numbers)]


def _named(rule: Rule, year: int, first: int, length: int) -> Iterator[set[int]]:
    """For each BY-part the days (1 to 366) of the year that it names."""
    months = _months(length)
    if rule.byyearday:
        found = {day if day > 0 else length + 1 + day for day in rule.byyearday}
        yield {day for day in found if 1 <= day <= length}
    if rule.bymonth:
        yield {day for month in rule.bymonth for day in months[month - 1]}
    if rule.bymonthday:
        yield _month_days(rule, months)
    if rule.byweekno:
        yield _week_days(rule, year, first, length)
    if rule.byday:
        yield _weekdays(rule, months, first, length)


@lru_cache(maxsize=2)
def _months(length: int) -> tuple[range, ...]:
    """The days of a year month by month."""
    year, found, start = 2024 if length > 365 else 2023, [], 1
    for month in range(1, 13):
        days = calendar.monthrange(year, month)[1]
        found.append(range(start, start + days))
        start += days
    return tuple(found)


def _month_days(rule: Rule, months: tuple[range, ...]) -> set[int]:
    wanted = rule.bymonth or range(1, 13)
    return {
        days[day - 1 if day > 0 else day]
        for days in (months[month - 1] for month in wanted)
        for day in rule.bymonthday
        if abs(day) <= len(days)
    }


def _weekdays(rule: Rule, months: tuple[range, ...], first: int, length: int) -> set[int]:
    """BYDAY. A position counts within the month, or within the year where the rule is yearly and
    names no months."""
    spans = [range(1, length + 1)]
    if rule.freq == "MONTHLY":
        spans = list(months)
    elif rule.freq == "YEARLY" and rule.bymonth:
        spans = [months[month - 1] for month in rule.bymonth]
    found: set[int] = set()
    for position, weekday in rule.byday:
        for span in spans if position else (range(1, length + 1),):
            of_weekday = span[(weekday - (first + span[0] - 2) % 7) % 7 :: 7]
            if not position:
                found.update(of_weekday)
            elif abs(position) <= len(of_weekday):
                found.add(of_weekday[position - 1 if position > 0 else position])
    return found


def _week_days(rule: Rule, year: int, first: int, length: int) -> set[int]:
    """BYWEEKNO: week 1 is the first that has four days in its year (ISO 8601, with any WKST);
    a week's days in the neighbouring year are named there."""
    found: set[int] = set()
    for weeks_of in (year - 1, year, year + 1):
        if not 1 <= weeks_of < MAXYEAR:
            continue
        opening, following = _week_one(weeks_of, rule.wkst), _week_one(weeks_of + 1, rule.wkst)
        weeks = (following - opening) // 7
        for said in rule.byweekno:
            week = said if said > 0 else weeks + 1 + said
            if 1 <= week <= weeks:
                monday = opening + 7 * (week - 1) - first + 1
                found.update(range(monday, monday + 7))
    return {day for day in found if 1 <= day <= length}


@lru_cache(maxsize=2_048)
def _week_one(year: int, wkst: int) -> int:
    """The ordinal of the day on which a year's week 1 begins."""
    fourth = date(year, 1, 4).toordinal()
    return fourth - (fourth - 1 - wkst) % 7


def _within_days(rule: Rule, start: datetime, first: datetime) -> Iterator[datetime]:
    """The starts of a rule that counts in hours, minutes or seconds. Ends where its interval and
    its BY-parts do not meet for long."""
    work, hands = 0, _hands(rule, start)
    if rule.bysetpos and min(map(abs, rule.bysetpos)) > _inside(rule, hands):
        return
    for day in _kept_days(replace(rule, freq="DAILY", interval=1), start, first.date()):
        slots, found = _slots(rule, start, day), False
        if day == first.date():
            slots = slots[bisect(slots, _seconds(first) // _UNIT[rule.freq] - 1) :]
        for hand in _met(rule, hands, slots):
            times = starmap(time, product(*zip(hand), *hands[len(hand) :]))
            of_slot = _at_positions(tuple(product((day,), times)), rule.bysetpos)
            found = found or bool(of_slot)
            yield from of_slot
        work = 0 if found else work + _WORK_OF_A_DAY + min(len(slots), _size(rule, hands))
        if work > _MOST_WORK:
            return


def _hands(rule: Rule, start: datetime) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
    """The hours, minutes and seconds that a rule within the day may show."""
    any_minute = rule.freq != "HOURLY"
    return (
        rule.byhour or range(24),
        rule.byminute or (range(60) if any_minute else (start.minute,)),
        rule.bysecond or (range(60) if rule.freq == "SECONDLY" else (start.second,)),
    )


def _slots(rule: Rule, start: datetime, day: date) -> range:
    """The hours (minutes, seconds) of a day that the interval keeps, numbered from midnight."""
    unit = _UNIT[rule.freq]
    passed = (start.toordinal() - day.toordinal()) * _A_DAY + _seconds(start)
    return range(passed // unit % rule.interval, _A_DAY // unit, rule.interval)


def _seconds(wall: datetime) -> int:
    return wall.hour * 3_600 + wall.minute * 60 + wall.second


def _met(rule: Rule, hands: tuple[Sequence[int], ...], slots: range) -> Iterator[tuple[int, ...]]:
    """The (hour,), (hour, minute) or (hour, minute, second) that interval and BY-parts keep."""
    scales = _SCALES[rule.freq]
    depth = len(scales)
    if _size(rule, hands) <= len(slots):
        named = product(*hands[:depth])
        return (hand for hand in named if sum(map(mul, hand, scales)) in slots)
    split = (_split(slot, depth) for slot in slots)
    return (hand for hand in split if all(map(contains, hands, hand)))


def _split(slot: int, depth: int) -> tuple[int, ...]:
    """A number from midnight → (hour,), (hour, minute) or (hour, minute, second)."""
    found: tuple[int, ...] = ()
    for _ in range(depth - 1):
        slot, rest = divmod(slot, 60)
        found = (rest, *found)
    return (slot, *found)


def _inside(rule: Rule, hands: tuple[Sequence[int], ...]) -> int:
    """How many starts one hour (minute, second) of the rule has."""
    return prod(len(hand) for hand in hands[len(_SCALES[rule.freq]) :])


def _size(rule: Rule, hands: tuple[Sequence[int], ...]) -> int:
    return prod(len(hand) for hand in hands[: len(_SCALES[rule.freq])])
