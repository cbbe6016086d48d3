"""Does a calendar's entry take place when others say? Comparisons of recurrence.

Policy where upstreams disagree (the data's README): the DTSTART is an occurrence though its rule
leaves it out; instants count; a time that does not exist is later.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from benchmarks.scoreboard.cases import Case, Comparison, because
from benchmarks.scoreboard.moments import Moment, ends_at, is_at, moment, point, zone_named
from benchmarks.scoreboard.untitled import untitled
from benchmarks.scoreboard.verdicts import Unmet
from connectors.cleaning.announcements import announced
from schema.entities import Event
from schema.recurring import expand
from schema.when import Days, Timed

FIRST: Final = datetime(1, 1, 3, tzinfo=UTC)
LAST: Final = datetime(9990, 1, 1, tzinfo=UTC)
MOST: Final = 2_000
"""Occurrences of one event that are looked at."""
Window = Callable[[str], tuple[datetime, datetime]]
"""The zone of an event → the instants between which its occurrences are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An occurrence as a reader of a calendar sees it. `outside`: the event's own start."""

    when: Timed | Days
    title: str
    recurrence_id: date | datetime
    overridden: bool
    own: bool


def shown(events: Iterable[Event], window: Window, most: int = MOST) -> list[Shown]:
    """All occurrences in a window, sorted by their starts."""
    found = [each for event in events for each in _of(event, window, most)]
    return sorted(found, key=lambda each: (each.when.starts, each.title))


def _of(event: Event, window: Window, most: int) -> Iterable[Shown]:
    title = next(iter(event.title.values()), "")
    after, before = window(event.when.zone)
    for each in expand(event.when, event.recurrence, after, before, most).occurrences:
        other = each.override.title if each.override else None
        yield Shown(
            when=each.when,
            title=next(iter(other.values()), title) if other else title,
            recurrence_id=each.recurrence_id,
            overridden=each.override is not None,
            own=each.recurrence_id == event.when.start,
        )


def dated(case: Case) -> list[Event]:
    """The events of a calendar, also those that only lack a title."""
    return [*case.events, *untitled(case.reading)]


def everything(_: str) -> tuple[datetime, datetime]:
    """All time."""
    return FIRST, LAST


def between(start: Any, end: Any, zone: str | None = None) -> Window:
    """A window as a question names it: half-open, an empty one is a second long. Raises
    `ValueError` or `TypeError`."""
    first, last = moment(start), moment(end)

    def window(own: str) -> tuple[datetime, datetime]:
        after, before = point(first, zone or own), point(last, zone or own)
        return after, max(before, after + timedelta(seconds=1))

    return window


def starts_equal(case: Case, found: Sequence[Shown], said: Any) -> Unmet | None:
    """Compare with a list of starts; the own start outside the rule is one more."""
    expected = [moment(each) for each in said]
    zone = zone_named(case.expectation.args.get("tz"))
    missing = _missing(expected, found, zone)
    extra = _extra(expected, found, zone)
    policy = [each for each in extra if not each.own]
    if missing:
        return because(case.reading, _cause(case, "missing_occurrence"), f"{missing[0]}")
    if policy:
        cause = _cause_of_extra(case, policy, found)
        return because(case.reading, cause, f"{policy[0].when.start}")
    return None


def _missing(expected: list[Moment], found: Sequence[Shown], zone: str | None) -> list[Moment]:
    left = list(found)
    missing = []
    for each in expected:
        place = next((n for n, ours in enumerate(left) if is_at(each, ours.when, zone)), None)
        if place is None:
            missing.append(each)
        else:
            del left[place]
    return missing


def _extra(expected: list[Moment], found: Sequence[Shown], zone: str | None) -> list[Shown]:
    left = list(expected)
    extra = []
    for ours in found:
        place = next((n for n, each in enumerate(left) if is_at(each, ours.when, zone)), None)
        if place is None:
            extra.append(ours)
        else:
            del left[place]
    return extra


KNOWN: Final[tuple[tuple[str, Callable[[str], bool]], ...]] = (
    ("byweekno_without_byday", lambda r: "BYWEEKNO=" in r and "BYDAY=" not in r),
    (
        "bymonthday_without_bymonth",
        lambda r: "FREQ=YEARLY" in r and "BYMONTHDAY=" in r and "BYMONTH=" not in r,
    ),
)
"""Rules that upstreams read differently; ours are read as the recurrence library does."""


