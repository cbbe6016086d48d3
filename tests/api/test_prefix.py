"""Behind a proxy that strips a path: no link of any answer leads out of it."""

import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from shutil import copy
from typing import Any
from urllib.parse import urldefrag, urljoin

import orjson
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from aggregator.queries import Database
from tests.api.conftest import Client, Serve
from tests.api.programme import evening, put_all
from tests.api.seeding import add_entities, add_run, add_source, remove

PREFIX = "/stadt/klima/"
IN_HTML = re.compile(r'\s(?:href|src|action|content|data-[a-z-]+)="((?:https?:|webcal:|/)[^"]*)"')
IN_HEADER = re.compile(r"<([^>]*)>")
STARTS = ("", "v1/offers?limit=3", "v1/events", "v1/changes", "v1/sources", "openapi.json", "docs")
MOST = 150
"""Addresses that are looked at."""
OF_BODIES = frozenset({"Content-Encoding", "Content-Length", "Transfer-Encoding"})


class Proxy:
    """A reverse proxy that strips `PREFIX`. `inside` is what it forwards to."""

    def __init__(self) -> None:
        self.inside: Client | None = None
        self.outside: list[str] = []
        """Paths that were asked for without the prefix."""

    async def forward(self, request: web.Request) -> web.Response:
        if not request.raw_path.startswith(PREFIX):
            self.outside.append(request.raw_path)
            return web.Response(status=404)
        assert self.inside is not None
        path = "/" + request.raw_path.removeprefix(PREFIX)
        headers = {"Accept": request.headers.get("Accept", "*/*")}
        answer = await self.inside.get(path, headers=headers, allow_redirects=False)
        kept = {k: v for k, v in answer.headers.items() if k not in OF_BODIES}
        return web.Response(status=answer.status, body=await answer.read(), headers=kept)


def addresses(body: str, headers: Any) -> Iterator[str]:
    """Every address of ours that an answer names, in its body and its headers."""
    media_type = headers.get("Content-Type", "")
    if "html" in media_type:
        yield from map(unescape, IN_HTML.findall(body))
    elif "json" in media_type:
        yield from strings(orjson.loads(body))
    yield from IN_HEADER.findall(headers.get("Link", ""))
    if "Location" in headers:
        yield headers["Location"]


def strings(value: Any) -> Iterator[str]:
    """Every text in a JSON document that is an address."""
    members = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for each in members:
            yield from strings(each)
    elif isinstance(value, str) and re.match(r"(https?|webcal)://\S+$", value):
        yield value


@pytest.fixture
def empty(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{copy(sqlite_template, tmp_path / 'prefix.db')}")
    yield database
    database.close()


async def test_no_link_leads_out_of_the_path(empty: Database, serve: Serve) -> None:
    proxy, app = Proxy(), web.Application()
    app.router.add_get("/{rest:.*}", proxy.forward)
    async with TestServer(app) as server, ClientSession() as session:
        host = f"127.0.0.1:{server.port}"
        base = f"http://{host}{PREFIX}"
        fill(empty)
        proxy.inside = await serve(empty, base)
        waiting, seen = deque(base + start for start in STARTS), set[str]()
        while waiting and len(seen) < MOST:
            address = urldefrag(waiting.popleft()).url.replace("webcal://", "http://")
            if address in seen or "{" in address:
                continue
            seen.add(address)
            async with session.get(
                address, allow_redirects=False, headers={"Accept": "text/html, */*"}
            ) as answer:
                assert answer.status < 500, address
                assert answer.status != 404 or "/problems/" not in address, address
                body = (await answer.read()).decode("utf-8", "replace")
                found = [urljoin(address, each) for each in addresses(body, answer.headers)]
            ours = [each for each in found if host in each]
            assert [each for each in ours if PREFIX not in f"{each}/"] == [], address
            waiting.extend(each for each in ours if PREFIX in each)
    assert proxy.outside == []
    assert len(seen) > 50


def fill(database: Database) -> None:
    """Something of every kind, and what went elsewhere."""
    add = database.write_now
    add(add_source)
    add(add_run)
    add(add_entities, "organisation", 3)
    add(add_entities, "offer", 8)
    add(remove, "offer", 2, "withdrawn")
    add(remove, "offer", 3, "merged", 1)
    add(put_all, [evening(n) for n in range(1, 5)])
