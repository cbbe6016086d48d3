from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from aggregator.harvest import Refusal
from benchmarks.scoreboard.cases import Case
from benchmarks.scoreboard.expectations import Expectation
from benchmarks.scoreboard.judging import COMPARISONS, Judge
from benchmarks.scoreboard.reading import Reading, Record, Want
from benchmarks.scoreboard.rules import load_rules
from schema import Entity, Offer, Place, Problem
from schema.entities import Event, Recurrence
from schema.when import Days, Timed

FILE = "ical-events/x/y.ics"
BERLIN = "Europe/Berlin"


def event(when: Timed | Days, rule: str | None = None, **more: Any) -> Event:
    said: dict[str, Any] = {"title": {"de": "Lesung"}, "source_uid": "1", **more}
    repeats = Recurrence(rule=rule) if rule else None
    return Event(native_id="1", when=when, recurrence=repeats, **said)


def timed(start: str, end: str | None = None) -> Timed:
    ends = None if end is None else datetime.fromisoformat(end)
    return Timed(start=datetime.fromisoformat(start), end=ends, zone=BERLIN)


def evening() -> Timed:
    return timed("2026-03-01T19:00", "2026-03-01T21:00")


def cause(
    check: str, value: Any, *entities: Entity, refused: str | None = None, **args: Any
) -> str | None:
    """What is wrong with an answer of these entities."""
    refusals = () if refused is None else (refusal(Problem(refused), {}),)
    return _cause(check, value, reading(*entities, refusals=refusals), args)


def _cause(check: str, value: Any, found: Reading, args: dict[str, Any]) -> str | None:
    asked = Expectation(file=FILE, check=check, kind="upstream", value=value, args=args)
    case = Case(expectation=asked, reading=found, folder=Path(), readings={})
    wrong = COMPARISONS[check](case)
    return wrong.cause if wrong else None


def reading(*entities: Entity, refusals: tuple[Refusal, ...] = ()) -> Reading:
    records = tuple(Record(key=each.native_id, entity=each) for each in entities)
    return Reading(want=Want(file=FILE), path=Path(), records=records, refusals=refusals)


def refusal(problem: Problem, raw: dict[str, Any]) -> Refusal:
    return Refusal(
        kind="offer",
        key="1",
        locator="1",
        fingerprint=None,
        problems=(problem,),
        raw=orjson.dumps(raw),
    )


DAILY = event(evening(), "FREQ=DAILY;COUNT=3")
THREE = [f"2026-03-0{day}T19:00:00" for day in (1, 2, 3)]


def test_starts_are_compared_as_instants() -> None:
    assert cause("occurrences_all", THREE, DAILY) is None
    assert cause("occurrences_all", [f"{each}+01:00" for each in THREE], DAILY) is None
    assert cause("occurrences_all", [f"{each}Z" for each in THREE], DAILY) == "missing_occurrence"
    assert cause("occurrences_all", THREE, DAILY, tz="UTC") == "missing_occurrence"


def test_one_occurrence_too_many_or_too_few_is_unmet() -> None:
    assert cause("occurrences_all", THREE[:2], DAILY) == "extra_occurrence"
    assert cause("occurrences_all", [*THREE, "2026-03-04T19:00:00"], DAILY) == "missing_occurrence"
    assert cause("occurrences_first_n", THREE[:2], DAILY) is None
    assert cause("occurrences_first_n", THREE[1:], DAILY) is None


def test_the_own_start_outside_its_rule_is_one_more() -> None:
    outside = event(evening(), "FREQ=WEEKLY;BYDAY=WE;COUNT=2")
    assert cause("occurrences_all", ["2026-03-04T19:00:00", "2026-03-11T19:00:00"], outside) is None
    value = {"count": 2, "points": [{"index": 0, "start": "2026-03-04T19:00:00", "tz": BERLIN}]}
    assert cause("occurrence_count_and_points", value, outside) is None


