"""The text of a rule of repetition (RFC 5545, 3.3.10) as a value, and back. Pure.

Reads what real calendars write (lower case, spaces, a `;` at the end, parts named X-…) and writes
one canonical form. Knows nothing of which starts a rule gives: that is `rule_starts`.
"""

import re
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, datetime, time
from typing import Final

from schema.problems import Problem, Rejected
from schema.when import instant, wall_of

FREQUENCIES: Final = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST: Final = 2_500
"""Characters of a rule: every day of a year can be listed."""

ENDLESS: Final = "-1"
"""A COUNT that some producers write where they mean none."""

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_DAY: Final = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL: Final = re.compile(r"([0-9]{8})(?:T([0-9]{6}))?(Z?)")
_WHOLE_DAY: Final = (time(0, 0, 0), time(23, 59, 59))

_RANGES: Final[dict[str, tuple[int, int, bool]]] = {
    "BYMONTH": (1, 12, False),
    "BYWEEKNO": (1, 53, True),
    "BYYEARDAY": (1, 366, True),
    "BYMONTHDAY": (1, 31, True),
    "BYHOUR": (0, 23, False),
    "BYMINUTE": (0, 59, False),
    "BYSECOND": (0, 60, False),
    "BYSETPOS": (1, 366, True),
}
"""BY-part → its lowest and highest number, and whether it may count from the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule. `until` is the last possible start, a naive wall time in the event's zone; `byday`
    holds (position or 0, weekday from Monday = 0)."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    bymonth: tuple[int, ...] = ()
    byweekno: tuple[int, ...] = ()
    byyearday: tuple[int, ...] = ()
    bymonthday: tuple[int, ...] = ()
    byday: tuple[tuple[int, int], ...] = ()
    byhour: tuple[int, ...] = ()
    byminute: tuple[int, ...] = ()
    bysecond: tuple[int, ...] = ()
    bysetpos: tuple[int, ...] = ()
    wkst: int = 0

    @property
    def names_days(self) -> bool:
        """Whether the rule itself says which days it means (else its start does)."""
        return bool(self.byweekno or self.byyearday or self.bymonthday or self.byday)

    @property
    def within_a_day(self) -> bool:
        """Whether it counts in hours, minutes or seconds."""
        return self.freq in FREQUENCIES[4:]


def refused(why: str) -> Rejected:
    """The refusal of a rule, with the reason in words."""
    return Rejected(Problem("event.rule_refused", "recurrence.rule", why))


def read_rule(text: str, zone: str, *, all_day: bool) -> Rule:
    """A rule's text as a source wrote it → its value. UNTIL may be an instant, a wall time in
    `zone`, or a date, which is meant with its whole day. Raises `Rejected`."""
    if len(text) > LONGEST:
        raise refused(f"longer than {LONGEST:,} characters")
    parts = _parts(text)
    lists = {name: _numbers(name, parts.get(name, "")) for name in _RANGES}
    freq = _freq(parts)
    rule = Rule(
        freq=freq,
        interval=_positive("INTERVAL", parts.get("INTERVAL", "")) or 1,
        count=_positive("COUNT", "" if parts.get("COUNT") == ENDLESS else parts.get("COUNT", "")),
        until=_until(parts.get("UNTIL", ""), zone, all_day=all_day),
        bymonth=lists["BYMONTH"],
        byweekno=lists["BYWEEKNO"],
        byyearday=lists["BYYEARDAY"],
        bymonthday=lists["BYMONTHDAY"],
        byday=_days(parts.get("BYDAY", ""), positions=_has_positions(freq, lists["BYWEEKNO"])),
        byhour=lists["BYHOUR"],
        byminute=lists["BYMINUTE"],
        bysecond=tuple(sorted({min(second, 59) for second in lists["BYSECOND"]})),
        bysetpos=lists["BYSETPOS"],
        wkst=_weekday(parts.get("WKST", "")),
    )
    return _without_hours(rule) if all_day else rule


def write_rule(rule: Rule, zone: str, *, all_day: bool) -> str:
    """The canonical text of a rule; UNTIL is an instant in UTC, or a date for whole days."""
    parts = [f"FREQ={rule.freq}"]
    if rule.interval != 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    if rule.until is not None:
        parts.append(f"UNTIL={_until_text(rule.until, zone, all_day=all_day)}")
    for name in ("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY"):
        parts += _list(name, rule)
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS"):
        parts += _list(name, rule)
    if rule.wkst:
        parts.append(f"WKST={WEEKDAYS[rule.wkst]}")
    return ";".join(parts)


def _parts(text: str) -> dict[str, str]:
    """`NAME=value` apart; the first of a name counts. What is empty, X-… or unknown is left out."""
    found: dict[str, str] = {}
    for part in "".join(text.split()).upper().removeprefix("RRULE:").split(";"):
        name, is_said, value = part.partition("=")
        if part and not is_said:
            raise refused(f"“{part[:20]}” is no part of a rule")
        found.setdefault(name, value.strip(","))
    if found.get("RSCALE", "GREGORIAN") != "GREGORIAN":
        raise refused("it counts by another calendar than the Gregorian (RSCALE)")
    if found.get("SKIP", "OMIT") != "OMIT":
        raise refused("it moves dates that do not exist (SKIP)")
    return found


def _freq(parts: dict[str, str]) -> str:
    freq = parts.get("FREQ", "")
    if freq not in FREQUENCIES:
        raise refused(f"FREQ={freq[:20]}" if freq else "it does not say how often (FREQ)")
    return freq


def _positive(name: str, value: str) -> int | None:
    if not value:
        return None
    if not _NUMBER.fullmatch(value) or int(value) < 1:
        raise refused(f"{name}={value[:20]}")
    return int(value)


def _numbers(name: str, value: str) -> tuple[int, ...]:
    """A BY-part's numbers, each once and in order."""
    low, high, from_end = _RANGES[name]
    found = set()
    for said in filter(None, value.split(",")):
        number = int(said) if _NUMBER.fullmatch(said) else None
        size = number if number is None or not from_end else abs(number)
        if number is None or size is None or not low <= size <= high:
            raise refused(f"{name}={said[:20]}")
        found.add(number)
    return tuple(sorted(found))


