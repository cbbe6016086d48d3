"""`/v1/events.ics` and `/v1/events/{id}.ics`, as clients that subscribe see them."""

import tracemalloc
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar

from aggregator.queries import Database, calendar
from schema.formats.ical_lines import text
from tests.api.asking import ask, inside, said
from tests.api.conftest import Client, Serve
from tests.api.core import core_pages
from tests.api.programme import evening, put, put_all
from tests.api.seeding import (
    NOW,
    PUBLIC_URL,
    FixedClock,
    add_entities,
    add_source,
    identity,
    move_view,
    remove,
)
from tests.planting import plant

PATH = "/v1/events.ics"
ONE = f"/v1/events/{identity('event', 1)}.ics"
PARK = {"name": "Park", "lat": 51.4825, "lon": 11.97}
ENERGY = ({"scheme": "topics", "term": "energy", "by": "source"},)


def seed(database: Database) -> None:
    """Five events."""
    database.write_now(add_source)
    events = [
        evening(1, "Bäume gießen", place=PARK),
        evening(2, "Solardach planen", categories=ENERGY, status="cancelled"),
        evening(-40, "Vorbei"),
        evening(500, "Weit weg"),
        evening(-60, "Jede Woche", recurrence={"rule": "FREQ=WEEKLY"}),
    ]
    database.write_now(put_all, events)


@pytest.fixture
async def client(database: Database, serve: Serve) -> Client:
    plant(database, seed)
    return await serve(database)


async def read(client: Client, path: str = PATH) -> Any:
    """A calendar as icalendar reads it."""
    answer = await ask(client, path)
    body = await answer.read()
    assert answer.status == 200, body
    return Calendar.from_ical(body)


def titles(read_: Any) -> set[str]:
    return {str(event["SUMMARY"]) for event in read_.walk("VEVENT")}


async def test_a_calendar_shows_a_month_back_and_thirteen_ahead(client: Client) -> None:
    assert titles(await read(client)) == {
        "Bäume gießen",
        "Abgesagt: Solardach planen",
        "Jede Woche",
    }


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("from=2025-01-01", {"Vorbei", "Weit weg", "Bäume gießen", "Abgesagt: Solardach planen"}),
        ("to=2026-10-20", {"Vorbei"}),
        ("category=energy", {"Abgesagt: Solardach planen"}),
        ("status=scheduled&q=B%C3%A4ume", {"Bäume gießen"}),
        ("near=51.48,11.97&radius=5", {"Bäume gießen"}),
        ("bbox=11.9,51.4,12.0,51.5", {"Bäume gießen"}),
        ("q=nirgends", set()),
    ],
)
async def test_every_filter_of_the_list_narrows_the_calendar(
    client: Client, query: str, shown: set[str]
) -> None:
    assert titles(await read(client, f"{PATH}?{query}")) - {"Jede Woche"} == shown


async def test_it_is_served_as_a_calendar_file(client: Client) -> None:
    answer = await ask(client, PATH)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'inline; filename="events.ics"'
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Link"] == f'<{PUBLIC_URL}v1/events>; rel="alternate"'


async def test_it_is_called_after_the_instance_and_the_question(client: Client) -> None:
    plain, asked = await read(client), await read(client, f"{PATH}?category=energy&near=06108")
    assert str(plain["NAME"]) == str(plain["X-WR-CALNAME"]) == "Allmende"
    assert str(asked["NAME"]) == "Allmende · Energie · 10 km um 06108"
    assert str(plain["SOURCE"]) == f"{PUBLIC_URL}v1/events.ics"
    assert str(asked["SOURCE"]).startswith(f"{PUBLIC_URL}v1/events.ics?category=energy&near=")
    assert f"{PUBLIC_URL}#licences" in str(plain["DESCRIPTION"])


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("from=2026-11-26T11:30:00Z", "ab 26.11.2026, 12:30 Uhr"),
        ("from=2026-07-01T00:00:00-04:00&lang=en", "from 1 Jul 2026, 06:00"),
        ("from=2026-11-26&to=2026-12-24", "ab 26.11.2026 · bis 24.12.2026"),
        ("from=now", "ab jetzt"),
        ("q=Rad%0A,%20;%5CRoller", "„Rad , ;\\Roller“"),
    ],
)
async def test_it_says_the_question_in_the_citys_time_on_one_line(
    client: Client, query: str, name: str
) -> None:
    assert str((await read(client, f"{PATH}?{query}"))["NAME"]) == text(f"Allmende · {name}")