def test_a_difference_that_is_known_has_its_own_cause() -> None:
    weeks = event(Days(start=date(2026, 3, 2), zone=BERLIN), "FREQ=YEARLY;BYWEEKNO=20;COUNT=2")
    assert cause("occurrences_all", ["2030-01-01"], weeks) == (
        "known_difference:byweekno_without_byday"
    )


def test_a_time_that_does_not_exist_is_later() -> None:
    gap = event(timed("2026-03-29T02:30"))
    assert cause("occurrences_all", ["2026-03-29T03:30:00"], gap) is None
    assert cause("occurrences_all", ["2026-03-29T01:30:00Z"], gap) is None


def test_windows_are_half_open() -> None:
    said = {"count": 1, "events": [["2026-03-02T19:00:00+01:00", "2026-03-02T21:00:00", "Lesung"]]}
    window = {"start": "2026-03-02T00:00:00", "end": "2026-03-03T19:00:00"}
    assert cause("occurrences_between", said, DAILY, **window) is None
    later = {**window, "end": "2026-03-03T19:00:01"}
    assert cause("occurrences_between", said, DAILY, **later) == "wrong_count"


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (["2026-03-01T19:00:00", "2026-03-01T22:00:00", "Lesung"], "wrong_end"),
        (["2026-03-01T19:00:00", "2026-03-01T21:00:00", "Vortrag"], "wrong_title"),
        (["2026-03-01T18:00:00", "2026-03-01T21:00:00", "Lesung"], "missing_occurrence"),
        (["2026-03-01T19:00:00", "2026-03-01T21:00:00", "Lesung"], None),
    ],
)
def test_start_end_and_title_must_agree(found: list[str], wrong: str | None) -> None:
    value = {"count": 1, "events": [found]}
    assert cause("occurrences_query", value, event(evening()), method="all", raw=[]) == wrong


def test_days_may_be_written_as_midnights() -> None:
    days = event(Days(start=date(2026, 3, 1), end=date(2026, 3, 3), zone=BERLIN))
    for start, end in [("2026-03-01", "2026-03-03"), ("2026-03-01T00:00:00", "2026-03-03T00:00")]:
        value = {"count": 1, "events": [[start, end, "Lesung"]]}
        assert cause("occurrences_query", value, days, method="all", raw=[]) is None
    assert cause("occurrences_all", ["2026-03-02"], days) == "missing_occurrence"


def test_what_is_missing_is_explained_by_its_refusal() -> None:
    said = cause("occurrences_all", THREE, refused="event.rule_refused")
    assert said == "record_refused:event.rule_refused"


def test_a_rule_that_is_none_must_be_refused() -> None:
    found = reading(event(evening(), "FREQ=DAILY"))
    assert _cause("rrule_invalid", True, found, {}) == "rule_accepted"
    assert cause("rrule_invalid", True, refused="event.rule_refused") is None


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"uid": "1", "dtstart": "2026-03-01T19:00:00", "summary": "Lesung"}, None),
        ({"uid": "1", "dtstart": "2026-03-01T20:00:00", "summary": "Lesung"}, "wrong_start"),
        ({"uid": "1", "dtstart": "2026-03-01T19:00:00", "summary": "x"}, "wrong_title"),
        ({"uid": "1", "dtstart": "2026-03-01T19:00:00", "status": "CANCELLED"}, "wrong_status"),
        ({"uid": "1", "dtstart": "2026-03-01T19:00:00", "description": "x"}, "wrong_description"),
        ({"uid": "2", "dtstart": "2026-03-01T19:00:00"}, "missing_event"),
    ],
)
def test_a_calendars_events_must_agree(said: dict[str, Any], wrong: str | None) -> None:
    value = {"calendars": [{"events": [said]}]}
    assert cause("parsed_calendar", value, event(evening())) == wrong


def test_events_nobody_expects_are_unmet() -> None:
    assert cause("parsed_calendar", {"calendars": []}, event(evening())) == "extra_event"


