"""What the server itself refuses, before any route is asked: problem documents too, and no word
about who asked in any log."""

import asyncio
import logging
from collections.abc import AsyncIterator

import orjson
import pytest

from aggregator.queries import Database
from api.doors import Doors
from tests.api.doors import HOST, asked, connected, ended, get, heard, opened

MALFORMED = {
    "no http at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 50 + b"\r\n\r\n",
    "a header without name": b"GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n",
    "two lengths": get("/", "Content-Length: 1", "Content-Length: 2"),
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "a line of nonsense": b"nonsense\r\n\r\n",
}


@pytest.fixture
async def doors(face_database: Database) -> AsyncIterator[Doors]:
    async with opened(face_database) as doors:
        yield doors


@pytest.mark.parametrize("request_", MALFORMED.values(), ids=MALFORMED.keys())
async def test_what_is_no_request_is_refused_in_words(
    doors: Doors, request_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await connected(doors)
    writer.write(request_)
    status, headers, body = await heard(reader)
    assert status == 400
    assert await asyncio.wait_for(ended(reader), 5) == b""
    writer.close()
    assert headers["content-type"] == "application/problem+json"
    assert headers["x-content-type-options"] == "nosniff"
    assert orjson.loads(body)["type"].endswith("/problems/request.malformed")
    assert not caplog.records


TOO_LONG = {
    "an address": (get("/" + "a" * 20_000), 414, "request.target_too_long"),
    "a header": (get("/", "X-Long: " + "a" * 20_000), 431, "request.headers_too_large"),
    "headers": (get("/", *[f"X-{n}: 1" for n in range(200)]), 431, "request.headers_too_large"),
}


@pytest.mark.parametrize(("request_", "status", "code"), TOO_LONG.values(), ids=TOO_LONG.keys())
async def test_what_is_too_long_is_said_to_be(
    doors: Doors, request_: bytes, status: int, code: str
) -> None:
    found, headers, body = await asked(doors, request_)
    assert (found, headers["content-type"]) == (status, "application/problem+json")
    assert orjson.loads(body)["type"].endswith(code)


async def test_a_form_that_is_too_large_is_refused(doors: Doors) -> None:
    much = get("/admin/login", "Content-Length: 1000000", method="POST") + b"x" * 200_000
    reader, writer = await connected(doors)
    writer.write(much)
    status, headers, body = await heard(reader)
    assert (status, headers["content-type"]) == (413, "application/problem+json")
    assert b"request.too_large" in body
    writer.close()


@pytest.mark.parametrize("path", ["/v1/offers", "/admin/login"])
@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
async def test_a_body_that_is_not_in_the_coding_it_names_is_no_error_of_ours(
    doors: Doors, path: str, coding: str, caplog: pytest.LogCaptureFixture
) -> None:
    request = get(path, f"Content-Encoding: {coding}", "Content-Length: 3", method="POST")
    status, headers, _ = await asked(doors, request + b"a=b")
    assert (status, headers["content-type"]) == (
        405 if path == "/v1/offers" else 404,
        "application/problem+json",
    )
    assert not caplog.records


async def test_a_body_that_breaks_off_is_no_error_of_ours(
    doors: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    for headers in ("Content-Length: 10", "Transfer-Encoding: chunked"):
        reader, writer = await connected(doors)
        writer.write(get("/admin/login", headers, method="POST") + b"3\r\na=b\r\n"[:9])
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert await asyncio.wait_for(ended(reader), 5) == b""
    assert (await asked(doors, get("/healthz")))[0] == 200
    assert not caplog.records


async def test_an_expectation_nobody_can_meet_is_refused_in_words(doors: Doors) -> None:
    status, headers, body = await asked(doors, get("/v1/offers", "Expect: a-miracle"))
    assert (status, headers["content-type"]) == (417, "application/problem+json")
    assert b"request.unsupported" in body


async def test_an_answer_from_memory_keeps_to_the_connection_that_was_asked_for(
    doors: Doors,
) -> None:
    for version, wanted in (("1.1", "close"), ("1.1", ""), ("1.0", "keep-alive"), ("1.0", "")):
        request = f"GET /v1/offers HTTP/{version}\r\nHost: x\r\nConnection: {wanted}\r\n\r\n"
        await asked(doors, request.encode())
        reader, writer = await connected(doors)
        writer.write(request.encode())
        status, headers, body = await heard(reader)
        assert (status, body[:8]) == (200, b'{"data":')
        if (version, wanted) in {("1.1", ""), ("1.0", "keep-alive")}:
            assert headers.get("connection", "keep-alive") == "keep-alive"
            writer.write(request.encode())
            assert (await heard(reader))[0] == 200
        else:
            assert await asyncio.wait_for(ended(reader), 5) == b""
        writer.close()


async def test_no_address_of_a_client_is_logged(
    doors: Doors, caplog: pytest.LogCaptureFixture, face_database: Database
) -> None:
    caplog.set_level(logging.DEBUG)
    face_database.close()
    await asked(doors, get("/v1/sources"))
    await asked(doors, b"nonsense\r\n\r\n")
    assert HOST not in caplog.text
