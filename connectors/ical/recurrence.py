"""How an event repeats: RRULE, RDATE, EXDATE and EXRULE of one component. Pure.

One rule is kept as it is. What no single rule can say (a second RRULE, an EXRULE) is told by its
dates, up to as many as are kept of any event.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Final, TypeVar

from pydantic import ValidationError

from connectors.ical.lines import Properties, Property, dated
from connectors.ical.timing import Clock, end_after
from connectors.ical.values import span, written
from schema import Recurrence, Rejected
from schema.recurring import MOST, NEVER, checked_rule, expand
from schema.when import Days, Start, Timed, wall_of

MOST_DATES: Final = 5_000
"""Dates that are added to a series, or left out of it."""
MOST_RULES: Final = 20
"""Rules of a series, and rules of what is left out of it."""
T = TypeVar("T")
_YEARS: Final = timedelta(days=3_653)
_EVER: Final = datetime(1583, 1, 1, tzinfo=UTC)


def recurrence_of(component: Properties, when: Timed | Days, clock: Clock) -> Recurrence | None:
    """How a component repeats, changed occurrences apart; None where it does not. Raises
    `Rejected` for a rule that is refused."""
    rules = rules_of(component, "RRULE", when, clock)
    added = [*_added(component, when, clock), *_further(rules[1:], when, clock)]
    removed = [*_removed(component, when, clock), *_excluded(component, rules, when, clock)]
    if not rules and not added:
        return None
    return Recurrence(
        rule=rules[0] if rules else None,
        added=_kept({each.start: each for each in added}.values(), "RDATE", clock),
        removed=_kept(dict.fromkeys(removed), "EXDATE", clock),
    )


def _kept(dates: Iterable[T], name: str, clock: Clock) -> tuple[T, ...] | None:
    """As many dates as are kept of any event; None where there is none."""
    found = tuple(islice(dates, MOST_DATES + 1))
    if len(found) > MOST_DATES:
        clock.note("event.rule_cut", name, f"the first {MOST_DATES} dates are kept")
    return found[:MOST_DATES] or None


def rules_of(component: Properties, name: str, when: Timed | Days, clock: Clock) -> list[str]:
    """The rules of a component, each once. Raises `Rejected`."""
    said = [each.value.strip().removeprefix("RRULE:") for each in component.all(name)]
    if len(said) > MOST_RULES:
        clock.note("event.rule_cut", name, f"the first {MOST_RULES} rules are kept")
    checked = (_checked(rule, when, clock) for rule in said[:MOST_RULES] if rule)
    return list(dict.fromkeys(rule for rule in checked if rule is not None))


def _checked(rule: str, when: Timed | Days, clock: Clock) -> str | None:
    """A rule in its canonical form; None for one that never comes true: what has it takes place
    once. Raises `Rejected`."""
    try:
        return checked_rule(rule, when)
    except Rejected as rejected:
        if rejected.problem.message != NEVER:
            raise
        clock.note("event.rule_refused", "RRULE", NEVER)
        return None


def _further(rules: list[str], when: Timed | Days, clock: Clock) -> list[Timed | Days]:
    """The dates of rules beyond the first."""
    return [each for rule in rules for each in dates_of(rule, when, clock) if each != when]


def dates_of(rule: str, when: Timed | Days, clock: Clock) -> list[Timed | Days]:
    """The dates of a rule, ten years of them at most."""
    found = expand(when, Recurrence(rule=rule), _EVER, when.starts + _YEARS, MOST)
    if found.truncated or ("COUNT" not in rule and "UNTIL" not in rule):
        clock.note("event.rule_cut", "RRULE", f"the first {len(found.occurrences)} are kept")
    return [each.when for each in found.occurrences]


def _excluded(
    component: Properties, rules: list[str], when: Timed | Days, clock: Clock
) -> list[Start]:
    """The starts that EXRULEs leave out."""
    return [
        each.start
        for rule in rules_of(component, "EXRULE", when, clock)
        for each in dates_of(rule, when, clock)
        if each != when or rule in rules
    ]


def _added(component: Properties, when: Timed | Days, clock: Clock) -> list[Timed | Days]:
    found: list[Timed | Days] = []
    for prop, value in islice(dated(component.all("RDATE")), MOST_DATES + 1):
        try:
            found.append(_added_one(prop, value, when, clock))
        except (ValueError, OverflowError, ValidationError):
            clock.note("event.broken_property", "RDATE", "a date is not readable")
    return found


def _added_one(prop: Property, value: str, when: Timed | Days, clock: Clock) -> Timed | Days:
    """One date of an RDATE, as long as the event unless it is a period."""
    if "/" not in value:
        start = start_of(prop, value, when, clock)
        if isinstance(when, Days):
            return Days(start=_day(start), end=_end_of_days(when, _day(start)), zone=when.zone)
        if not isinstance(start, datetime):
            start = datetime.combine(start, when.start.time())
        return Timed(start=start, zone=when.zone)
    period = span(value)
    start, zone = clock.place(prop, period.start, when.zone)
    if isinstance(when, Days):
        return Days(start=start.date(), end=_end_of_days(when, start.date()), zone=when.zone)
    if period.end is not None:
        return Timed(start=start, end=clock.place(prop, period.end, zone)[0], zone=zone)
    assert period.lasts is not None
    seconds = int(period.lasts.total_seconds())
    return Timed(start=start, end=end_after(start, zone, f"PT{seconds}S"), zone=zone)


def _end_of_days(when: Days, start: date) -> date | None:
    return None if when.end is None else start + (when.end - when.start)


def _removed(component: Properties, when: Timed | Days, clock: Clock) -> list[Start]:
    found: list[Start] = []
    for prop, value in islice(dated(component.all("EXDATE")), MOST_DATES + 1):
        try:
            found.append(start_of(prop, value.partition("/")[0], when, clock))
        except (ValueError, OverflowError):
            clock.note("event.broken_property", "EXDATE", "a date is not readable")
    return found


def start_of(prop: Property, value: str, when: Timed | Days, clock: Clock) -> Start:
    """A date that names an occurrence → its start in the zone of the event: a date for whole
    days; for others a wall time, or a date where the source names only the day."""
    said = written(value)
    if not isinstance(said.at, datetime):
        return said.at
    wall, zone = clock.place(prop, said, when.zone)
    if isinstance(when, Days):
        return wall.date() if not said.utc or wall.time() == time.min else said.at.date()
    if zone != when.zone:
        wall = wall_of(Timed(start=wall, zone=zone).starts, when.zone)
    return wall


def _day(start: Start) -> date:
    return start.date() if isinstance(start, datetime) else start
