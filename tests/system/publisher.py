"""A publisher of one document, on loopback: it says what a test lets it say."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

PATH: Final = "/termine"
HTML: Final = "text/html; charset=utf-8"


@dataclass(slots=True)
class Publisher:
    """What it answers next, and where."""

    kind: str
    body: bytes = b""
    status: int = 200
    address: str = ""
    etag: str | None = None
    conditions: list[str | None] = field(default_factory=list)
    """The If-None-Match of each request."""

    def say(self, body: bytes) -> None:
        """The document from now on."""
        self.body, self.status = body, 200

    def fail(self, status: int, page: str) -> None:
        """A page instead of the document."""
        self.body, self.status = page.encode(), status


@asynccontextmanager
async def publishing(kind: str) -> AsyncIterator[Publisher]:
    """A running publisher of documents of one content type."""
    publisher = Publisher(kind)

    async def answer(request: web.Request) -> web.Response:
        publisher.conditions.append(request.headers.get("If-None-Match"))
        tag = {"ETag": publisher.etag} if publisher.etag else {}
        if tag and publisher.conditions[-1] == publisher.etag:
            return web.Response(status=304, headers=tag)
        is_page = publisher.body.startswith(b"<!DOCTYPE html>")
        kind = HTML if is_page else publisher.kind
        return web.Response(
            body=publisher.body, status=publisher.status, headers={"Content-Type": kind, **tag}
        )

    app = web.Application()
    app.router.add_get(PATH, answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        publisher.address = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
        yield publisher
    finally:
        await runner.cleanup()
