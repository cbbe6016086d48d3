"""`/v1/events`: windows, filters, order, occurrences."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from sqlalchemy import Connection, select, update

from aggregator.queries import Database
from aggregator.store.tables import document, occurrence
from tests.api.asking import ask, ids, inside, said, walk
from tests.api.conftest import Client, Serve
from tests.api.seeding import (
    HOUR,
    NOW,
    PUBLIC_URL,
    FixedClock,
    add_event,
    add_source,
    identity,
    move_view,
    remove,
    touch,
)
from tests.planting import plant

DAY = timedelta(days=1)
EVENTS = f"{PUBLIC_URL}v1/events"
DAILY = [(NOW + n * DAY, NOW + n * DAY + HOUR) for n in range(-3, 12)]


def hours(start: float, length: float = 1) -> tuple[Any, Any]:
    """A span, in hours from now on."""
    return NOW + start * HOUR, NOW + (start + length) * HOUR


def numbers(pages: list[Any]) -> list[int]:
    """The numbers of the events on some pages."""
    known = {str(identity("event", n)): n for n in range(1, 200)}
    return [known[id_] for id_ in ids(pages)]


def seed(database: Database) -> None:
    """1 is over, 2 goes on, 3 is daily, 4 to 43 follow each other by the hour, 5 is called off."""
    database.write_now(add_source)
    database.write_now(add_event, 1, hours(-5, 2), words="laufen")
    database.write_now(add_event, 2, hours(-100, 300), lat=51.5, lon=12.0)
    database.write_now(add_event, 3, *DAILY, statuses={4: "cancelled"}, terms=("topics:energy",))
    for number in range(4, 44):
        called_off: dict[str, Any] = {"status": "cancelled"} if number == 5 else {}
        database.write_now(add_event, number, hours(number), words=f"lauf {number}", **called_off)


@pytest.fixture
def events(database: Database) -> Database:
    plant(database, seed)
    return database


@pytest.fixture
async def asker(events: Database, serve: Serve) -> Client:
    return await serve(events)


async def found(asker: Client, query: str) -> list[int]:
    return numbers([await said(asker, f"/v1/events?limit=100&{query}")])


async def test_without_a_window_all_live_events_come_newest_change_first(asker: Client) -> None:
    answer = await said(asker, "/v1/events?limit=100")
    assert numbers([answer]) == list(range(43, 0, -1))
    assert answer["pagination"]["totalElements"] == 43


async def test_a_window_counts_what_goes_on_and_what_recurs_by_start(asker: Client) -> None:
    answer = await said(asker, "/v1/events?from=now&limit=5")
    assert numbers([answer]) == [2, 3, 4, 5, 6]
    assert answer["pagination"] == {"totalElements": 42, "elementsPerPage": 5}


async def test_a_series_stands_where_it_first_takes_place_in_the_window(asker: Client) -> None:
    window = "from=2026-11-22T13:30:00%2B01:00&to=2026-11-22T15:30:00%2B01:00"
    assert await found(asker, window) == [2, 3, 24, 25, 26]


async def test_now_is_the_hour_and_stands_in_the_links(events: Database, serve: Serve) -> None:
    client = await serve(events, clock=FixedClock(NOW + 59 * timedelta(minutes=1)))
    links = (await said(client, "/v1/events?from=now&limit=5"))["links"]
    assert links["self"] == f"{EVENTS}?from=2026-11-21T12%3A00%3A00Z&limit=5"
    assert "from=2026-11-21T12%3A00%3A00Z" in links["next"]


async def test_a_date_is_a_day_of_the_city(asker: Client, events: Database) -> None:
    begins, ends = hours(-13, 0.5), hours(10.5, 0.5)  # from midnight, and up to the next
    events.write_now(add_event, 100, begins)
    events.write_now(add_event, 101, ends)
    on_the_day = await found(asker, "from=2026-11-21&to=2026-11-21")
    assert 100 in on_the_day[:2]
    assert on_the_day[-1] == 101
    assert on_the_day == await found(asker, "from=2026-11-20T23:00:00Z&to=2026-11-21T23:00:00Z")
    assert 100 not in await found(asker, "to=2026-11-20")
    assert 101 not in await found(asker, "from=2026-11-22")


@pytest.mark.parametrize("query", ["from=now", "to=2027-01-01", "from=now&expand=occurrences"])
async def test_following_next_shows_everything_once_and_prev_leads_back(
    asker: Client, query: str
) -> None:
    whole = (await said(asker, f"/v1/events?{query}&limit=500"))["data"]
    there = await walk(asker, f"/v1/events?{query}&limit=7", PUBLIC_URL)
    assert [entry for page in there for entry in page["data"]] == whole
    last = inside(there[-1]["links"]["self"], PUBLIC_URL)
    back = await walk(asker, last, PUBLIC_URL, relation="prev")
    assert [ids([page]) for page in reversed(back)] == [ids([page]) for page in there]


async def test_pages_by_start_do_not_shift_while_events_change(
    asker: Client, events: Database
) -> None:
    first = await said(asker, "/v1/events?from=now&limit=10")
    for number in (4, 20, 43):
        events.write_now(touch, "event", number)
    events.write_now(add_event, 100, hours(0.5))
    rest = await walk(asker, inside(first["links"]["next"], PUBLIC_URL), PUBLIC_URL)
    assert numbers([first, *rest]) == list(range(2, 44))


async def test_what_is_gone_is_in_no_window(asker: Client, events: Database) -> None:
    events.write_now(remove, "event", 4, "withdrawn")
    assert 4 not in await found(asker, "from=now")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=cancelled", [5]),
        ("status=cancelled&from=now", [5, 3]),
        ("status=scheduled&from=now&to=2026-11-21T17:30:00Z", [2, 3, 4]),
        ("q=lauf+21", [21]),
        ("q=LÄUFEN", [1]),
        ("q=Laufen", [1]),
        ("near=06108&radius=5", [2]),
        ("near=51.5,12.0", [2]),
        ("near=51.5,12.3", []),
        ("bbox=11.9,51.4,12.1,51.6", [2]),
        ("bbox=12.1,51.4,12.2,51.6", []),
        ("category=energy", [3]),
        ("category=topics:energy&from=now", [3]),
        ("category=health", []),
        ("category=unmapped&q=laufen", [1]),
        ("source=agentur&q=laufen", [1]),
        ("q=lauf&from=now&to=now", None),
        ("modified_since=2026-11-20T12:00:43Z&from=now", [43]),
    ],
)
async def test_filters_narrow_the_list_down(
    asker: Client, query: str, expected: list[int] | None
) -> None:
    if expected is None:
        assert (await ask(asker, f"/v1/events?{query}")).status == 400
        return
    assert await found(asker, query) == expected
    total = (await said(asker, f"/v1/events?{query}"))["pagination"]["totalElements"]
    assert total == len(expected)


async def test_distances_stand_beside_the_entries_in_their_order(asker: Client) -> None:
    answer = await said(asker, "/v1/events?near=51.5,12.05")
    assert (numbers([answer]), answer["distances"]) == ([2], [3.46])
    assert "distance" not in orjson.dumps(answer["data"]).decode()
    assert "distances" not in await said(asker, "/v1/events")


REFUSED = [
    ("from=yesterday", "from", "RFC 3339"),
    ("from=2026-02-30", "from", "a date"),
    ("to=1774807200", "to", "now"),
    ("from=2026-11-22&to=2026-11-21", "to", "later than `from`"),
    ("status=open", "status", "scheduled, cancelled, postponed, rescheduled, moved_online"),
    ("near=00000", "near", "postcode"),
    ("near=Halle", "near", "lat,lon"),
    ("near=91,0", "near", "lat,lon"),
    ("near=1,2,3", "near", "lat,lon"),
    ("near=nan,nan", "near", "lat,lon"),
    ("near=06108&radius=201", "radius", "at most 200"),
    ("near=06108&radius=0", "radius", "more than 0"),
    ("radius=5", "radius", "needs `near`"),
    ("bbox=1,2,3", "bbox", "west,south,east,north"),
    ("bbox=1,5,2,4", "bbox", "south lies north of north"),
    ("bbox=1,2,3,inf", "bbox", "west,south,east,north"),
    ("q=", "q", "one to 8 words"),
    ("q=!!!", "q", "one to 8 words"),
    ("q=a+b+c+d+e+f+g+h+i", "q", "one to 8 words"),
    ("category=art", "category", "unmapped, education, energy"),
    ("category=", "category", "accepted are"),
    ("source=nowhere", "source", "accepted are agentur"),
    ("expand=all", "expand", "occurrences"),
]


@pytest.mark.parametrize(("query", "parameter", "accepted"), REFUSED)
async def test_what_makes_no_sense_is_refused_and_says_what_is_accepted(
    asker: Client, query: str, parameter: str, accepted: str
) -> None:
    problem = await said(asker, f"/v1/events?{query}", status=400)
    (error,) = problem["errors"]
    assert error["parameter"] == parameter
    assert accepted in error["detail"]


@pytest.mark.parametrize("collection", ["projects", "organisations", "offers"])
async def test_what_takes_no_time_has_no_window(asker: Client, collection: str) -> None:
    problem = await said(asker, f"/v1/{collection}?from=now", status=400)
    assert problem["errors"] == [{"parameter": "from", "detail": "unknown"}]


@pytest.mark.parametrize(
    "query", ["from=0001-01-01&to=9999-12-31", "from=0001-01-01T00:00:00Z", "to=9999-12-31"]
)
async def test_the_ends_of_the_calendar_are_a_window_too(asker: Client, query: str) -> None:
    assert len(await found(asker, query)) == 43


async def test_a_list_is_known_by_its_tag_until_something_in_it_changes(
    asker: Client, events: Database
) -> None:
    for query in ("from=now&limit=3", "from=now&expand=occurrences&limit=3", "q=lauf&limit=3"):
        tag = (await ask(asker, f"/v1/events?{query}")).headers["ETag"]
        assert (await ask(asker, f"/v1/events?{query}", If_None_Match=tag)).status == 304
        events.write_now(move_view)
        assert (await ask(asker, f"/v1/events?{query}", If_None_Match=tag)).status == 200


async def test_a_cursor_belongs_to_its_order(asker: Client) -> None:
    async def cursor(query: str) -> str:
        following: str = (await said(asker, f"/v1/events?{query}"))["links"]["next"]
        return following.partition("cursor=")[2].partition("&")[0]

    queries = ("limit=3", "limit=3&from=2026-11-01", "limit=3&from=2026-11-01&expand=occurrences")
    for own in queries:
        for other in queries:
            status = 200 if own == other else 400
            await said(asker, f"/v1/events?{other}&cursor={await cursor(own)}", status=status)


@pytest.mark.parametrize("occurrence", ["\0", "", "x", "2026-11-21T13:00:00\0", "2026-11-21T"])
async def test_a_cursor_names_an_occurrence_by_its_start(asker: Client, occurrence: str) -> None:
    page = await said(asker, "/v1/events?expand=occurrences&limit=1")
    cursor = parse_qs(urlsplit(page["links"]["next"]).query)["cursor"][0]
    *rest, _ = orjson.loads(urlsafe_b64decode(cursor + "==="))
    forged = urlsafe_b64encode(orjson.dumps([*rest, occurrence])).decode()
    path = f"/v1/events?expand=occurrences&cursor={forged}"
    assert (await said(asker, path, status=400))["errors"][0]["parameter"] == "cursor"


async def test_expanded_every_occurrence_is_an_entry_with_its_own_time(asker: Client) -> None:
    path = "/v1/events?expand=occurrences&category=energy&to=2026-11-23"
    answer = await said(asker, path)
    assert answer["links"]["self"].startswith(f"{EVENTS}?category=energy&expand=occurrences&from=2")
    assert answer["pagination"]["totalElements"] == 3
    assert [entry["recurrence_id"] for entry in answer["data"]] == [
        "2026-11-21T13:00:00", "2026-11-22T13:00:00", "2026-11-23T13:00:00",
    ]  # fmt: skip
    second = answer["data"][1]
    assert second["when"] == {
        "start": "2026-11-22T13:00:00+01:00",
        "end": "2026-11-22T14:00:00+01:00",
        "zone": "Europe/Berlin",
    }
    assert "recurrence" not in second
    assert second["id"] == str(identity("event", 3))


OVERRIDE = {
    "recurrence_id": "2026-11-22T13:00:00",
    "status": "cancelled",
    "title": {"de": "Fällt aus"},
    "description": {"de": "Wegen Sturm."},
    "place": {"name": "nirgends"},
    "url": "https://agentur.example/sturm",
}


async def test_an_occurrence_says_what_was_said_of_it_alone(
    asker: Client, events: Database
) -> None:
    fields = {"recurrence": {"rule": "FREQ=DAILY", "overrides": [OVERRIDE]}}
    fields |= {"description_html": {"de": "<p>Immer</p>"}}
    events.write_now(touch, "event", 3, **fields)
    path = "/v1/events?expand=occurrences&category=energy&from=2026-11-21&to=2026-11-22"
    usual, special = (await said(asker, path))["data"]
    assert usual["title"] == {"de": "Bäume gießen 3"}
    assert usual["description_html"] == {"de": "<p>Immer</p>"}
    assert {name: special[name] for name in OVERRIDE} == OVERRIDE
    assert "description_html" not in special


async def test_expanded_the_status_is_the_occurrences(asker: Client) -> None:
    path = "/v1/events?expand=occurrences&from=now&status=cancelled"
    entries = (await said(asker, path))["data"]
    assert numbers([{"data": entries}]) == [5, 3]
    assert entries[1]["recurrence_id"] == "2026-11-22T13:00:00"


def as_days(connection: Connection) -> None:
    day = {"recurrence_id": "2026-11-21", "wall_start": "2026-11-21", "all_day": True}
    connection.execute(
        update(occurrence).where(occurrence.c.entity_no == 1).values(**day, wall_end="2026-11-23")
    )
    mine = document.c.entity_no == 1
    event = orjson.loads(connection.execute(select(document.c.json).where(mine)).scalar_one())
    when = {"start": "2026-11-21", "end": "2026-11-23", "all_day": True, "zone": "Europe/Berlin"}
    connection.execute(
        update(document).where(mine).values(json=orjson.dumps(event | {"when": when}))
    )


async def test_an_occurrence_of_whole_days_says_dates(asker: Client, events: Database) -> None:
    events.write_now(as_days)
    path = "/v1/events?expand=occurrences&from=2026-11-21&q=laufen"
    (entry,) = (await said(asker, path))["data"]
    assert entry["recurrence_id"] == "2026-11-21"
    assert entry["when"] == {
        "start": "2026-11-21", "end": "2026-11-23", "all_day": True, "zone": "Europe/Berlin",
    }  # fmt: skip
