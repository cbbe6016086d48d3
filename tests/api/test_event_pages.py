"""`/events` and `/events/month`: what takes place, by day and by month, for people."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from aggregator.queries import Database
from aggregator.store.tables import occurrence
from api.site.lists import month_page
from tests.api.asking import ask, ids, said
from tests.api.conftest import Client, Serve
from tests.api.lists_on_pages import PREFIX, chips, inner, page, text_of, texts, total
from tests.api.seeding import HOUR, NOW, PUBLIC_URL, add_event, add_source, identity, touch
from tests.planting import plant

DAY = timedelta(days=1)


def evening(days: int) -> tuple[Any, Any]:
    """A span of two hours, some days from now on."""
    return NOW + days * DAY, NOW + days * DAY + 2 * HOUR


def seed(database: Database) -> None:
    """1 goes on for a week, 2 recurs for 70 days with one evening off, 4 was."""
    database.write_now(add_source)
    database.write_now(add_event, 1, (NOW - 3 * DAY, NOW + 4 * DAY))
    off = {"recurrence_id": "2026-11-23T13:00:00", "status": "cancelled"}
    database.write_now(
        add_event, 2, *map(evening, range(1, 71)), lat=51.49, lon=11.97, words="singing"
    )
    series = {"rule": "FREQ=DAILY", "overrides": [off]}
    database.write_now(
        touch, "event", 2, title={"en": "Singing"}, recurrence=series, status="scheduled"
    )
    database.write_now(add_event, 4, (NOW - 20 * DAY, NOW - 20 * DAY + HOUR))


@pytest.fixture
async def asker(database: Database, serve: Serve) -> Client:
    plant(database, seed)
    return await serve(database)


async def test_what_takes_place_is_told_by_day_and_goes_on_page_after_page(asker: Client) -> None:
    shown, path = [], "/events"
    while path:
        tree = await page(asker, path)
        shown += texts(tree, "//p[@class='title']")
        further = tree.xpath("//nav//a[@rel='next']/@href")
        path = inner(further[0]) if further else ""
    assert shown == ["Bäume gießen 1", "Singing", "abgesagt Singing", *["Singing"] * 68]


async def test_it_shows_what_the_data_has(asker: Client) -> None:
    tree = await page(asker, "/events?near=06108&radius=5")
    (address,) = tree.xpath("//link[@type='application/json']/@href")
    data = await said(asker, address.removeprefix(PUBLIC_URL.rstrip("/")))
    assert data["pagination"]["totalElements"] == 70
    assert total(tree) == "70 Termine"
    links = tree.xpath("//p[@class='title']/a/@href")
    assert links == [f"{PREFIX}/events/{id_}" for id_ in ids([data])]
    assert "km entfernt" in text_of(tree.xpath("//ul[@class='agenda']/li")[0])


async def test_a_window_begins_on_its_first_day_and_is_told_in_words(asker: Client) -> None:
    tree = await page(asker, "/events?from=2026-11-24&to=2026-11-25")
    assert texts(tree, "//h3[@class='day']") == ["Dienstag, 24. November", "Mittwoch, 25. November"]
    assert list(chips(tree)) == ["24. November bis 25. November"]
    assert list(chips(tree).values()) == [f"{PREFIX}/events"]
    first = tree.xpath("//ul[@class='agenda']")[0]
    assert texts(first, ".//p[@class='time']")[0] == "bis 25. November"


async def test_what_is_past_stands_on_its_own_day(asker: Client) -> None:
    tree = await page(asker, "/events?from=2026-11-01&to=2026-11-02")
    assert texts(tree, "//h3[@class='day']") == ["Sonntag, 1. November"]


async def test_windows_can_be_chosen_and_keep_the_other_filters(asker: Client) -> None:
    tree = await page(asker, "/events?category=unmapped&from=2026-11-21&to=2026-11-22")
    nav = tree.xpath("//nav[@aria-label='Zeitraum']")[0]
    assert texts(nav, ".//a") == [
        "Heute",
        "Diese Woche",
        "Dieses Wochenende",
        "Dieser Monat",
        "Alle kommenden",
    ]
    assert texts(nav, ".//a[@aria-current]") == ["Diese Woche", "Dieses Wochenende"]
    assert nav.xpath(".//a/@href")[0] == (
        f"{PREFIX}/events?category=unmapped&from=2026-11-21&to=2026-11-21"
    )


async def test_an_end_before_its_start_is_said_at_the_field(asker: Client) -> None:
    tree = await page(asker, "/events?from=2026-12-02&to=2026-12-01", status=400)
    (fault,) = texts(tree, "//*[@id='f-to-fault']")
    assert fault.startswith("Das Ende muss nach dem Anfang liegen.")
    wrong = await page(asker, "/events?from=gestern", status=400)
    assert "Jahr-Monat-Tag" in texts(wrong, "//*[@id='f-from-fault']")[0]


async def test_the_calendar_of_just_this_choice_can_be_subscribed_to(asker: Client) -> None:
    tree = await page(asker, "/events?q=Singing&from=2026-11-24&lang=en")
    address = f"{PUBLIC_URL}v1/events.ics?lang=en&q=Singing"
    assert tree.xpath("//link[@type='text/calendar']/@href") == [address]
    assert f"webcal://{address.partition('://')[2]}" in tree.xpath("//a/@href")
    assert address in texts(tree, "//code")
    assert (await ask(asker, address.removeprefix(PUBLIC_URL.rstrip("/")))).status == 200


async def test_an_end_that_is_over_says_where_the_list_begins(asker: Client) -> None:
    tree = await page(asker, "/events?to=2020-01-01", status=400)
    assert "Ohne Anfang beginnt die Liste jetzt." in texts(tree, "//*[@role='alert']")[0]


async def test_a_month_is_a_table_of_days_with_what_takes_place(asker: Client) -> None:
    tree = await page(asker, "/events/month")
    (table,) = tree.xpath("//table")
    assert texts(table, "./caption") == ["November 2026: Veranstaltungen je Tag"]
    assert texts(table, ".//th[@scope='col']")[1::6] == ["Montag", "Sonntag"]
    assert texts(table, ".//th[@scope='row']")[0] == "Woche 44"
    (today,) = table.xpath(".//td[contains(@class, 'is-today')]")
    assert "heute" in text_of(today)
    assert "geht weiter" in text_of(today)
    assert texts(table, ".//td[contains(., 'abgesagt')]//a[@class='off']") == ["Singing"]
    assert table.xpath(".//td//a[@class='off']/@lang") == ["en"]


async def test_the_number_of_a_day_is_that_of_its_own_list(asker: Client) -> None:
    tree = await page(asker, "/events/month?q=singing")
    days = tree.xpath("//td//p[@class='date']/a")
    assert len(days) == 9
    for day in days:
        own = await page(asker, inner(day.get("href")))
        assert text_of(day).endswith(f": {total(own)}")


async def test_months_lead_to_each_other_and_keep_the_filters(asker: Client) -> None:
    tree = await page(asker, "/events/month?month=2027-01&category=unmapped")
    (turn,) = tree.xpath("//nav[@aria-label='Monat']")
    assert turn.xpath("./a/@href") == [
        f"{PREFIX}/events/month?category=unmapped&month=2026-12",
        f"{PREFIX}/events/month?category=unmapped",
        f"{PREFIX}/events/month?category=unmapped&month=2027-02",
    ]
    assert texts(tree, "//td//a")[-1] == "Singing"


async def test_a_month_that_is_none_is_said_and_this_one_shown(asker: Client) -> None:
    tree = await page(asker, "/events/month?month=2026-13", status=400)
    assert "Jahr-Monat" in texts(tree, "//*[@role='alert']")[0]
    assert "November 2026" in text_of(tree)


async def test_a_month_with_too_much_counts_the_days_it_cannot_show(
    database: Database, serve: Serve
) -> None:
    spans = [(NOW + n * HOUR / 6, NOW + n * HOUR / 6) for n in range(1_100)]
    for number in range(1, 12):
        database.write_now(add_event, number, *spans[number - 1 :: 11])
    client = await serve(database)
    tree = await page(client, "/events/month")
    assert "mehr, als die Übersicht fasst" in text_of(tree)
    counts = [text_of(day).rpartition(": ")[2] for day in tree.xpath("//td//p[@class='date']/a")]
    assert counts[0] == "66 Termine"
    assert counts[1:8] == ["144 Termine"] * 7
    assert sum(int(count.partition(" ")[0]) for count in counts) == len(spans)
    assert len(tree.xpath("//td//li")) <= month_page.SHOWN * len(counts)


async def test_a_month_tells_times_of_its_own_days(database: Database, serve: Serve) -> None:
    begins = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    database.write_now(add_event, 1, (begins, begins + HOUR))
    database.write_now(_in_new_york, "2026-11-26T18:30:00", "2026-11-26T19:30:00")
    tree = await page(await serve(database), "/events/month")
    (day,) = tree.xpath("//td[.//li]")
    assert text_of(day).startswith("27Freitag, 27. November: 1 Termin")
    assert texts(day, ".//span[@class='time']") == ["00:30"]


def _in_new_york(connection: Connection, start: str, end: str) -> None:
    there = {"zone": "America/New_York", "wall_start": start, "wall_end": end}
    connection.execute(update(occurrence).values(**there))


async def test_an_entry_of_a_month_leads_to_its_event(asker: Client) -> None:
    tree = await page(asker, "/events/month")
    assert f"{PREFIX}/events/{identity('event', 1)}" in tree.xpath("//td//li/a/@href")
