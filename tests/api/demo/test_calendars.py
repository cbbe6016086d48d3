"""The fake city's calendars are sent as their originals send them, and wrongly when told to."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest
from icalendar import Calendar as Parsed
from lxml import etree
from recurring_ical_events import of

from api.demo.calendars import CALENDARS
from api.demo.changes import Life
from api.demo.city import City, Fault, fake_city
from api.demo.happenings import ZONE, happenings_at
from api.demo.neighbours import CALM, breaking

PATHS = {each.name: each.path for each in CALENDARS}
ICS = ("klima", "verein", "quartier")


@pytest.fixture
async def city() -> AsyncIterator[City]:
    """A running city."""
    async with fake_city(City(gzip=False)) as city:
        yield city


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """A client that gives up soon."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        yield session


async def ask(client: aiohttp.ClientSession, city: City, name: str) -> bytes:
    """A calendar's body."""
    async with client.get(city.url + PATHS[name]) as response:
        assert "ETag" not in response.headers
        return await response.read()


def parsed(body: bytes) -> Any:
    """A calendar, as another library understands it."""
    return Parsed.from_ical(body)


def tree(body: bytes) -> Any:
    """A feed's root, as another library understands it."""
    return etree.fromstring(body)


def events(body: bytes) -> list[Any]:
    """The entries of a calendar, as another library understands them."""
    found: list[Any] = parsed(body).walk("VEVENT")
    assert not any(one.errors for one in found)
    return found


@pytest.mark.parametrize("name", ICS)
@pytest.mark.parametrize("minute", [0, 77, 100_000])
async def test_a_library_reads_what_is_planned(
    city: City, client: aiohttp.ClientSession, name: str, minute: int
) -> None:
    city.minute = minute
    body = await ask(client, city, name)
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    found = [one for one in events(body) if "RECURRENCE-ID" not in one]
    planned = happenings_at(city.life, minute, name)
    assert [str(one["SUMMARY"]).rpartition("ABGESAGT: ")[2] for one in found] == [
        one.idea.title for one in planned
    ]
    for one, plan in zip(found, planned, strict=True):
        start, end = one["DTSTART"].dt, one["DTEND"].dt
        if isinstance(start, datetime):
            start, end = (each.astimezone(ZONE).replace(tzinfo=None) for each in (start, end))
        assert (start, end) == (plan.start, plan.end)


@pytest.mark.parametrize("name", ["klima", "verein"])
async def test_series_and_what_departs_from_them_fit_together(
    city: City, client: aiohttp.ClientSession, name: str
) -> None:
    calendar = parsed(await ask(client, city, name))
    born = datetime.fromtimestamp(city.birth, UTC)
    overrides = [one for one in calendar.walk("VEVENT") if "RECURRENCE-ID" in one]
    ahead = [one for one in overrides if one["RECURRENCE-ID"].dt > born + timedelta(days=1)]
    assert ahead
    occasions = of(calendar).between(born, born + timedelta(days=60))
    said = {one["RECURRENCE-ID"].dt for one in occasions if "RECURRENCE-ID" in one}
    assert {one["RECURRENCE-ID"].dt for one in ahead} <= said
    assert not any("RDATE" in one for one in calendar.walk("VEVENT"))


async def test_googles_calendar_is_stamped_anew_and_says_the_same(
    city: City, client: aiohttp.ClientSession
) -> None:
    first, second = [await ask(client, city, "klima") for _ in range(2)]
    assert first != second
    assert b"X-WR-TIMEZONE:Europe/Berlin" in first
    assert b"STATUS:CANCELLED" in first
    assert b";VALUE=DATE:" in first
    unstamped = [re.sub(rb"DTSTAMP:\w+", b"", body) for body in (first, second)]
    assert unstamped[0] == unstamped[1]


async def test_outlooks_calendar_gives_every_entry_another_uid_on_every_request(
    city: City, client: aiohttp.ClientSession
) -> None:
    bodies = [await ask(client, city, "verein") for _ in range(2)]
    first, second = [{str(one["UID"]) for one in events(body)} for body in bodies]
    assert len(first) == len(second) == len(happenings_at(city.life, 0, "verein"))
    assert not first & second
    assert b"TZID=W. Europe Standard Time:" in bodies[0]
    assert b"X-ALT-DESC;FMTTYPE=text/html:<html>" in bodies[0]
    bare = [re.sub(rb"(UID|DTSTAMP):[^\r]+\r\n( [^\r]+\r\n)*", b"", body) for body in bodies]
    assert bare[0] == bare[1]


