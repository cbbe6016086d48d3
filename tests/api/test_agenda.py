"""The agenda: what takes place next, by day, said as people say it."""

from datetime import date, timedelta
from typing import Any

import pytest
from lxml import html

from aggregator.queries import Database
from api.site.agenda import Reader, days_of
from api.site.dates import MONTHS, WEEKDAYS
from api.site.words import LANGUAGES
from tests.api.asking import ask
from tests.api.conftest import Client, Serve
from tests.api.lists_on_pages import page as page_at
from tests.api.seeding import (
    HOUR,
    NOW,
    PUBLIC_URL,
    add_day_count,
    add_entities,
    add_event,
    add_source,
    identity,
    touch,
)

TODAY = date(2026, 11, 21)
BERLIN = "Europe/Berlin"


def times(*whens: dict[str, Any], language: str = "de") -> list[tuple[str, str]]:
    """Occurrences → under which day and with which time they stand."""
    reader = Reader(today=TODAY, zone=BERLIN, language=language)
    documents = [
        {"id": "1", "title": {"de": "x"}, "when": {"zone": BERLIN, **when}} for when in whens
    ]
    return [(day.name, each.time) for day in days_of(documents, reader) for each in day.happenings]


def timed(start: str, end: str | None = None, **more: Any) -> dict[str, Any]:
    ends = {"end": f"{end}+01:00"} if end else {}
    return {"start": f"{start}+01:00", **ends, **more}


def days(start: str, end: str | None = None) -> dict[str, Any]:
    return {"start": start, "all_day": True, **({"end": end} if end else {})}


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (timed("2026-11-21T19:00:00"), "19:00 Uhr"),
        (timed("2026-11-21T19:00:00", "2026-11-21T21:30:00"), "19:00–21:30 Uhr"),
        (timed("2026-11-21T22:00:00", "2026-11-22T02:00:00"), "22:00–02:00 Uhr"),
        (timed("2026-11-21T10:00:00", "2026-11-23T16:00:00"), "10:00 Uhr, bis 23. November"),
        (timed("2026-11-01T10:00:00", "2027-03-03T16:00:00"), "bis 3. März 2027"),
        (timed("2026-11-01T10:00:00", "2026-11-21T16:00:00"), "bis 16:00 Uhr"),
        (timed("2026-11-20T22:00:00", "2026-11-21T14:00:00"), "bis 14:00 Uhr"),
        (timed("2026-11-21T19:00:00", zone="Europe/Vilnius"), "19:00 Uhr (Europe/Vilnius)"),
        (days("2026-11-21"), "ganztägig"),
        (days("2026-11-21", "2026-11-22"), "ganztägig"),
        (days("2026-11-21", "2026-11-24"), "bis 23. November"),
        (days("2026-11-19", "2026-11-22"), "ganztägig"),
    ],
)
def test_a_time_says_when_and_how_long(when: dict[str, Any], said: str) -> None:
    ((day, time),) = times(when)
    assert (day, " ".join(time.split())) == ("Heute, Samstag, 21. November", said)


def test_days_have_names_and_what_began_earlier_goes_on_today() -> None:
    told = times(
        days("2026-11-20", "2026-11-23"),
        timed("2026-11-22T08:00:00"),
        days("2026-11-22"),
        timed("2027-01-04T08:00:00"),
        language="en",
    )
    assert told == [
        ("Today, Saturday, 21 November", "until 22 November"),
        ("Tomorrow, Sunday, 22 November", "08:00"),
        ("Tomorrow, Sunday, 22 November", "all day"),
        ("Monday, 4 January 2027", "08:00"),
    ]


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (("2026-12-02T20:00:00-05:00", "2026-12-02T21:00:00-05:00"),
         ("Donnerstag, 3. Dezember", "2. Dezember, 20:00–21:00 Uhr (America/New_York)")),
        (("2026-11-21T07:00:00-05:00", "2026-11-21T08:00:00-05:00"),
         ("Heute, Samstag, 21. November", "07:00–08:00 Uhr (America/New_York)")),
        (("2026-11-20T16:00:00-05:00", "2026-11-20T20:00:00-05:00"),
         ("Heute, Samstag, 21. November", "bis 02:00 Uhr")),
        (("2026-11-22T20:00:00-05:00", "2026-11-25T20:00:00-05:00"),
         ("Montag, 23. November", "02:00 Uhr, bis 26. November")),
    ],
)  # fmt: skip
def test_what_is_in_another_zone_stands_under_the_day_it_is_here(
    first: tuple[str, str], said: tuple[str, str]
) -> None:
    start, end = first
    ((day, time),) = times({"start": start, "end": end, "zone": "America/New_York"})
    assert (day, " ".join(time.split())) == said


def test_every_language_has_its_names() -> None:
    assert set(MONTHS) == set(WEEKDAYS) == set(LANGUAGES)
    assert {len(names) for names in MONTHS.values()} == {12}
    assert {len(names) for names in WEEKDAYS.values()} == {7}


async def agenda(client: Client, path: str = "/") -> Any:
    """The agenda's section of the start page."""
    tree: Any = html.fromstring(await (await ask(client, path)).text())
    (section,) = tree.xpath("//section[@aria-labelledby='agenda']")
    return section


