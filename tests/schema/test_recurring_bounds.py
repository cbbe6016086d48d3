"""What a rule may cost, and which rules are refused."""

import gc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from time import thread_time

import pytest

from schema.entities import Recurrence
from schema.problems import Rejected
from schema.recurring import MOST, checked_rule, expand, extent
from schema.when import Days, Timed

HOURS = ",".join(map(str, range(24)))
SIXTY = ",".join(map(str, range(60)))
YEAR = ",".join(map(str, range(1, 367)))
EVENING = Timed(
    start=datetime.fromisoformat("2026-03-02T19:00"),
    end=datetime.fromisoformat("2026-03-02T21:00"),
    zone="Europe/Berlin",
)
LONG_AGO = Timed(start=datetime.fromisoformat("1970-01-01T01:00"), zone="Europe/Berlin")
WHOLE_DAY = Days(start=date(2026, 3, 2), zone="Europe/Berlin")

NEVER = (
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31",
    "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
    "FREQ=MONTHLY;BYDAY=1TH;BYSETPOS=2",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=24",
    "FREQ=YEARLY;BYMONTHDAY=15,16,17,18,19,20,21;BYDAY=1MO",
    "FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=100",
    "FREQ=DAILY;BYSETPOS=2",
    "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
    "FREQ=HOURLY;BYSETPOS=-2;BYMONTH=2",
    "FREQ=MINUTELY;INTERVAL=60;BYMINUTE=1,2,3,4,5,6,7,8,9,10",
    "FREQ=SECONDLY;INTERVAL=86400;BYHOUR=3",
    "FREQ=SECONDLY;INTERVAL=3600;BYSECOND=1,3,5,7,9,11,13",
)
TOO_OFTEN = (
    "FREQ=SECONDLY",
    "FREQ=SECONDLY;INTERVAL=7",
    "FREQ=SECONDLY;COUNT=999999999",
    "FREQ=SECONDLY;UNTIL=99991231T000000Z",
    "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MINUTELY",
    "FREQ=MINUTELY;UNTIL=20270101T000000Z",
    "FREQ=MINUTELY;UNTIL=20270101T000000Z;BYSETPOS=2",
    "FREQ=HOURLY;COUNT=10001",
    f"FREQ=YEARLY;BYHOUR={HOURS};BYMINUTE={SIXTY};BYSECOND={SIXTY};BYDAY=MO,TU,WE,TH,FR,SA,SU",
    f"FREQ=DAILY;BYHOUR={HOURS};BYMINUTE=0,15,30,45",
)
NO_RULE = (
    "",
    "weekly",
    "FREQ=FORTNIGHTLY",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=DAILY;INTERVAL=999999999",
    "FREQ=YEARLY;INTERVAL=999999999",
    "FREQ=DAILY;COUNT=-2",
    "FREQ=DAILY;COUNT=" + "9" * 400,
    "FREQ=DAILY;UNTIL=20261340",
    "FREQ=DAILY;UNTIL=tomorrow",
    "FREQ=YEARLY;BYMONTH=13",
    "FREQ=SECONDLY;BYHOUR=25",
    "FREQ=MONTHLY;BYDAY=XX",
    "FREQ=WEEKLY;WKST=XX",
    "FREQ=YEARLY;RSCALE=CHINESE",
    "FREQ=YEARLY;BYYEARDAY=" + "1," * 3_000,
)
HEAVY = (
    "FREQ=DAILY",
    "FREQ=HOURLY",
    "FREQ=DAILY;COUNT=1000000000",
    "FREQ=DAILY;COUNT=10000",
    "FREQ=MONTHLY;COUNT=10000",
    "FREQ=YEARLY;COUNT=10000;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=3;BYDAY=MO",
    f"FREQ=YEARLY;BYYEARDAY={YEAR};BYHOUR={HOURS}",
    f"FREQ=DAILY;BYHOUR={HOURS};BYMINUTE=0,30",
    "FREQ=SECONDLY;BYHOUR=1;BYMINUTE=0;BYSECOND=0",
    "FREQ=SECONDLY;COUNT=1000",
    "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16",
)
WINDOWS = (
    (datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)),
    (datetime(1900, 1, 1, tzinfo=UTC), datetime(9990, 1, 1, tzinfo=UTC)),
    (datetime(9000, 1, 1, tzinfo=UTC), datetime(9000, 1, 2, tzinfo=UTC)),
)
LONGEST = 2.0
"""Seconds of computing for one step, on a machine that does much else; 0.05 alone. Only this
thread counts, and none of the tidying of memory that other tests left to be done."""