OFFER = Offer(
    native_id="https://a.example/1",
    title={"de": "Bäume <gießen>"},
    description={"de": "Montags und dienstags"},
    url="https://a.example/1",
    tags=("Natur",),
)


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ("not bozo and entries[0]['title'] == 'Bäume &lt;gießen&gt;'", None),
        ("entries[0]['title'] == 'Bäume fällen'", "wrong_title"),
        ("entries[0]['summary'] == '<p>Montags und <b>dienstags</b></p>'", None),
        ("entries[0]['description'] == 'Montags'", "wrong_description"),
        ("entries[0]['links'][0]['href'] == 'http://a.example/1/'", None),
        ("entries[0]['link'] == 'http://a.example/2'", "wrong_link"),
        ("entries[0]['tags'][0]['term'] == 'Natur' and bozo", None),
        ("entries[0]['tags'][0]['term'] == 'Energie'", "wrong_tags"),
        ("not entries[0].has_key('link')", "extra_link"),
        ("len(entries[0]['links']) == 2", "wrong_count"),
        ("entries[0]['shoe_size'] == 43", "field_not_kept:shoe_size"),
        ("entries[3]['title'] == 'x'", "missing_entry"),
        ("__import__('os').getcwd() == 'x'", "expression_not_translated"),
        ("not bozo and (", "unreadable_expression"),
    ],
)
def test_expressions_are_asked_of_what_came_out(expression: str, wrong: str | None) -> None:
    assert cause("feedparser_expr", expression, OFFER) == wrong


def test_active_content_is_unmet_whatever_was_expected() -> None:
    bad = OFFER.model_copy(update={"description_html": {"de": '<p onclick="x()">Montags</p>'}})
    assert cause("feedparser_expr", "entries[0]['id'] == 'x'", bad) == "active_content"


def test_a_refused_entry_is_looked_at_as_it_would_have_been_finished() -> None:
    raw = {"text": "<p onclick='x()'>Montags<script>y()</script></p>", "link": "https://a.example"}
    found = reading(refusals=(refusal(Problem("record.no_title"), raw),))
    asked = "entries[0]['summary'] == 'Montags' and entries[0]['link'] == 'https://a.example/'"
    assert _cause("feedparser_expr", asked, found, {}) is None


@pytest.mark.parametrize(
    ("expression", "cause"),
    [
        ("not bozo and version == 'rss20' and entries[0]['title'] == 'Lesung'", "wrong_title"),
        ("not bozo and version == 'rss20' and entries[0]['link'] == 'https://a.example/1'", ""),
    ],
)
def test_a_question_beside_one_that_is_not_applicable_is_still_asked(
    expression: str, cause: str
) -> None:
    readings = {Want(file=FILE): reading(OFFER)}
    judge = Judge(folder=Path(), readings=readings, rules=load_rules())
    asked = Expectation(file=FILE, check="feedparser_expr", kind="upstream", value=expression)
    assert judge.verdict(asked).cause == cause
    assert judge.verdict(replace(asked, value="version == 'rss20'")).outcome == "not_applicable"


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ("entries[0]['where']['type'] == 'Point'", None),
        ("entries[0]['where']['coordinates'] == (11.97, 51.48)", None),
        ("entries[0]['where']['coordinates'] == (51.48, 11.97)", "wrong_where"),
        ("entries[0]['geo_lat'] == '51.48'", None),
        ("entries[0]['expired_parsed'] == (2026, 5, 1, 12, 0, 0, 4, 121, 0)", None),
        ("entries[0]['expired_parsed'] == (2026, 5, 3, 12, 0, 0, 4, 121, 0)", "wrong_expired"),
    ],
)
def test_places_and_last_days_are_compared(expression: str, wrong: str | None) -> None:
    place = Place(lat=51.48, lon=11.97)
    said = OFFER.model_copy(update={"place": place, "valid_through": date(2026, 5, 1)})
    assert cause("feedparser_expr", expression, said) == wrong
