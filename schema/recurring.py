"""Which occurrences does an event have? Pure; reads no clock.

Starts are counted as wall times in the event's zone and become instants last, so an evening stays
an evening across the change of the clocks. Every occurrence is as long as the event, by the wall
clock. Where a start falls into the hour that is skipped, it moves forward, and its end with it.

`removed` leaves out what the rule, `added` or the event itself gives; a date removes every start
of that day. An override is shown in any case, also where the series has no such occurrence: that
is how calendars state a single one that has left its series.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from heapq import merge
from itertools import islice
from typing import Final

from schema.entities import Override, Recurrence
from schema.rule_starts import CYCLE, last_start, starts_a_day, starts_of
from schema.rules import Rule, read_rule, refused, write_rule
from schema.when import Days, Start, Timed, instant, wall_of

MOST = 1_000
"""Occurrences of one event that are kept."""

NEVER: Final = "it names no date that exists"
"""Why a rule is refused that gives no start at all."""
MOST_COUNTED: Final = 10_000
"""A COUNT beyond it is no end: twenty-seven years of days."""
MOST_A_DAY: Final = 48
"""Starts in one day of a series with more than `MOST` occurrences: every half hour."""

_LEAST_DAYS: Final = {
    "YEARLY": 365,
    "MONTHLY": 28,
    "WEEKLY": 7,
    "DAILY": 1,
    "HOURLY": 1 / 24,
    "MINUTELY": 1 / 1_440,
    "SECONDLY": 1 / 86_400,
}
_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)
_SLACK: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One occurrence. `recurrence_id` is its original start; `when` is when it really is, `span`
    from which to which instant, and `override` says what else differs from the series."""

    recurrence_id: Start
    when: Timed | Days
    span: tuple[datetime, datetime]
    override: Override | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """Occurrences in the order of their original starts; `truncated`: there are more."""

    occurrences: tuple[Occurrence, ...]
    truncated: bool = False


def expand(
    when: Timed | Days,
    recurrence: Recurrence | None,
    after: datetime,
    before: datetime,
    most: int = MOST,
) -> Expansion:
    """Occurrences that overlap [after, before), both instants: cancelled ones too, for whoever
    shows them. One without length counts where it starts. Raises `Rejected` for a rule that
    `checked_rule` would refuse as no rule."""
    found = (
        occurrence
        for occurrence in _occurrences(when, recurrence or Recurrence(), after, before)
        if _overlaps(occurrence.span, after, before)
    )
    kept = tuple(islice(found, most + 1))
    return Expansion(occurrences=kept[:most], truncated=len(kept) > most)


def extent(when: Timed | Days, recurrence: Recurrence | None) -> tuple[datetime, datetime | None]:
    """First start and last end of all occurrences, in UTC; None: without end. What is removed is
    counted too, and an UNTIL that no occurrence reaches within 400 days is taken for one: the
    true extent is never wider."""
    if recurrence is None:
        return when.span
    whens = [when, *(recurrence.added or ())]
    whens += [override.when for override in recurrence.overrides or () if override.when]
    whens += [
        _at(when, _key(override.recurrence_id, when))
        for override in recurrence.overrides or ()
        if override.when is None
    ]
    spans = [each.span for each in whens]
    starts, ends = min(span[0] for span in spans), max(span[1] for span in spans)
    if recurrence.rule is None:
        return starts, ends
    rule = _rule(recurrence.rule, when)
    last = last_start(rule, _wall(when))
    if last is None:
        return starts, None
    return starts, max(ends, _at(when, _reached(rule, _wall(when), last)).ends)


def checked_rule(rule: str, when: Timed | Days) -> str:
    """An RRULE's value as a source wrote it → its canonical form, UNTIL in UTC or as a date.
    Raises `Rejected` (`event.rule_refused`) for what is no rule, or costs too much to follow."""
    value, start = _rule(rule, when), _wall(when)
    often = starts_a_day(value, start)
    if value.count is not None and value.count > MOST_COUNTED:
        if often > 1:
            raise refused(f"COUNT={value.count}")
        value = replace(value, count=None)
    if often > MOST_A_DAY and (_listed(value) or not _few(value, start)):
        raise refused(f"up to {often:,} times a day")
    if value.interval * _LEAST_DAYS[value.freq] > CYCLE * 366:
        raise refused(f"INTERVAL={value.interval} is longer than {CYCLE} years")
    if next(starts_of(replace(value, until=None), start, start), None) is None:
        raise refused(NEVER)
    return write_rule(_with_one_end(value, start), when.zone, all_day=when.all_day)


def _listed(rule: Rule) -> bool:
    """Whether every start of a day and more must be listed to know one (BYSETPOS)."""
    return bool(rule.bysetpos) and not rule.within_a_day


def _few(rule: Rule, start: datetime) -> bool:
    """Whether a rule ends after no more occurrences than are kept."""
    if rule.count is not None and rule.count <= MOST:
        return True
    until = None if rule.until is None else starts_of(rule, start, start)
    return until is not None and len(tuple(islice(until, MOST + 1))) <= MOST


def _with_one_end(rule: Rule, start: datetime) -> Rule:
    """Of COUNT and UNTIL the one that comes first (RFC 5545 allows only one)."""
    if rule.count is None or rule.until is None:
        return rule
    counted = last_start(replace(rule, until=None), start)
    if counted is not None and counted <= rule.until:
        return replace(rule, until=None)
    return replace(rule, count=None)


