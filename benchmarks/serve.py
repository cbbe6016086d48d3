"""How near lists come to a fixed body of the same size, in one process and one run.

uv run python -m benchmarks.serve [--offers 10000] [--rounds 5]

The server runs here, the client in a child. Only ratios mean anything: each row's processor time
a request, against the fixed body (or the bare 304) measured in turn with it.
"""

import argparse
import asyncio
import socket
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from statistics import median
from time import monotonic, process_time

from aiohttp import ClientSession, web

from aggregator.queries import Database
from aggregator.settings import ServiceSettings, Settings
from aggregator.store.migrate import migrate
from api.app import make_app
from tests.api.seeding import FixedClock, add_entities, add_source, changed_at

SECONDS = 1.0
CONNECTIONS = 8
HEAD_END = b"\r\n\r\n"


def hammer(port: int, request: bytes) -> int:
    """Send a request again and again on a few connections → how many answers came whole."""
    sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    selector = DefaultSelector()
    for each in sockets:
        selector.register(each, EVENT_READ)
        each.sendall(request)
    answers, until = 0, monotonic() + SECONDS
    while monotonic() < until:
        for key, _ in selector.select():
            connection = key.fileobj
            assert isinstance(connection, socket.socket)
            receive(connection)
            answers += 1
            connection.sendall(request)
    for each in sockets:
        each.close()
    return answers


def receive(connection: socket.socket) -> None:
    """One whole answer."""
    got = b""
    while HEAD_END not in got:
        got += connection.recv(1 << 18)
    head, _, body = got.partition(HEAD_END)
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    missing = int(length or 0) - len(body)
    while missing > 0:
        missing -= len(connection.recv(min(missing, 1 << 18)))


def request(path: str, tag: str = "") -> bytes:
    """A GET on a connection that stays open."""
    condition = f"If-None-Match: {tag}\r\n" if tag else ""
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n{condition}\r\n".encode()


@contextmanager
def filled(offers: int) -> Iterator[Database]:
    """A SQLite database with one source and so many offers."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        database.write_now(migrate, "http://127.0.0.1/")
        database.write_now(add_source)
        database.write_now(add_entities, "offer", offers)
        yield database
        database.close()


def ceilings(bodies: dict[str, bytes]) -> web.Application:
    """Fixed bodies by path, and a bare 304: what the server itself can do."""
    app = web.Application()
    for path, body in bodies.items():

        async def fixed(_request: web.Request, body: bytes = body) -> web.Response:
            return web.Response(body=body, content_type="application/json")

        app.router.add_get(path, fixed)

    async def bare(_request: web.Request) -> web.Response:
        return web.Response(status=304)

    app.router.add_get("/304", bare)
    return app


async def listen(app: web.Application) -> tuple[web.AppRunner, int]:
    """Serve on a free port, without an access log."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, runner.addresses[0][1]


async def cost(pool: ProcessPoolExecutor, port: int, asked: bytes) -> float:
    """Seconds of this process's processor a request."""
    before = process_time()
    answers = await asyncio.get_running_loop().run_in_executor(pool, hammer, port, asked)
    return (process_time() - before) / answers


async def measure(offers: int, rounds: int) -> None:
    """Print a row for each kind of request."""
    since = changed_at(offers // 2).isoformat()[:19]
    paths = {
        "list of 20": "/v1/offers?limit=20",
        "list of 50": "/v1/offers",
        "list of 100": "/v1/offers?limit=100",
        "list of 50, modified_since": f"/v1/offers?modified_since={since}Z",
        "changes, 500": "/v1/changes",
    }
    with filled(offers) as database, ProcessPoolExecutor(1) as pool:
        app = make_app(database, Settings(service=ServiceSettings()), FixedClock())
        ours, port = await listen(app)
        bodies, tags = await fetch(port, list(paths.values()))
        numbered = {f"/{n}": body for n, body in enumerate(bodies)}
        fixed, ceiling = await listen(ceilings(numbered))
        print(f"{offers} offers, SQLite, nothing cached; share of the ceiling, median of {rounds}")
        rows = [
            (name, len(body), request(path), request(f"/{n}"))
            for n, ((name, path), body) in enumerate(zip(paths.items(), bodies, strict=True))
        ]
        rows.append(("list of 50, 304", 0, request("/v1/offers", tags[1]), request("/304")))
        for name, size, asked, bare in rows:
            shares = []
            for _ in range(rounds):
                base = await cost(pool, ceiling, bare)
                shares.append(base / await cost(pool, port, asked))
            print(f"{name:28} {size:>8} bytes   {median(shares):.2f}")
        await ours.cleanup()
        await fixed.cleanup()


async def fetch(port: int, paths: list[str]) -> tuple[list[bytes], list[str]]:
    """Each path's body and tag."""
    async with ClientSession() as session:
        answers = [await session.get(f"http://127.0.0.1:{port}{path}") for path in paths]
        return [await answer.read() for answer in answers], [a.headers["ETag"] for a in answers]


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    asyncio.run(measure(given.offers, given.rounds))


if __name__ == "__main__":
    main()
