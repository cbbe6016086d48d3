"""Clients that dribble, take nothing or open ever more connections are cut off; the others are
served meanwhile. Real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from aggregator.queries import Database
from aggregator.settings import HttpSettings
from api.doors import Doors
from tests.api.doors import HOST, asked, connected, ended, get, heard, opened
from tests.api.programme import evening, put_all
from tests.api.seeding import add_entities

LIST = "/v1/offers?limit=2"
PATIENT = HttpSettings(
    recheck=0,
    header_time=0.4,
    idle_time=0.6,
    send_time=0.6,
    connections=40,
    connections_per_client=8,
)
FEW = HttpSettings(recheck=0, connections=40, connections_per_client=8)
OTHER = "127.0.0.2"
CALENDAR = get("/v1/events.ics", "Connection: close")


@pytest.fixture
def filled(face_database: Database) -> Database:
    face_database.write_now(add_entities, "offer", 3)
    return face_database


@pytest.fixture
async def doors(filled: Database) -> AsyncIterator[Doors]:
    async with opened(filled, PATIENT) as doors:
        yield doors


async def test_who_dribbles_a_request_is_cut_off_while_others_are_served(filled: Database) -> None:
    http = PATIENT.model_copy(update={"idle_time": 60.0})
    async with opened(filled, http) as doors:
        reader, writer = await connected(doors)
        said = asyncio.create_task(ended(reader))
        with suppress(ConnectionError):
            for letter in get(LIST, *[f"X-{n}: 1" for n in range(40)]):
                if said.done():
                    break
                writer.write(bytes([letter]))
                await asyncio.sleep(0.05)
                assert (await asked(doors, get(LIST), OTHER))[0] == 200
        assert await said == b"", "it never asked anything whole"
        writer.close()


async def test_an_idle_connection_is_closed_and_one_that_is_used_is_not(doors: Doors) -> None:
    reader, writer = await connected(doors)
    for _ in range(8):
        writer.write(get(LIST))
        assert (await heard(reader))[0] == 200
        await asyncio.sleep(0.15)
    assert await asyncio.wait_for(ended(reader), 5) == b""
    writer.close()


async def test_a_slow_answer_is_no_slow_client(doors: Doors) -> None:
    reader, writer = await connected(doors)
    writer.write(get(LIST) * 4)
    await asyncio.sleep(PATIENT.header_time * 1.2)
    assert [(await heard(reader))[0] for _ in range(4)] == [200] * 4
    writer.close()


@pytest.fixture
async def few(filled: Database) -> AsyncIterator[Doors]:
    async with opened(filled, FEW) as doors:
        yield doors


async def test_one_client_has_only_so_many_connections(few: Doors) -> None:
    doors = few
    held = [await connected(doors) for _ in range(FEW.connections_per_client)]
    status, headers, body = await asked(doors, get(LIST))
    assert (status, headers["retry-after"], headers["connection"]) == (503, "5", "close")
    assert headers["content-type"] == "application/problem+json"
    assert b"request.too_many_connections" in body
    assert (await asked(doors, get(LIST), OTHER))[0] == 200
    for _, writer in held:
        writer.close()
    for _ in range(500):
        if doors.connections.of(HOST):
            await asyncio.sleep(0.01)
    assert (await asked(doors, get(LIST)))[0] == 200


async def test_all_clients_together_have_only_so_many(few: Doors) -> None:
    doors, each = few, FEW.connections_per_client
    sources = [f"127.0.0.{n}" for n in range(10, 10 + FEW.connections // each)]
    held = [await connected(doors, source) for source in sources for _ in range(each)]
    assert (await asked(doors, get(LIST), OTHER))[0] == 503
    for _, writer in held:
        writer.close()


async def test_a_trusted_proxy_may_have_all_connections(filled: Database) -> None:
    http = FEW.model_copy(update={"trusted_proxies": (HOST,)})
    async with opened(filled, http) as doors:
        held = [await connected(doors) for _ in range(FEW.connections_per_client * 2)]
        assert (await asked(doors, get(LIST)))[0] == 200
        for _, writer in held:
            writer.close()


async def test_five_hundred_idle_connections_keep_nobody_waiting(filled: Database) -> None:
    async with opened(filled, HttpSettings(recheck=0, connections_per_client=600)) as doors:
        held = [await connected(doors) for _ in range(500)]
        assert (await asked(doors, get(LIST), OTHER))[0] == 200
        assert (await asked(doors, get("/healthz")))[0] == 200
        for _, writer in held:
            writer.close()


@pytest.fixture
def long_programme(face_database: Database) -> Database:
    """A calendar of more than 10 MB."""
    text = {"de": "Wir gießen die jungen Bäume. " * 2_500}
    face_database.write_now(put_all, [evening(n % 28 + 1, description=text) for n in range(140)])
    return face_database


@pytest.mark.parametrize("times", [1, 2])
async def test_who_never_reads_a_long_calendar_is_cut_off(
    long_programme: Database, times: int
) -> None:
    async with opened(long_programme, PATIENT) as doors:
        for _ in range(times - 1):  # the second time it comes whole, from memory
            reader, writer = await connected(doors)
            writer.write(CALENDAR)
            assert len(await ended(reader)) > 10_000_000
            writer.close()
        loop = asyncio.get_running_loop()
        reader, writer = await asyncio.open_connection(HOST, doors.port, limit=1024)
        transport = writer.transport
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()
        writer.write(get("/v1/events.ics"))
        until = loop.time() + 20
        while doors.connections.of(HOST) and loop.time() < until:
            assert (await asked(doors, get(LIST), OTHER))[0] == 200
            await asyncio.sleep(0.1)
        assert not doors.connections.of(HOST)
        transport.abort()


async def test_who_reads_slowly_gets_all_of_it(long_programme: Database) -> None:
    http = PATIENT.model_copy(update={"send_time": 2.0})
    async with opened(long_programme, http) as doors:
        reader, writer = await connected(doors)
        writer.write(CALENDAR)
        said = b""
        while piece := await reader.read(1 << 18):
            said += piece
            await asyncio.sleep(0.05)
        assert said.endswith(b"END:VCALENDAR\r\n")
        writer.close()
        body = said.partition(b"BEGIN:VCALENDAR")[2]
        head, _, sipped = (await _sipped(doors, CALENDAR)).partition(b"BEGIN:VCALENDAR")
        assert b"Content-Length: " in head, "it comes whole, from memory"
        assert len(sipped) == len(body) > 10_000_000
        same = sipped == body
        assert same


async def _sipped(doors: Doors, request: bytes) -> bytes:
    """An answer of which a narrow connection takes little by little, for more than twice
    `send_time`, and then the rest: meanwhile the server's buffer never empties."""
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    narrow.setblocking(False)
    await asyncio.get_running_loop().sock_connect(narrow, (HOST, doors.port))
    reader, writer = await asyncio.open_connection(sock=narrow)
    writer.write(request)
    said = b""
    for _ in range(45):
        said += await reader.readexactly(1 << 16)
        await asyncio.sleep(0.1)
    said += await ended(reader)
    writer.close()
    return said