async def test_it_says_how_often_to_ask_again_and_in_whose_days(client: Client) -> None:
    head = await read(client)
    assert head["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert str(head["X-PUBLISHED-TTL"]) == "PT1H"
    assert str(head["X-WR-TIMEZONE"]) == "Europe/Berlin"
    assert str(head["METHOD"]) == "PUBLISH"
    assert [str(zone["TZID"]) for zone in head.walk("VTIMEZONE")] == ["Europe/Berlin"]


async def test_each_language_has_its_text_and_its_name(database: Database, client: Client) -> None:
    both = evening(3, "Rad", status="cancelled", categories=ENERGY)
    texts = {"de": "Rad", "nl": "Fiets", "pt": "Bicicleta"}
    database.write_now(put, 6, both.model_copy(update={"title": texts}))
    assert "Afgelast: Fiets" in titles(await read(client, f"{PATH}?lang=nl"))
    assert "Abgesagt: Rad" in titles(await read(client, f"{PATH}?lang=lt"))
    dutch = await read(client, f"{PATH}?lang=nl&category=energy")
    assert str(dutch["NAME"]) == "Allmende · Energie"
    assert titles(dutch) == {"Abgesagt: Solardach planen", "Afgelast: Fiets"}


async def test_a_region_of_a_language_is_that_language(database: Database, client: Client) -> None:
    texts = {"de": "Rad", "en": "Bicycle"}
    database.write_now(put, 6, evening(3).model_copy(update={"title": texts}))
    for tag in ("en-GB", "EN", "en-Latn-US"):
        assert "Bicycle" in titles(await read(client, f"{PATH}?lang={tag}"))


@pytest.mark.parametrize("tag", ["", "%00", "de%00", "%ED%A0%80", "de_AT", "x" * 40, "deutsch"])
async def test_what_is_no_language_is_refused(client: Client, tag: str) -> None:
    for path in (PATH, ONE):
        problem = await said(client, f"{path}?lang={tag}", status=400)
        assert problem["errors"][0]["parameter"] == "lang"
    assert (await ask(client, f"/?lang={tag}")).status == 200, "pages choose one that they have"


async def test_an_event_without_german_or_english_is_shown_in_what_it_has(
    database: Database, client: Client
) -> None:
    database.write_now(
        put, 6, evening(3).model_copy(update={"title": {"pt": "Sol", "lt": "Saulė"}})
    )
    assert "Saulė" in titles(await read(client))


async def test_a_client_that_knows_it_gets_no_body(client: Client) -> None:
    for path in (PATH, ONE):
        tag = (await ask(client, path)).headers["ETag"]
        again = await ask(client, path, If_None_Match=tag)
        assert (again.status, await again.read()) == (304, b"")
        assert again.headers["ETag"] == tag


async def test_a_head_has_the_headers_of_the_body(client: Client) -> None:
    for path in (PATH, ONE):
        whole = await ask(client, path, Accept_Encoding="identity")
        head = await client.head(path, headers={"Accept-Encoding": "identity"})
        assert await head.read() == b""
        for name in ("ETag", "Content-Type", "Content-Disposition", "Last-Modified"):
            assert head.headers[name] == whole.headers[name]


async def test_its_tag_moves_with_what_it_shows_and_nothing_else(
    database: Database, client: Client
) -> None:
    async def tag() -> str:
        answer = await ask(client, f"{PATH}?category=energy", Accept_Encoding="identity")
        return answer.headers["ETag"]

    first = await tag()
    database.write_now(put, 1, evening(1, "Bäume schneiden"))
    assert await tag() == first, "another event changed"
    database.write_now(put, 2, evening(2, "Solardach bauen", categories=ENERGY))
    changed = await tag()
    assert changed != first, "an event in it changed"
    database.write_now(remove, "event", 2, "withdrawn")
    assert await tag() not in {first, changed}, "an event left it"


async def test_its_tag_moves_with_the_view(database: Database, client: Client) -> None:
    first = (await ask(client, PATH)).headers["ETag"]
    database.write_now(move_view)
    assert (await ask(client, PATH)).headers["ETag"] != first


async def test_its_tag_moves_with_the_instances_name(
    database: Database, client: Client, serve: Serve
) -> None:
    renamed = await serve(database, title="Allmende Neustadt")
    first, second = await ask(client, PATH), await ask(renamed, PATH)
    assert first.headers["ETag"] != second.headers["ETag"]
    assert await first.read() != await second.read()


async def test_each_question_has_a_tag_of_its_own(client: Client) -> None:
    paths = (PATH, f"{PATH}?lang=en", f"{PATH}?to=2030-01-01", f"{PATH}?q=jede")
    tags = {(await ask(client, path)).headers["ETag"] for path in paths}
    assert len(tags) == len(paths)


async def test_an_hour_later_the_same_events_are_the_same_answer(
    database: Database, serve: Serve
) -> None:
    database.write_now(add_source)
    database.write_now(put, 1, evening(1))
    answers = []
    for hour in range(2):
        client = await serve(database, clock=FixedClock(NOW + timedelta(hours=hour)))
        answer = await ask(client, PATH)
        answers.append((answer.headers["ETag"], await answer.read()))
    assert answers[0] == answers[1]


async def test_the_window_moves_with_the_hours(database: Database, serve: Serve) -> None:
    database.write_now(add_source)
    database.write_now(put, 1, evening(1))
    late = await serve(database, clock=FixedClock(NOW + timedelta(days=32)))
    assert titles(await read(late)) == set()


async def test_the_list_says_where_its_calendar_is(client: Client) -> None:
    said_ = await said(client, "/v1/events?category=energy&from=now&limit=1")
    address = f"{PUBLIC_URL}v1/events.ics?category=energy"
    assert said_["links"]["calendar"] == address
    assert said_["links"]["webcal"] == address.replace("https://", "webcal://")
    assert titles(await read(client, inside(address, PUBLIC_URL))) == {"Abgesagt: Solardach planen"}
    assert "webcal" not in (await said(client, "/v1/offers"))["links"]


async def test_an_empty_calendar_is_still_one(face: Client) -> None:
    empty = await read(face)
    assert [each.name for each in empty.subcomponents] == ["VTIMEZONE"]


async def test_an_unknown_parameter_is_refused(client: Client) -> None:
    answer = await ask(client, f"{PATH}?expand=occurrences")
    assert answer.status == 400


async def test_one_event_is_a_file_without_a_name_of_its_own(client: Client) -> None:
    answer = await ask(client, ONE)
    found = Calendar.from_ical(await answer.read())
    assert titles(found) == {"Bäume gießen"}
    assert "X-WR-CALNAME" not in found
    name = f'inline; filename="{identity("event", 1)}.ics"'
    assert answer.headers["Content-Disposition"] == name


async def test_a_withdrawn_event_answers_as_its_document_does(
    database: Database, client: Client
) -> None:
    database.write_now(remove, "event", 1, "withdrawn")
    calendar_, json = await ask(client, ONE), await ask(client, ONE.removesuffix(".ics"))
    assert (calendar_.status, await calendar_.read()) == (410, await json.read())


async def test_a_merged_event_leads_to_the_other_ones_calendar(
    database: Database, client: Client
) -> None:
    database.write_now(remove, "event", 1, "merged", into=2)
    answer = await ask(client, ONE)
    assert answer.status == 308
    assert answer.headers["Location"] == f"{PUBLIC_URL}v1/events/{identity('event', 2)}.ics"


@pytest.mark.parametrize("id_", [identity("event", 99), identity("offer", 1), "x"])
async def test_what_is_no_event_is_not_found(
    database: Database, client: Client, id_: object
) -> None:
    database.write_now(add_entities, "offer", 1)
    assert (await ask(client, f"/v1/events/{id_}.ics")).status == 404


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calendars are read three events at a time."""
    monkeypatch.setattr(calendar, "OUTLINED", 4)
    monkeypatch.setattr(calendar, "JOINED", 2)


async def test_a_calendar_of_many_pages_has_every_event_once(
    database: Database, serve: Serve, small_pages: None
) -> None:
    database.write_now(add_source)
    database.write_now(put_all, [evening(n, f"Nr. {n}") for n in range(11)])
    client = await serve(database)
    for _ in range(2):  # as it is read, and as it is kept
        found = [str(event["SUMMARY"]) for event in (await read(client)).walk("VEVENT")]
        assert sorted(found) == sorted(f"Nr. {n}" for n in range(11))


async def test_a_zone_is_described_once_and_before_its_first_event(
    database: Database, serve: Serve, small_pages: None
) -> None:
    database.write_now(add_source)
    zones = ("Europe/Berlin", "Europe/Lisbon", "Europe/Vilnius", "Europe/Lisbon")
    for number, zone in enumerate(zones, 1):
        event = evening(number)
        moved = event.model_copy(update={"when": event.when.model_copy(update={"zone": zone})})
        database.write_now(put, number, moved)
    body = await (await ask(await serve(database), PATH)).read()
    assert body.count(b"BEGIN:VTIMEZONE") == 3
    for zone in zones:
        described = body.index(f"\r\nTZID:{zone}\r\n".encode())
        assert described < body.index(f";TZID={zone}:".encode())


async def test_one_event_too_is_sent_in_the_language_asked_for(
    database: Database, client: Client
) -> None:
    texts = {"de": "Rad", "nl": "Fiets"}
    database.write_now(put, 1, evening(3).model_copy(update={"title": texts}))
    assert titles(await read(client, f"{ONE}?lang=nl")) == {"Fiets"}
    assert titles(await read(client, ONE)) == {"Rad"}


async def test_both_ways_of_reading_give_the_same_bytes(
    database: Database, client: Client, serve: Serve
) -> None:
    core = await serve(database, pages=core_pages)
    for path in (PATH, f"{PATH}?lang=nl&category=energy", f"{PATH}?near=06108", ONE):
        raw, plain = await ask(client, path), await ask(core, path)
        assert await raw.read() == await plain.read()
        assert raw.headers["ETag"] == plain.headers["ETag"]


async def test_calendars_of_nothing_keep_nothing_of_what_was_looked_at(
    face_database: Database, serve: Serve
) -> None:
    text = " ".join(f"wort{n}" for n in range(1_000))
    face_database.write_now(
        put_all, [evening(n, "Baum", description={"de": text}) for n in range(60)]
    )
    client = await serve(face_database)
    await ask(client, f"{PATH}?q=baum&bbox=0,0,0,1")
    tracemalloc.start()
    try:
        for n in range(40):
            await ask(client, f"{PATH}?q=baum&bbox=0,0,0,1.{n}")
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 5_000_000