@pytest.fixture(autouse=True)
def untidied() -> Iterator[None]:
    """No collection of garbage while seconds are counted."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("rule", NEVER + TOO_OFTEN + NO_RULE)
def test_a_rule_that_is_none_or_costs_too_much_is_refused_soon(rule: str) -> None:
    for when in (EVENING, LONG_AGO):
        began = thread_time()
        with pytest.raises(Rejected) as refusal:
            checked_rule(rule, when)
        assert refusal.value.problem.code == "event.rule_refused"
        assert refusal.value.problem.message
        assert thread_time() - began < LONGEST


@pytest.mark.parametrize("rule", HEAVY)
def test_a_heavy_rule_gives_what_is_kept_and_no_more_work(rule: str) -> None:
    for when in (EVENING, LONG_AGO):
        recurrence = Recurrence(rule=checked_rule(rule, when))
        for window in WINDOWS:
            began = thread_time()
            found = expand(when, recurrence, *window)
            extent(when, recurrence)
            assert thread_time() - began < LONGEST
            assert len(found.occurrences) <= MOST


def test_what_is_more_than_kept_is_said() -> None:
    found = expand(EVENING, Recurrence(rule="FREQ=DAILY"), *WINDOWS[1])
    assert len(found.occurrences) == MOST
    assert found.truncated


def test_whole_days_have_no_hours() -> None:
    with pytest.raises(Rejected):
        checked_rule("FREQ=HOURLY", WHOLE_DAY)
    assert checked_rule("FREQ=DAILY;BYHOUR=9,10;UNTIL=20260401T215959Z", WHOLE_DAY) == (
        "FREQ=DAILY;UNTIL=20260401"
    )


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("freq=weekly;byday=mo, tu ;", "FREQ=WEEKLY;BYDAY=MO,TU"),
        ("RRULE:FREQ=MONTHLY;BYDAY=+1MO", "FREQ=MONTHLY;BYDAY=1MO"),
        ("FREQ=WEEKLY;BYDAY=2MO", "FREQ=WEEKLY;BYDAY=MO"),
        ("FREQ=DAILY;X-WEEKS=3;INTERVAL=1", "FREQ=DAILY"),
        ("FREQ=DAILY;UNTIL=20260401", "FREQ=DAILY;UNTIL=20260401T215959Z"),
        ("FREQ=DAILY;COUNT=-1;UNTIL=20260401", "FREQ=DAILY;UNTIL=20260401T215959Z"),
        ("FREQ=DAILY;UNTIL=20260401T190000", "FREQ=DAILY;UNTIL=20260401T170000Z"),
        ("FREQ=DAILY;UNTIL=20260401T170000Z;COUNT=3", "FREQ=DAILY;COUNT=3"),
        ("FREQ=DAILY;UNTIL=20260303T180000Z;COUNT=3", "FREQ=DAILY;UNTIL=20260303T180000Z"),
        ("FREQ=DAILY;COUNT=1000000000", "FREQ=DAILY"),
        ("FREQ=DAILY;UNTIL=20260401Z", "FREQ=DAILY;UNTIL=20260401T000000Z"),
        ("FREQ=YEARLY;BYWEEKNO=10;BYDAY=1MO", "FREQ=YEARLY;BYWEEKNO=10;BYDAY=MO"),
        ("FREQ=MONTHLY;BYDAY=0MO,SA", "FREQ=MONTHLY;BYDAY=SA"),
        ("FREQ=WEEKLY;WKST=SU;BYDAY=SU;INTERVAL=2", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU"),
        ("FREQ=MINUTELY;COUNT=90", "FREQ=MINUTELY;COUNT=90"),
    ],
)
def test_a_rule_as_calendars_write_it_gets_one_form(said: str, read: str) -> None:
    assert checked_rule(said, EVENING) == read
    assert checked_rule(read, EVENING) == read