@lru_cache(maxsize=4_096)
def _read(rule: str, zone: str, *, all_day: bool) -> Rule:
    return read_rule(rule, zone, all_day=all_day)


def _rule(rule: str, when: Timed | Days) -> Rule:
    return _read(rule, when.zone, all_day=when.all_day)


def _reached(rule: Rule, start: datetime, last: datetime) -> datetime:
    """The last start that the rule really gives before its end, if it lies near it."""
    for days in (8, 40, 400):
        near = deque(
            starts_of(replace(rule, until=last), start, _moved(last, timedelta(days=-days))),
            maxlen=1,
        )
        if near:
            return near[0]
    return last


def _overlaps(span: tuple[datetime, datetime], after: datetime, before: datetime) -> bool:
    starts, ends = span
    return starts < before and (ends > after or starts == ends >= after)


def _occurrences(
    when: Timed | Days, recurrence: Recurrence, after: datetime, before: datetime
) -> Iterator[Occurrence]:
    """Every occurrence that may lie in the window, in the order of the original starts."""
    added = {_key(_id(each, when), when): each for each in recurrence.added or ()}
    overrides = {_key(each.recurrence_id, when): each for each in recurrence.overrides or ()}
    left_out = set(overrides) | {_key(each, when) for each in recurrence.removed or ()}
    days = _whole_days(recurrence.removed, when)
    own = (
        key
        for key in _starts(when, recurrence.rule, sorted(added), (after, before))
        if key not in left_out and key.date() not in days
    )
    for key in merge(own, sorted(overrides)):
        override = overrides.get(key)
        really = (override.when if override else None) or _as_added(added.get(key), key, when)
        original = _id(added[key], when) if key in added else _named(key, when)
        yield Occurrence(recurrence_id=original, when=really, span=really.span, override=override)


def _starts(
    when: Timed | Days,
    rule: str | None,
    added: list[datetime],
    window: tuple[datetime, datetime],
) -> Iterator[datetime]:
    """The starts of rule, `added` and the event itself, each once, in order."""
    start = _wall(when)
    given: Iterator[datetime] = iter(())
    if rule is not None:
        value = _rule(rule, when)
        first = _moved(_wall_of(window[0], when.zone), -_SLACK, -_length(when))
        last = _moved(_wall_of(window[1], when.zone), _SLACK)
        ends = last_start(value, start)
        value = replace(value, count=None, until=last if ends is None else min(ends, last))
        given = starts_of(value, start, first)
    previous = None
    for key in merge(given, sorted({start, *added})):
        if key != previous:
            yield key
        previous = key


def _whole_days(removed: tuple[Start, ...] | None, when: Timed | Days) -> set[date]:
    """The days whose starts are all removed: those named by a date in a series with hours."""
    if when.all_day:
        return set()
    return {each for each in removed or () if not isinstance(each, datetime)}


def _as_added(added: Timed | Days | None, key: datetime, when: Timed | Days) -> Timed | Days:
    """The occurrence at a start: what was added says itself how long it is, if it does."""
    if added is None:
        return _at(when, key)
    if added.end is not None or type(added) is not type(when):
        return added
    return _at(when.model_copy(update={"zone": added.zone}), _wall(added))


def _wall(when: Timed | Days) -> datetime:
    """The start as wall time; midnight for days."""
    return datetime.combine(when.start, time.min) if isinstance(when, Days) else when.start


def _key(named: Start, when: Timed | Days) -> datetime:
    """What names an occurrence → its start as wall time. A date in a series with hours means the
    one at the series' hour, a time in a series of days its day."""
    if isinstance(when, Days):
        return datetime.combine(named, time.min)
    if isinstance(named, datetime):
        return named
    return datetime.combine(named, when.start.time())


def _named(key: datetime, when: Timed | Days) -> Start:
    return key.date() if when.all_day else key


def _id(added: Timed | Days, when: Timed | Days) -> Start:
    """What names an added occurrence: its start, in the event's zone."""
    if isinstance(added, Days):
        return added.start
    if added.zone == when.zone:
        return added.start
    return wall_of(added.starts, when.zone)


def _at(when: Timed | Days, start: datetime) -> Timed | Days:
    """The event as it takes place at another start, as long by the wall clock."""
    if start == _wall(when):
        return when
    if isinstance(when, Days):
        day = start.date()
        end = None if when.end is None else day + (when.end - when.start)
        return Days(start=day, end=end, zone=when.zone)
    real = wall_of(instant(start, when.zone), when.zone)
    end = None if when.end is None else real + _length(when)
    return when.model_copy(update={"start": real, "end": end})  # checked with the event


def _length(when: Timed | Days) -> timedelta:
    """How long it is by the wall clock."""
    if isinstance(when, Days):
        return when.after - when.start
    return timedelta(0) if when.end is None else max(when.end - when.start, timedelta(0))


def _wall_of(moment: datetime, zone: str) -> datetime:
    """As `wall_of`; at the ends of the calendar the nearest wall time that can be told."""
    return wall_of(min(max(moment, _FIRST + _SLACK), _LAST - _SLACK), zone)


def _moved(wall: datetime, *by: timedelta) -> datetime:
    """A wall time moved, within the calendar."""
    for step in by:
        try:
            wall += step
        except OverflowError:
            wall = (_FIRST if step < timedelta(0) else _LAST).replace(tzinfo=None)
    return wall