def _cause(case: Case, cause: str) -> str:
    """The cause, or the known difference that explains it."""
    for name, holds in KNOWN:
        if any(holds(event.recurrence.rule or "") for event in case.events if event.recurrence):
            return f"known_difference:{name}"
    return cause


def _cause_of_extra(case: Case, extra: Sequence[Shown], found: Sequence[Shown]) -> str:
    """Why there is an occurrence too many: a start outside its rule may or may not count."""
    rules = [event.recurrence.rule or "" for event in case.events if event.recurrence]
    counted = any("COUNT=" in rule and ";BY" in rule for rule in rules)
    if counted and len(extra) == 1 and extra[0] is found[-1]:
        return "known_difference:count_and_a_start_outside_its_rule"
    return _cause(case, "extra_occurrence")


def occurrences_all(case: Case) -> Unmet | None:
    """`value`: all starts."""
    return starts_equal(case, shown(dated(case), everything), case.value)


def occurrences_first_n(case: Case) -> Unmet | None:
    """`value`: the first starts; there may be more."""
    found = shown(dated(case), everything, len(case.value) + 50)
    expected = [moment(each) for each in case.value]
    if not expected:
        return starts_equal(case, found, case.value)
    zone = zone_named(case.expectation.args.get("tz"))
    last = [ours.when.starts for ours in found if is_at(expected[-1], ours.when, zone)]
    kept = [ours for ours in found if not last or ours.when.starts <= last[0]]
    return starts_equal(case, kept, case.value)


def occurrence_starts_between(case: Case) -> Unmet | None:
    """`args`: start, end, perhaps event_index; `value`: starts in that window."""
    args = case.expectation.args
    found = [
        each
        for each in shown(dated(case), between(args["start"], args["end"]))
        if each.when.starts >= between(args["start"], args["end"])(each.when.zone)[0]
    ]
    return starts_equal(case, found, case.value)


def occurrence_count_and_points(case: Case) -> Unmet | None:
    """`value`: how many there are, and the starts at some places of the order. Several series of
    points for one file (told by an index that does not rise) are those of several variants."""
    found = shown(dated(case), everything)
    count = case.value.get("count")
    outside = [each for each in found if each.own]
    if count is not None and len(found) not in (count, count + len(outside)):
        return because(case.reading, _cause(case, "wrong_count"), f"{len(found)} for {count}")
    for each in _first_series(case.value["points"]):
        place, zone = each["index"], zone_named(each.get("tz"))
        at = [found[n].when for n in (place, place + len(found) - (count or 0)) if n < len(found)]
        if not any(is_at(moment(each["start"]), when, zone) for when in at):
            return because(case.reading, _cause(case, "wrong_start"), f"{each} is {at[:1]}")
    return None


