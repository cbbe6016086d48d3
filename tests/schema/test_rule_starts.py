"""The starts of a rule, against dateutil's own iteration."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice, takewhile

from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.rule_starts import starts_of
from schema.rules import FREQUENCIES, Rule, read_rule, write_rule

ZONE = "Europe/Berlin"
LATE = st.integers(0, 30 * 366 * 24 * 60).map(
    lambda minutes: datetime.fromisoformat("9960-01-01") + timedelta(minutes=minutes)
)
"""Near the end of the calendar: dateutil follows a rule that gives nothing until there."""
DAYS = LATE.map(lambda at: at.replace(year=at.year - 8_000, day=min(at.day, 28)))


def numbers(low: int, high: int, *, signed: bool = False) -> st.SearchStrategy[tuple[int, ...]]:
    one = st.integers(low, high)
    if signed:
        one = one | st.integers(-high, -low)
    return st.lists(one, max_size=4, unique=True).map(lambda found: tuple(sorted(found)))


WEEKDAYS = st.lists(st.integers(0, 6), max_size=4, unique=True).map(
    lambda found: tuple((0, day) for day in sorted(found))
)
"""Never both in one rule: dateutil takes "MO,2TU" for what is both, others for either."""
PLACED = st.lists(
    st.tuples(st.sampled_from((1, 2, 4, 5, -1, -2)), st.integers(0, 6)),
    max_size=3,
    unique=True,
).map(lambda found: tuple(sorted(found)))


@st.composite
def rules(draw: st.DrawFn, freqs: tuple[str, ...] = FREQUENCIES[:4]) -> Rule:
    freq = draw(st.sampled_from(freqs))
    often = freq in ("YEARLY", "MONTHLY")

    def maybe(strategy: st.SearchStrategy[tuple[int, ...]]) -> tuple[int, ...]:
        return draw(st.just(()) | st.just(()) | strategy)

    return Rule(
        freq=freq,
        interval=draw(st.sampled_from((1, 1, 2, 3, 5, 13))),
        bymonth=maybe(numbers(1, 12)),
        byyearday=maybe(numbers(1, 366, signed=True)) if freq == "YEARLY" else (),
        bymonthday=maybe(numbers(1, 31, signed=True)),
        byday=draw(st.one_of(WEEKDAYS, PLACED) if often else WEEKDAYS),
        byhour=maybe(numbers(0, 23)),
        byminute=maybe(numbers(0, 59)),
        wkst=draw(st.sampled_from((0, 0, 6, 2))),
    )


def before_the_end(starts: Iterable[datetime]) -> list[datetime]:
    """The first starts but for the calendar's last year, where dateutil may run over the edge."""
    found: list[datetime] = []
    with suppress(ValueError):
        found.extend(islice(takewhile(lambda at: at.year < 9999, starts), 300))
    return found


@given(rules(), LATE)
@settings(max_examples=150, deadline=None)
def test_a_rule_gives_the_starts_that_dateutil_gives(rule: Rule, start: datetime) -> None:
    theirs = rrulestr(write_rule(rule, "UTC", all_day=False), dtstart=start)
    assert before_the_end(starts_of(rule, start, start)) == before_the_end(theirs)


@given(rules(), DAYS, st.integers(0, 20_000))
@settings(max_examples=100, deadline=None)
def test_looking_from_later_on_gives_the_rest_of_the_same_starts(
    rule: Rule, start: datetime, days: int
) -> None:
    after, until = start + timedelta(days=days), start + timedelta(days=days + 800)
    naive = [
        at for at in takewhile(lambda at: at <= until, starts_of(rule, start, start)) if at >= after
    ]
    later = list(takewhile(lambda at: at <= until, starts_of(rule, start, after)))
    assert later == naive


@given(rules(FREQUENCIES), DAYS)
@settings(max_examples=100, deadline=None)
def test_a_rule_is_read_back_from_its_own_text(rule: Rule, start: datetime) -> None:
    text = write_rule(rule, ZONE, all_day=False)
    assert read_rule(text, ZONE, all_day=False) == rule
    assert read_rule(f" rrule:{text.lower()}; ", ZONE, all_day=False) == rule
