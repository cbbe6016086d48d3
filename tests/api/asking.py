"""Asking the application and reading what it says."""

from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientResponse

from tests.api.conftest import Client


def inside(address: str, public_url: str) -> str:
    """A published address → the path and query that reach the application behind its proxy."""
    assert address.startswith(public_url), address
    parts = urlsplit("/" + address.removeprefix(public_url))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


async def ask(client: Client, path: str, **headers: str) -> ClientResponse:
    """One GET, redirects not followed."""
    return await client.get(
        path, headers={k.replace("_", "-"): v for k, v in headers.items()}, allow_redirects=False
    )


async def said(client: Client, path: str, status: int = 200) -> Any:
    """One GET → its JSON; the status must be the one expected."""
    answer = await ask(client, path)
    text = await answer.text()
    assert answer.status == status, text
    return await answer.json(content_type=None)


async def walk(client: Client, path: str, public_url: str, relation: str = "next") -> list[Any]:
    """Follow `links.next` from a page to the end → every page."""
    pages = [await said(client, path)]
    while relation in pages[-1]["links"]:
        pages.append(await said(client, inside(pages[-1]["links"][relation], public_url)))
    return pages


def ids(pages: list[Any]) -> list[str]:
    """The ids on some pages, in order."""
    return [entry["id"] for page in pages for entry in page["data"]]