def _first_series(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for each in points:
        if kept and each["index"] <= kept[-1]["index"]:
            break
        kept.append(each)
    return kept


def events_equal(case: Case, found: Sequence[Shown], zone: str | None) -> Unmet | None:
    """`value`: how many, and [start, end, summary] of each; None for events that are not named."""
    count, events = case.value.get("count"), case.value.get("events")
    if count is not None and len(found) != count:
        return because(case.reading, _cause(case, "wrong_count"), f"{len(found)} for {count}")
    left = list(found)
    for start, end, title in events or ():
        at = [ours for ours in left if is_at(moment(start), ours.when, zone)]
        if not at:
            return because(case.reading, _cause(case, "missing_occurrence"), f"{start} {title}")
        right = [ours for ours in at if same_title(title, ours.title)]
        if not right:
            return Unmet("wrong_title", f"{title!r} is {at[0].title!r}")
        exact = [o for o in right if end is None or ends_at(moment(end), o.when, zone)]
        if not exact:
            return Unmet("wrong_end", f"{start} {end} is {right[0].when}")
        left.remove(exact[0])
    return None


def same_title(expected: str | None, ours: str) -> bool:
    """Whether a title is the expected one, but for white space and a word such as "abgesagt:",
    which is told by the status. An event without one is shown under a title of ours."""
    if expected in (None, "", "None"):
        return True
    said, found = " ".join(str(expected).split()), " ".join(ours.split())
    return found in (said, " ".join(announced(said)[1].split()))


def occurrences_between(case: Case) -> Unmet | None:
    """`args`: start and end, half-open; where the note says so, a date as end counts whole."""
    args = case.expectation.args
    end, zone = args["end"], zone_named(args.get("tzinfo"))
    window = between(args["start"], end, zone)
    if "widens" in str(args.get("note", "")) and not isinstance(moment(end), datetime):
        day = moment(end)
        assert not isinstance(day, datetime)
        window = between(args["start"], (day + timedelta(days=1)).isoformat(), zone)
    return events_equal(case, shown(dated(case), window), zone)


def occurrences_query(case: Case) -> Unmet | None:
    """`args`: a method (all, count, between, at, after) with its raw arguments."""
    args = case.expectation.args
    window = _asked(str(args.get("method")), args.get("raw") or [])
    if window is None:
        return Unmet("unknown_question", str(args.get("method")))
    return events_equal(case, shown(dated(case), window), None)


def _asked(method: str, raw: list[Any]) -> Window | None:
    if method in ("all", "count"):
        return everything
    if method == "between":
        return between(_raw(raw[0]), _raw(raw[1]))
    if method == "after":
        return between(_raw(raw[0]), LAST.isoformat())
    return None


def _raw(said: Any) -> str:
    """An argument of a query: a text, numbers, or {"v": …}."""
    if isinstance(said, dict):
        return str(said["v"])
    if isinstance(said, list):
        year, month, day, *clock = [*said, 1, 1][: max(3, len(said))]
        hour, minute, second = [*clock, 0, 0, 0][:3]
        return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
    return str(said)


def expanded_events(case: Case) -> Unmet | None:
    """`args`: start, end; `value`: events, each with start, end, summary, recurrence_id."""
    args = case.expectation.args
    zone = zone_named(args.get("floating_tz"))
    found = shown(dated(case), between(args["start"], args["end"], zone))
    if len(found) != len(case.value):
        return because(case.reading, "wrong_count", f"{len(found)} for {len(case.value)}")
    for each in case.value:
        at = [ours for ours in found if is_at(moment(each["start"]), ours.when, zone)]
        if not at:
            return because(case.reading, "missing_occurrence", str(each["start"]))
        if not any(same_title(each.get("summary"), ours.title) for ours in at):
            return Unmet("wrong_title", str(each.get("summary")))
        end = each.get("end")
        if end is not None and not any(ends_at(moment(end), ours.when, zone) for ours in at):
            return Unmet("wrong_end", str(end))
    return None


def rrule_invalid(case: Case) -> Unmet | None:
    """`value`: whether the rule is none. A refused rule costs its event, or at least is said."""
    reading = case.reading
    told = reading.count("event.rule_refused") + reading.count("event.broken_property")
    if case.value is not True or told or reading.refusals or reading.failure:
        return None
    return Unmet("rule_accepted", str([e.recurrence and e.recurrence.rule for e in case.events]))


def iterate_events_result(case: Case) -> Unmet | None:
    """`value`: the events a calendar's timeline shows, in order."""
    found = shown(dated(case), everything, len(case.value) + 1)
    if not case.value:
        return because(case.reading, "extra_occurrence") if found else None
    for each in case.value:
        start = each.get("start") or each.get("dtstart") if isinstance(each, dict) else each[0]
        if not any(is_at(moment(start), ours.when) for ours in found):
            return because(case.reading, "missing_occurrence", str(start))
    return None


COMPARISONS: Final[dict[str, Comparison]] = {
    "occurrences_all": occurrences_all,
    "occurrences_first_n": occurrences_first_n,
    "occurrence_starts_between": occurrence_starts_between,
    "occurrence_count_and_points": occurrence_count_and_points,
    "occurrences_between": occurrences_between,
    "occurrences_query": occurrences_query,
    "expanded_events": expanded_events,
    "rrule_invalid": rrule_invalid,
    "iterate_events_result": iterate_events_result,
}
