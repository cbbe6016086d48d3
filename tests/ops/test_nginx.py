"""The service behind a real nginx under a path: what it says is reachable there, and nginx changes
nothing of it."""

import re
import ssl
import subprocess
import tomllib
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from shutil import copy
from typing import Any, Final

import pytest
import trustme
from aiohttp import ClientSession, TCPConnector, web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer, unused_port
from sqlalchemy import Connection

from aggregator.configuring.process import SECTIONS
from aggregator.queries import Database
from aggregator.settings import AdminSettings, HttpSettings, ServiceSettings, Settings
from api.app import make_app
from tests.api.seeding import (
    HOUR,
    NOW,
    FixedClock,
    add_entities,
    add_event,
    add_run,
    add_source,
    identity,
    remove,
)
from tests.ops.proxying import HOST, SITE, Proxy, nginx, proxying, write

pytestmark = pytest.mark.ops

SAME: Final = (
    "Cache-Control", "Content-Encoding", "Content-Length", "Content-Security-Policy",
    "Content-Type", "ETag", "Last-Modified", "Link", "Vary",
)  # fmt: skip
PATHS: Final = (
    "v1/offers",
    "v1/offers?limit=5",
    "v1/events?from=now",
    "v1/events.ics",
    "v1/changes",
    "",
)
CODINGS: Final = ("identity", "gzip", "gzip, deflate, br, zstd")


