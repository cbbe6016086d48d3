"""What the HTTP library says of an answer that is none holds the whole address: not so we."""

import asyncio
import secrets
from contextlib import suppress

import pytest

from aggregator.errors import Unreachable
from aggregator.fetch.client import Fetcher
from connectors.base import Request, Secret
from tests.aggregator.fetch.conftest import LIMITS
from tests.upstreams.faults import serving


async def nonsense(writer: asyncio.StreamWriter) -> None:
    """Answer in no language of the web."""
    with suppress(ConnectionError):
        writer.write(b"220 mail.stadt.example ESMTP\r\n\r\n")
        await writer.drain()


async def test_who_speaks_no_http_makes_us_say_no_key(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = secrets.token_hex(16)
    monkeypatch.setenv("CITY_KEY", canary)
    async with serving(nonsense) as upstream:
        request = Request(url=upstream.url, query=(("accessKey", Secret("env:CITY_KEY")),))
        with pytest.raises(Unreachable) as raised:
            await fetcher.fetch(request, limits=LIMITS)
    assert raised.value.problem.message == "it is not HTTP"
    assert canary not in f"{raised.value!r} {raised.value.__cause__!r}"
