"""Somebody who looks after an instance with a password: forms as a browser sends them."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientResponse
from lxml import html

from aggregator.settings import AdminSettings
from tests.api.conftest import Client

PASSWORD = "a long password, äöü & all"
NAME = "Eva Beispiel"
ORIGIN = "https://stadt.example"
"""Of the public address that tests serve under."""
COOKIE = "__Secure-allmende-admin"


def guarded(folder: Path, password: str = PASSWORD) -> AdminSettings:
    """Settings with a password, kept in a file."""
    file = folder / "admin-password"
    file.write_text(f"{password}\n", "utf-8")
    return AdminSettings(password=f"file:{file}", name=NAME)


async def post(
    client: Client, path: str, cookie: str | None = None, /, *, headers: Any = None, **fields: str
) -> ClientResponse:
    """Send a form as a page of this service does; redirects are not followed. `headers` override;
    one that is None is left out."""
    sent = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin", **(headers or {})}
    sent |= {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    given = {name: value for name, value in sent.items() if value is not None}
    return await client.post(path, data=fields, headers=given, allow_redirects=False)


async def get(client: Client, path: str, cookie: str | None = None) -> ClientResponse:
    """Open a page; redirects are not followed."""
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    return await client.get(path, headers=headers, allow_redirects=False)


async def log_in(client: Client, password: str = PASSWORD) -> str:
    """Log in; the cookie's value."""
    answer = await post(client, "/admin/login", password=password)
    assert answer.status == 303, await answer.text()
    return answer.cookies[COOKIE].value


async def token(client: Client, cookie: str, path: str = "/admin") -> str:
    """What the forms of a session carry."""
    tree: Any = html.fromstring(await (await get(client, path, cookie)).text())
    found: str = tree.xpath("//input[@name='token']/@value")[0]
    return found


def inner(answer: ClientResponse) -> str:
    """Where a redirect leads, as routes know it."""
    parts = urlsplit(answer.headers["Location"])
    assert not parts.netloc
    return parts.path.removeprefix("/klima") + (f"?{parts.query}" if parts.query else "")