def text_of(tree: Any) -> str:
    return " ".join(tree.text_content().split())


@pytest.fixture
def events(database: Database) -> Database:
    """One today, a series with a cancelled evening, one after three weeks, one that is over."""
    database.write_now(add_event, 1, (NOW + HOUR, NOW + 2 * HOUR))
    evenings = [(NOW + n * 24 * HOUR, NOW + (n * 24 + 2) * HOUR) for n in range(1, 4)]
    database.write_now(add_event, 2, *evenings)
    override = {"recurrence_id": "2026-11-23T13:00:00", "status": "cancelled"}
    series = {"rule": "FREQ=DAILY", "overrides": [override]}
    organiser = {"id": "x", "url": "y", "name": "Chor"}
    shown: dict[str, Any] = {
        "place": {"name": "Bürgerhaus", "locality": "Halle"},
        "title": {"en": "Singing"},
    }
    shown |= {"status": "scheduled", "organiser": organiser}
    database.write_now(touch, "event", 2, recurrence=series, **shown)
    far = NOW + timedelta(weeks=3)
    database.write_now(add_event, 3, (far, far + HOUR))
    database.write_now(add_event, 4, (NOW - 2 * HOUR, NOW - HOUR))
    return database


async def test_it_shows_every_occurrence_of_the_next_two_weeks_by_day(
    events: Database, serve: Serve
) -> None:
    section = await agenda(await serve(events))
    assert [text_of(day) for day in section.xpath(".//h3")] == [
        "Heute, Samstag, 21. November",
        "Morgen, Sonntag, 22. November",
        "Montag, 23. November",
        "Dienstag, 24. November",
    ]
    titles = [text_of(title) for title in section.xpath(".//p[@class='title']")]
    assert titles == ["Bäume gießen 1", "Singing", "abgesagt Singing", "Singing"]
    assert "13:00–15:00 Uhr" in text_of(section)
    assert "Bürgerhaus, Halle · Chor" in text_of(section)


async def test_what_is_called_off_is_struck_and_says_so(events: Database, serve: Serve) -> None:
    section = await agenda(await serve(events), "/?lang=en")
    (struck,) = section.xpath(".//a[@class='off']")
    assert text_of(struck) == "Singing"
    assert text_of(struck.getparent()) == "cancelled Singing"
    assert section.xpath("(.//p[@class='title'])[1]//@lang") == ["de"]


async def test_it_links_to_each_event_and_to_the_calendar(events: Database, serve: Serve) -> None:
    links = (await agenda(await serve(events))).xpath(".//a/@href")
    assert links[0] == f"/klima/events/{identity('event', 1)}"
    *_, more, webcal = links
    assert webcal == f"webcal://{PUBLIC_URL.partition('://')[2]}v1/events.ics"
    assert more == "/klima/events"


async def test_without_events_there_is_no_agenda(database: Database, serve: Serve) -> None:
    database.write_now(add_entities, "offer", 1)
    page = await (await ask(await serve(database), "/")).text()
    assert "agenda" not in page
    assert "events.ics" not in page


async def test_when_nothing_is_near_it_says_so(database: Database, serve: Serve) -> None:
    database.write_now(add_event, 1, (NOW - 2 * HOUR, NOW - HOUR))
    section = await agenda(await serve(database))
    assert "In dieser Zeit ist nichts angekündigt." in text_of(section)


async def test_projects_and_events_are_counted_where_there_are_any(
    events: Database, serve: Serve
) -> None:
    events.write_now(add_entities, "project", 2)
    page = await (await ask(await serve(events), "/")).text()
    assert "3 kommende Veranstaltungen" in page
    assert "2 Projekte" in page


async def test_of_events_those_are_counted_that_one_can_still_go_to(
    database: Database, serve: Serve
) -> None:
    database.write_now(add_source)
    database.write_now(add_event, 1, (NOW - 50 * HOUR, NOW - 48 * HOUR))
    database.write_now(add_event, 2, (NOW - HOUR, NOW + HOUR))
    daily = [(NOW + n * 24 * HOUR, NOW + (n * 24 + 1) * HOUR) for n in range(-2, 3)]
    database.write_now(add_event, 3, *daily)
    database.write_now(add_event, 4, (NOW + HOUR, NOW + 2 * HOUR), status="cancelled")
    database.write_now(add_event, 5, (NOW + HOUR, NOW + 2 * HOUR), statuses={0: "postponed"})
    database.write_now(add_day_count, NOW.date(), "event", "scheduled", 5)
    tree = await page_at(await serve(database), "/?lang=en")
    counts = [text_of(each) for each in tree.xpath("//ul[@class='counts']/li")]
    assert "2 upcoming events" in counts
    (sources,) = tree.xpath("//section[@aria-labelledby='licences']")
    assert "5 events (past ones too)" in text_of(sources)


async def test_where_all_events_are_over_none_are_counted(database: Database, serve: Serve) -> None:
    database.write_now(add_event, 1, (NOW - 50 * HOUR, NOW - 48 * HOUR))
    tree = await page_at(await serve(database), "/")
    counts = [text_of(each) for each in tree.xpath("//ul[@class='counts']/li")]
    assert [each for each in counts if "Veranstaltung" in each] == []