async def test_typo3s_feed_dates_its_items_by_when_they_start(
    city: City, client: aiohttp.ClientSession
) -> None:
    city.minute = 45
    channel = tree(await ask(client, city, "rathaus"))[0]
    planned = happenings_at(city.life, 45, "rathaus")
    for item, plan in zip(channel.findall("item"), planned, strict=True):
        start = parsedate_to_datetime(item.findtext("pubDate")).replace(tzinfo=None)
        assert (item.findtext("guid"), start) == (f"event-{plan.number}", plan.start)
        assert (item.findtext("title") or "").startswith("ABGESAGT: ") is plan.called_off
    said = parsedate_to_datetime(channel.findtext("lastBuildDate"))
    assert 0 <= said.timestamp() - city.life.stamp(45) < 60


async def test_the_neighbours_uids_hold_the_times(
    city: City, client: aiohttp.ClientSession
) -> None:
    for one in events(await ask(client, city, "quartier")):
        assert f"-{int(one['DTSTART'].dt.timestamp())}-" in one["UID"]


def test_the_neighbours_server_breaks_now_and_then_but_never_at_first() -> None:
    faults = [breaking(1, minute) for minute in range(2000)]
    assert not any(faults[:CALM])
    assert {*faults} == {None, Fault.BUSY, Fault.LOGIN, Fault.CUT, Fault.EMPTY}
    assert 0.7 < faults.count(None) / len(faults) < 0.8


async def test_the_neighbours_server_breaks_by_itself_unless_told_not_to(
    city: City, client: aiohttp.ClientSession
) -> None:
    city.minute = next(m for m in range(1000) if breaking(city.seed, m) is Fault.BUSY)
    async with client.get(city.url + PATHS["quartier"]) as response:
        assert response.status == 503
    city.breaks = False
    assert events(await ask(client, city, "quartier"))


@pytest.mark.parametrize("name", [*PATHS])
@pytest.mark.parametrize(
    ("fault", "entries"),
    [(Fault.EMPTY, 0), (Fault.SHRUNK, 3), (Fault.DUPLICATE, 1), (Fault.NO_ID, 0), (None, 0)],
)
async def test_a_fault_spoils_a_calendar(
    city: City, client: aiohttp.ClientSession, name: str, fault: Fault | None, entries: int
) -> None:
    whole = _entries(name, await ask(client, city, name))
    city.calendar_faults = {name: fault} if fault else {}
    body = await ask(client, city, name)
    wanted = entries if fault in {Fault.EMPTY, Fault.SHRUNK} else whole + entries
    assert _entries(name, body) == wanted
    if name in ICS and fault is Fault.NO_ID:
        assert sum("UID" not in one for one in events(body)) == 1


def _entries(name: str, body: bytes) -> int:
    """How many entries another library finds; fails where it cannot read the document."""
    return len(events(body) if name in ICS else tree(body)[0].findall("item"))


@pytest.mark.parametrize("name", [*PATHS])
async def test_a_cut_calendar_has_no_end(
    city: City, client: aiohttp.ClientSession, name: str
) -> None:
    city.calendar_faults = {name: Fault.CUT}
    body = await ask(client, city, name)
    assert b"END:VCALENDAR" not in body
    assert b"</rss>" not in body


async def test_poison_comes_in_an_entrys_title(city: City, client: aiohttp.ClientSession) -> None:
    for name in PATHS:
        city.calendar_faults = {name: Fault.LATIN_1}
        body = await ask(client, city, name)
        with pytest.raises(UnicodeDecodeError):
            body.decode()
        assert body.index(b"\xfc") > body.index(b"<item>" if name == "rathaus" else b"VEVENT")


async def test_an_entry_has_a_page_and_the_start_page_names_the_calendars(
    city: City, client: aiohttp.ClientSession
) -> None:
    feed = tree(await ask(client, city, "rathaus"))
    async with client.get(feed.findtext("channel/item/link")) as response:
        assert (response.status, response.content_type) == (200, "text/html")
        assert feed.findtext("channel/item/title") in await response.text()
    async with client.get(f"{city.url}termine/1") as response:
        assert response.status == 404
    async with client.get(city.url) as response:
        page = await response.text()
    assert all(f'href="{each.path}"' in page for each in CALENDARS)


def test_lives_of_other_cities_are_written_too() -> None:
    for birth in (0, 1_743_292_800, 1_790_000_000):
        for each in CALENDARS:
            for minute in (0, 30 * 1440):
                planned = happenings_at(Life(seed=3, birth=birth), minute, each.name)
                assert each.write(planned, birth, 0, "http://x/")