class Here(AbstractResolver):
    """Every name is this machine."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        found = ResolveResult(
            hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0
        )
        return [found]

    async def close(self) -> None:
        """Nothing to close."""


def furnish(connection: Connection) -> None:
    """A source, organisations, offers (one merged into another), events."""
    add_source(connection)
    add_run(connection)
    add_entities(connection, "organisation", 3)
    add_entities(connection, "offer", 120)
    add_event(connection, 1, (NOW + HOUR, NOW + 2 * HOUR))
    remove(connection, "offer", 7, "merged", into=8)


@pytest.fixture
def ports(tmp_path: Path) -> Iterator[tuple[Proxy, int]]:
    """nginx, and the port it passes requests on to."""
    upstream = unused_port()
    with proxying(tmp_path, upstream) as proxy:
        yield proxy, upstream


@pytest.fixture
async def session(ports: tuple[Proxy, int]) -> AsyncIterator[ClientSession]:
    """A client that trusts nginx and decodes nothing."""
    context = ssl.create_default_context()
    ports[0].trusted.configure_trust(context)
    connector = TCPConnector(resolver=Here(), ssl=context)
    async with ClientSession(connector=connector, auto_decompress=False) as opened:
        yield opened


@pytest.fixture
async def served(
    ports: tuple[Proxy, int], sqlite_template: Path, tmp_path: Path
) -> AsyncIterator[str]:
    """The public address of a furnished instance behind nginx."""
    proxy, upstream = ports
    database = Database(f"sqlite:///{copy(sqlite_template, tmp_path / 'behind.db')}")
    database.write_now(furnish)
    settings = Settings(
        service=ServiceSettings(public_url=proxy.public_url),
        admin=AdminSettings(public=True),
        http=HttpSettings(trusted_proxies=("127.0.0.1",)),
    )
    app = make_app(database, settings, FixedClock())
    async with TestServer(app, host="127.0.0.1", port=upstream):
        yield proxy.public_url
    database.close()


async def json(session: ClientSession, address: str) -> Any:
    """The parsed answer; it must be a good one."""
    async with session.get(address) as answer:
        assert answer.status == 200, address
        return await answer.json()


def test_nginx_accepts_the_example(tmp_path: Path) -> None:
    write(tmp_path, Proxy(unused_port(), unused_port(), trustme.CA()), unused_port())
    command = [nginx(), "-t", "-q", "-c", str(tmp_path / "nginx.conf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


async def test_a_list_is_read_to_its_end_by_its_own_links(
    served: str, session: ClientSession
) -> None:
    address, seen = f"{served}v1/offers?limit=50", []
    while address:
        page = await json(session, address)
        seen += [entry["id"] for entry in page["data"]]
        assert all(link.startswith((served, "webcal:")) for link in page["links"].values())
        address = page["links"].get("next", "")
    assert len(set(seen)) == len(seen) == 119


async def test_an_entry_is_where_it_says_it_is(served: str, session: ClientSession) -> None:
    entry = (await json(session, f"{served}v1/offers?limit=1"))["data"][0]
    assert entry["self"].startswith("https://")
    found = await json(session, f"{served}v1/offers/{entry['id']}")
    assert found["id"] == entry["id"]


async def test_a_merged_entry_redirects_below_the_path(served: str, session: ClientSession) -> None:
    old = f"{served}v1/offers/{identity('offer', 7)}"
    async with session.get(old, allow_redirects=False) as answer:
        assert answer.status == 308
        assert answer.headers["Location"].startswith((f"{served}v1/offers/", "/klima/v1/offers/"))
    async with session.get(old) as answer:
        assert answer.status == 200
        assert (await answer.json())["id"] == str(identity("offer", 8))


async def test_every_link_of_a_page_leads_somewhere_below_the_path(
    served: str, session: ClientSession
) -> None:
    async with session.get(served) as answer:
        page = await answer.text()
    linked = set(re.findall(r'(?:href|src|action)="([^"#]+)"', page))
    inside = {link.removeprefix(served.removesuffix("/klima/")) for link in linked}
    local = {link.replace("&amp;", "&") for link in inside if link.startswith("/")}
    assert local
    assert all(link.startswith("/klima/") for link in local)
    for link in sorted(local):
        async with session.get(f"{served.removesuffix('/klima/')}{link}") as answer:
            assert answer.status == 200, link


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("coding", CODINGS)
async def test_nginx_passes_answers_on_as_they_are(
    ports: tuple[Proxy, int], served: str, session: ClientSession, path: str, coding: str
) -> None:
    asked = {"Accept-Encoding": coding}
    for _ in range(3):  # what is asked for again may come compressed
        direct = await exchange(session, f"http://127.0.0.1:{ports[1]}/{path}", asked)
        behind = await exchange(session, f"{served}{path}", asked)
        again = await exchange(session, f"http://127.0.0.1:{ports[1]}/{path}", asked)
        assert behind in (direct, again)
        assert not behind[1].get("ETag", "").startswith("W/")


async def exchange(
    session: ClientSession, address: str, headers: Mapping[str, str], method: str = "GET"
) -> tuple[int, dict[str, str], bytes]:
    """Status, the headers that must stay, body."""
    async with session.request(method, address, headers=headers) as answer:
        kept = {name: answer.headers[name] for name in SAME if name in answer.headers}
        return answer.status, kept, await answer.read()


@pytest.mark.parametrize("path", [path for path in PATHS if path])
@pytest.mark.parametrize("coding", CODINGS)
async def test_what_a_client_has_is_answered_with_304(
    served: str, session: ClientSession, path: str, coding: str
) -> None:
    asked = {"Accept-Encoding": coding}
    for _ in range(3):
        _, headers, _ = await exchange(session, f"{served}{path}", asked)
        known = asked | {"If-None-Match": headers["ETag"]}
        status, again, body = await exchange(session, f"{served}{path}", known)
        assert (status, again["ETag"], body) == (304, headers["ETag"], b"")


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
async def test_other_methods_come_through(served: str, session: ClientSession, method: str) -> None:
    status, _, body = await exchange(session, f"{served}v1/offers", {}, method)
    assert status in {200, 204}
    assert body == b""


async def test_the_calendar_names_addresses_below_the_path(
    served: str, session: ClientSession
) -> None:
    async with session.get(f"{served}v1/events.ics") as answer:
        unfolded = (await answer.text()).replace("\r\n ", "")
    assert answer.content_type == "text/calendar"
    own = re.findall(rf"https://{re.escape(HOST)}[^\s\\\"]*", unfolded)
    assert own
    assert all(address.startswith(served) for address in own)


async def test_the_path_without_its_slash_and_plain_http_lead_to_it(
    ports: tuple[Proxy, int], served: str, session: ClientSession
) -> None:
    async with session.get(f"{served.rstrip('/')}?lang=de") as answer:
        assert (answer.status, str(answer.url)) == (200, f"{served}?lang=de")
    plain = f"http://{HOST}:{ports[0].plain}/klima/v1/offers?limit=1"
    async with session.get(plain, allow_redirects=False) as answer:
        assert answer.headers["Location"] == f"https://{HOST}/klima/v1/offers?limit=1"


async def test_what_lies_beside_the_path_is_not_ours(served: str, session: ClientSession) -> None:
    async with session.get(f"{served.removesuffix('/klima/')}/klimaanlage") as answer:
        assert answer.status == 404
        assert answer.headers["Server"] == "nginx"


async def test_what_a_client_claims_about_itself_is_replaced(
    ports: tuple[Proxy, int], session: ClientSession
) -> None:
    async def repeat(request: web.Request) -> web.Response:
        return web.json_response({"path": request.path_qs, **request.headers})

    app = web.Application()
    app.router.add_get("/{path:.*}", repeat)
    claimed = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "for=203.0.113.9",
    }
    asked = f"{ports[0].public_url}v1/x?a=%26b"
    async with (
        TestServer(app, host="127.0.0.1", port=ports[1]),
        session.get(asked, headers=claimed) as answer,
    ):
        seen = await answer.json()
    assert seen["path"] == "/v1/x?a=%26b"
    assert seen["X-Forwarded-For"] == "127.0.0.1"
    assert seen["X-Forwarded-Proto"] == "https"
    assert seen["Host"] == HOST
    assert not {"X-Forwarded-Host", "Forwarded"} & set(seen)


def test_the_settings_that_the_example_asks_for_exist() -> None:
    quoted = re.findall(r"(?m)^#     (.+)$", SITE.read_text())
    asked = tomllib.loads("\n".join(quoted))
    assert asked.keys() == {"service", "http"}
    for section, values in asked.items():
        assert SECTIONS[section].model_validate(values).model_fields_set == set(values)
