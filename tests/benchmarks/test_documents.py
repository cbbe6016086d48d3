from pathlib import Path
from typing import Any

import pytest

from benchmarks.scoreboard.board import run
from benchmarks.scoreboard.expectations import Expectation
from benchmarks.scoreboard.rules import load_rules

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Stadt//Kalender//DE
BEGIN:VEVENT
UID:1@stadt.example
SUMMARY:Repair-Café
DTSTART;TZID=Europe/Berlin:20260302T180000
DTEND;TZID=Europe/Berlin:20260302T200000
RRULE:FREQ=WEEKLY;COUNT=3
END:VEVENT
BEGIN:VEVENT
UID:1@stadt.example
SUMMARY:Repair-Café im Hof
RECURRENCE-ID;TZID=Europe/Berlin:20260309T180000
DTSTART;TZID=Europe/Berlin:20260309T190000
DTEND;TZID=Europe/Berlin:20260309T200000
END:VEVENT
END:VCALENDAR
"""
UNTITLED = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:2@stadt.example
DTSTART;VALUE=DATE:20260501
RRULE:FREQ=DAILY;COUNT=2
END:VEVENT
END:VCALENDAR
"""
FEED = """<?xml version="1.0" encoding="iso-8859-1"?>
<!-- Header: Content-type: application/xml; charset=iso-8859-1 -->
<rss version="2.0"><channel><title>Stadtgarten</title>
<item><title>Bäume gießen</title><link>https://stadt.example/1</link>
<description>&lt;p onclick="x()"&gt;Montags&lt;/p&gt;</description></item>
<item><description>Ohne Überschrift</description></item>
</channel></rss>
"""
FILES = {
    "ical-recurrence/x/serie.ics": CALENDAR.encode(),
    "ical-recurrence/x/ohne_titel.ics": UNTITLED.encode(),
    "ical-merge/x/serie.ics": CALENDAR.encode(),
    "encodings/x/garten.xml": FEED.encode("iso-8859-1"),
}
STARTS = ["2026-03-02T18:00:00", "2026-03-09T19:00:00", "2026-03-16T18:00:00"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    for file, content in FILES.items():
        (data / file).parent.mkdir(parents=True, exist_ok=True)
        (data / file).write_bytes(content)
    return data


def verdicts(folder: Path, *asked: tuple[str, str, Any]) -> list[str]:
    expectations = [
        Expectation(file=file, check=check, kind="upstream", value=value)
        for file, check, value in asked
    ]
    tallies, judged = run(folder, expectations, load_rules())
    assert not [tally for tally in tallies.values() if tally.crashes or tally.hangs]
    return [verdict.cause or verdict.outcome for _, verdict in judged]


def test_calendars_are_read_expanded_and_counted(folder: Path) -> None:
    file = "ical-recurrence/x/serie.ics"
    assert verdicts(
        folder,
        (file, "vevent_blocks", 2),
        (file, "vevent_blocks", 3),
        (file, "occurrences_all", STARTS),
        (file, "occurrences_all", STARTS[:2]),
    ) == ["met", "wrong_count", "met", "extra_occurrence"]


def test_an_event_without_a_title_is_refused_but_its_dates_are_compared(folder: Path) -> None:
    file = "ical-recurrence/x/ohne_titel.ics"
    parsed = {"calendars": [{"events": [{"uid": "2@stadt.example", "dtstart": "2026-05-01"}]}]}
    assert verdicts(
        folder,
        (file, "occurrences_all", ["2026-05-01", "2026-05-02"]),
        (file, "occurrences_all", ["2026-05-01"]),
        (file, "parsed_calendar", parsed),
    ) == ["met", "record_refused:record.no_title", "record_refused:record.no_title"]


def test_calendars_merge_in_one_document(folder: Path) -> None:
    file = "ical-merge/x/serie.ics"
    inputs = {"inputs": ["serie.ics", "serie.ics"], "event_count": 2, "with_recurrence_id": 1}
    assert verdicts(
        folder,
        (file, "merge_idempotent", True),
        (file, "merge", inputs),
        (file, "merge", {**inputs, "event_count": 4}),
        (file, "merge", {"inputs": ["serie.ics", "fehlt.ics"]}),
    ) == ["met", "met", "wrong_event_count", "missing_file"]


def test_feeds_are_read_as_they_were_served(folder: Path) -> None:
    file = "encodings/x/garten.xml"
    model = {"entries": [{"title": "Bäume gießen"}, {"description": "Ohne Überschrift"}]}
    assert verdicts(
        folder,
        (file, "decoded_contains", "gießen"),
        (file, "decoded_contains", "gieÃŸen"),
        (file, "true_encoding", "iso-8859-1"),
        (file, "true_encoding", "utf-16"),
        (file, "feed_normalised", model),
        (file, "feedparser_expr", "not bozo and entries[0]['summary'] == '<p>Montags</p>'"),
    ) == ["met", "record_refused:record.no_title", "met", "wrong_text", "met", "met"]
