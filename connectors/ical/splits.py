"""A series that changes from one occurrence on (RANGE=THISANDFUTURE) → two series. Pure.

RFC 5545, 3.2.13: what follows is moved by as much as the named occurrence. Where a rule cannot
say that (a Monday that moves to a Tuesday in a monthly rule), the dates are told one by one.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Final

from connectors.ical.recurrence import MOST_DATES
from connectors.ical.timing import Clock
from connectors.ical.values import written
from schema import Recurrence
from schema.recurring import MOST, expand
from schema.when import Days, Start, Timed, instant

_EVER: Final = datetime(1583, 1, 1, tzinfo=UTC)
_YEARS: Final = timedelta(days=3_653)
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BY_DATE: Final = frozenset({"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS"})
_BY_TIME: Final = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})


def ended(when: Timed | Days, recurrence: Recurrence, at: Start) -> Recurrence:
    """A series up to, but without, the occurrence that begins at a start."""
    rule = recurrence.rule
    return Recurrence(
        rule=None if rule is None else _until(rule, when, at),
        added=tuple(e for e in recurrence.added or () if _before(e.start, at)) or None,
        removed=tuple(e for e in recurrence.removed or () if _before(e, at)) or None,
    )


def continued(
    old: Timed | Days, recurrence: Recurrence, at: Start, new: Timed | Days, clock: Clock
) -> Recurrence | None:
    """The series from that occurrence on, moved to where that one was moved."""
    moved = _moment(new.start) - _moment(at)
    rule = None if recurrence.rule is None else _shifted(recurrence, old, at, moved)
    added = [e for e in recurrence.added or () if not _before(e.start, at)]
    removed = [e for e in recurrence.removed or () if not _before(e, at)]
    told = [] if rule or recurrence.rule is None else _dates(old, recurrence.rule, at, clock)
    starts = [_moment(each.start) + moved for each in (*added, *told)]
    listed = [_like(new, start) for start in starts if start != _moment(new.start)]
    return Recurrence(
        rule=rule,
        added=tuple(listed[:MOST_DATES]) or None,
        removed=tuple(_named(_moment(each) + moved, new) for each in removed) or None,
    )


def _moment(start: Start) -> datetime:
    return start if isinstance(start, datetime) else datetime.combine(start, time.min)


def _before(start: Start, at: Start) -> bool:
    """Whether one start lies before another; a mere day does where it is an earlier one."""
    if isinstance(start, datetime) and isinstance(at, datetime):
        return start < at
    return _moment(start).date() < _moment(at).date()


def _named(start: datetime, when: Timed | Days) -> Start:
    return start.date() if isinstance(when, Days) else start


def _like(when: Timed | Days, start: datetime) -> Timed | Days:
    """The event at another start."""
    if isinstance(when, Timed):
        return Timed(start=start, zone=when.zone)
    end = None if when.end is None else start.date() + (when.end - when.start)
    return Days(start=start.date(), end=end, zone=when.zone)


def _parts(rule: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in rule.split(";"))


def _text(parts: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _count_before(when: Timed | Days, rule: str, at: Start) -> int:
    """How many occurrences a rule has before a start."""
    end = instant(_moment(at), when.zone)
    found = expand(when, Recurrence(rule=rule), _EVER, end + timedelta(days=1), MOST)
    return sum(_before(each.recurrence_id, at) for each in found.occurrences)


def _until(rule: str, when: Timed | Days, at: Start) -> str:
    """A rule that ends before a start."""
    parts = _parts(rule)
    if isinstance(when, Days):
        last = f"{_moment(at) - timedelta(days=1):%Y%m%d}"
    else:
        last = f"{instant(_moment(at), when.zone) - timedelta(seconds=1):%Y%m%dT%H%M%SZ}"
    if "COUNT" in parts and int(parts["COUNT"]) <= _count_before(when, rule, at):
        return rule
    if "UNTIL" in parts and parts["UNTIL"] <= last:
        return rule
    parts.pop("COUNT", None)
    return _text({**parts, "UNTIL": last})


def _shifted(recurrence: Recurrence, old: Timed | Days, at: Start, moved: timedelta) -> str | None:
    """The rule of what follows; None where no rule says it."""
    assert recurrence.rule is not None
    parts = _parts(recurrence.rule)
    days = (_moment(at) + moved).date() - _moment(at).date()
    if moved and _BY_TIME & parts.keys():
        return None
    if days and _BY_DATE & parts.keys():
        if parts["FREQ"] != "WEEKLY" or _BY_DATE & parts.keys() != {"BYDAY"}:
            return None
        parts["BYDAY"] = ",".join(_turned(day, days.days) for day in parts["BYDAY"].split(","))
    if "COUNT" in parts:
        left = int(parts["COUNT"]) - _count_before(old, recurrence.rule, at)
        if left < 1:
            return None
        parts["COUNT"] = str(left)
    if "UNTIL" in parts:
        parts["UNTIL"] = _moved_until(parts["UNTIL"], moved)
    return _text(parts)


def _turned(day: str, days: int) -> str:
    return _WEEKDAYS[(_WEEKDAYS.index(day) + days) % 7] if day in _WEEKDAYS else day


def _moved_until(until: str, moved: timedelta) -> str:
    form = "%Y%m%dT%H%M%SZ" if "T" in until else "%Y%m%d"
    return (_moment(written(until).at) + moved).strftime(form)


def _dates(when: Timed | Days, rule: str, at: Start, clock: Clock) -> list[Timed | Days]:
    """The dates of a rule from a start on, ten years of them at most."""
    begin = instant(_moment(at), when.zone)
    found = expand(when, Recurrence(rule=rule), begin - timedelta(days=1), begin + _YEARS, MOST)
    if found.truncated or ("COUNT" not in rule and "UNTIL" not in rule):
        clock.note("event.rule_cut", "RECURRENCE-ID", "the next ten years are kept")
    return [each.when for each in found.occurrences if not _before(each.recurrence_id, at)]
