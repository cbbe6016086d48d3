from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from connectors.cleaning.dates import LONGEST, instant_of, moment, when
from schema import Days, Timed

BERLIN = "Europe/Berlin"


def east(hours: float) -> timezone:
    return timezone(timedelta(hours=hours))


def at(*parts: int, zone: timezone | None = None) -> datetime:
    year, month, day, hour, minute, second = (*parts, 0, 0, 0)[:6]
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-09-01T18:00:00+02:00", at(2026, 9, 1, 18, zone=east(2))),
        ("2026-09-01T18:00Z", at(2026, 9, 1, 18, zone=UTC)),
        ("2026-09-01T18:00:00.123456Z", at(2026, 9, 1, 18, zone=UTC)),
        ("2026-09-01t18:00:00z", at(2026, 9, 1, 18, zone=UTC)),
        ("2026-09-01 18:00:00 +0200", at(2026, 9, 1, 18, zone=east(2))),
        ("2026-09-01 18:00", at(2026, 9, 1, 18)),
        ("2026-9-1", date(2026, 9, 1)),
        ("2026/09/01 18:00", at(2026, 9, 1, 18)),
        ("20260901T180000Z", at(2026, 9, 1, 18, zone=UTC)),
        ("20260901T1800", at(2026, 9, 1, 18)),
        ("20260901", date(2026, 9, 1)),
        ("1788278400", at(2026, 9, 1, 16, zone=UTC)),
        ("Tue, 01 Sep 2026 18:00:00 +0200", at(2026, 9, 1, 18, zone=east(2))),
        ("Tue, 1 Sep 2026 18:00:00 GMT", at(2026, 9, 1, 18, zone=UTC)),
        ("Tue, 1 Sep 26 18:00 MESZ", at(2026, 9, 1, 18, zone=east(2))),
        ("Tue, 01 Jan 2026 18:00:00 CET", at(2026, 1, 1, 18, zone=east(1))),
        ("Tue, 01 Sep 2026 18:00:00 EST", at(2026, 9, 1, 18, zone=east(-5))),
        ("Tue, 01 Sep 2026 18:00:00 GMT+2", at(2026, 9, 1, 18, zone=east(2))),
        ("Tue, 01 Sep 2026 18:00:00 +02:00", at(2026, 9, 1, 18, zone=east(2))),
        ("Tue, 01 Sep 2026 18:00:00 +0200 (CEST)", at(2026, 9, 1, 18, zone=east(2))),
        ("Wed, 01 Sep 2026 18:00:00 -0330", at(2026, 9, 1, 18, zone=east(-3.5))),
        ("Di, 1. September 2026 18:00", at(2026, 9, 1, 18)),
        ("dienstag, 1 sept 2026 18:00:00", at(2026, 9, 1, 18)),
        ("01-Sep-2026 18:00:00", at(2026, 9, 1, 18)),
        ("1 Mär 2026", date(2026, 3, 1)),
        ("Sep 1, 2026 6:00 PM", at(2026, 9, 1, 18)),
        ("September 1, 2026 at 12:15 a.m.", at(2026, 9, 1, 0, 15)),
        ("Tue Sep  1 18:00:00 2026", at(2026, 9, 1, 18)),
        ("Tue Sep 1 18:00:00 UTC 2026", at(2026, 9, 1, 18, zone=UTC)),
        ("29.03.2026, 18:30 Uhr", at(2026, 3, 29, 18, 30)),
        ("1. 9. 26", date(2026, 9, 1)),
        ("1 rugsėjo 2026", date(2026, 9, 1)),
        ("  Tue,\n 01 Sep 2026\t18:00:00 GMT ", at(2026, 9, 1, 18, zone=UTC)),
        ("Tue, 01 Sep 2026 24:00:00 GMT", at(2026, 9, 2, zone=UTC)),
        ("31 Dec 2016 23:59:60 GMT", at(2016, 12, 31, 23, 59, 59, zone=UTC)),
        ("3 Feb 99", date(1999, 2, 3)),
    ],
)
def test_a_field_with_a_date_is_read(written: str, said: date) -> None:
    assert moment(written) == said
    assert isinstance(moment(written), datetime) == isinstance(said, datetime)


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", "demnächst", "2026", "2026-09", "31.02.2026", "2026-13-01", "0000-00-00"),
        *("01.09.2026 25:00", "Tue, 01 Sep 2026 18:00:00 XYZ", "Tue, 01 Foo 2026", "9/1/2026"),
        *("2026-09-01T18:00:00+99:00", "12026-09-01", "1888-01-01", "2500-01-01", "18:00"),
        *("1 " * LONGEST, "9" * 40, "2026-09-01T" + "0" * 60),
    ],
)
def test_what_could_be_any_date_or_none_is_none(written: str) -> None:
    assert moment(written) is None


def test_an_instant_without_a_zone_is_one_in_utc() -> None:
    assert instant_of("2026-09-01") == at(2026, 9, 1, zone=UTC)
    assert instant_of("Tue, 01 Sep 2026 18:00") == at(2026, 9, 1, 18, zone=UTC)
    assert instant_of("nie") is None


DAY = date(2026, 6, 12)


@pytest.mark.parametrize(
    ("start", "end", "inclusive", "said"),
    [
        (DAY, None, True, Days(start=DAY, zone=BERLIN)),
        (DAY, DAY, True, Days(start=DAY, zone=BERLIN)),
        (DAY, date(2026, 6, 13), False, Days(start=DAY, zone=BERLIN)),
        (DAY, date(2026, 6, 13), True, Days(start=DAY, end=date(2026, 6, 14), zone=BERLIN)),
        (DAY, date(2026, 6, 11), True, None),
        (at(2026, 6, 12), at(2026, 6, 12, 23, 59, 59), False, Days(start=DAY, zone=BERLIN)),
        (at(2026, 6, 12, 9), None, True, Timed(start=at(2026, 6, 12, 9), zone=BERLIN)),
        (at(2026, 6, 12, 9), DAY, True, Timed(start=at(2026, 6, 12, 9), zone=BERLIN)),
        (at(2026, 6, 12, 9), at(2026, 6, 12, 8), True, None),
        (
            at(2026, 1, 12, 18, zone=UTC),
            at(2026, 1, 12, 20, zone=UTC),
            True,
            Timed(start=at(2026, 1, 12, 19), end=at(2026, 1, 12, 21), zone=BERLIN),
        ),
    ],
)
def test_start_and_end_make_hours_or_days(start: Any, end: Any, inclusive: bool, said: Any) -> None:
    assert when(start, end, BERLIN, inclusive=inclusive) == said