def _has_positions(freq: str, byweekno: tuple[int, ...]) -> bool:
    """A weekday's position means something in a month, or in a year without weeks."""
    return freq == "MONTHLY" or (freq == "YEARLY" and not byweekno)


def _days(value: str, *, positions: bool) -> tuple[tuple[int, int], ...]:
    """BYDAY. A position is left out where it means nothing, a day at position 0 where it would."""
    found = set()
    for said in filter(None, value.split(",")):
        match = _DAY.fullmatch(said)
        if match is None or (match[1] and abs(int(match[1])) > 53):
            raise refused(f"BYDAY={said[:20]}")
        position = int(match[1]) if match[1] and positions else 0
        if not match[1] or not positions or position:
            found.add((position, WEEKDAYS.index(match[2])))
    if value and not found:
        raise refused(f"BYDAY={value[:20]}")
    return tuple(sorted(found))


def _weekday(value: str) -> int:
    if not value:
        return 0
    if value not in WEEKDAYS:
        raise refused(f"WKST={value[:20]}")
    return WEEKDAYS.index(value)


def _until(value: str, zone: str, *, all_day: bool) -> datetime | None:
    """UNTIL as wall time. For whole days an instant at a day's edge names the day it says, any
    other the day it is in `zone`."""
    if not value:
        return None
    match = _UNTIL.fullmatch(value)
    if match is None:
        raise refused(f"UNTIL={value[:20]}")
    try:
        day = datetime.fromisoformat(match[1])
        edge = "000000" if match[3] else "235959"
        said = datetime.fromisoformat(f"{match[1]}T{match[2] or edge}")
        wall = wall_of(said.replace(tzinfo=UTC), zone) if match[3] else said
    except (ValueError, OverflowError):
        raise refused(f"UNTIL={value[:20]}") from None
    if all_day:
        return day if said.time() in _WHOLE_DAY else datetime.combine(wall, time.min)
    return wall


def _until_text(until: datetime, zone: str, *, all_day: bool) -> str:
    if all_day:
        return until.date().isoformat().replace("-", "")
    try:
        moment = instant(until, zone)
    except OverflowError:
        moment = datetime(MAXYEAR, 12, 31, 23, 59, 59, tzinfo=UTC)
    return f"{moment:%Y%m%dT%H%M%SZ}".rjust(len("20260329T190000Z"), "0")


def _list(name: str, rule: Rule) -> list[str]:
    values = getattr(rule, name.lower())
    if name == "BYDAY":
        values = [f"{position or ''}{WEEKDAYS[weekday]}" for position, weekday in values]
    return [f"{name}={','.join(map(str, values))}"] if values else []


def _without_hours(rule: Rule) -> Rule:
    """The rule of something that takes whole days."""
    if rule.within_a_day:
        raise refused(f"FREQ={rule.freq} for whole days")
    return replace(rule, byhour=(), byminute=(), bysecond=())
