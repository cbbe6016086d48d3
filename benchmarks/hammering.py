"""Clients of benchmarks, in processes of their own: one that keeps a few connections busy, one that
asks in turn and looks at the clock. They understand as much HTTP as answers of ours need."""

import socket
from collections.abc import Sequence
from selectors import EVENT_READ, DefaultSelector
from time import monotonic, perf_counter

SECONDS = 1.0
CONNECTIONS = 8
HEAD_END = b"\r\n\r\n"
PIECE = 1 << 18


def request(path: str, **headers: str) -> bytes:
    """A GET on a connection that stays open. Names of headers with `_` for `-`."""
    said = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n{said}\r\n".encode()


def hammer(port: int, requests: Sequence[bytes]) -> int:
    """Send requests in turn, again and again, on a few connections → how many answers came."""
    sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    selector = DefaultSelector()
    asked = 0
    for each in sockets:
        selector.register(each, EVENT_READ)
        each.sendall(requests[asked % len(requests)])
        asked += 1
    answers, until = 0, monotonic() + SECONDS
    while monotonic() < until:
        for key, _ in selector.select():
            connection = key.fileobj
            assert isinstance(connection, socket.socket)
            receive(connection)
            answers += 1
            connection.sendall(requests[asked % len(requests)])
            asked += 1
    for each in sockets:
        each.close()
    return answers


def time_each(port: int, requests: Sequence[bytes]) -> list[float]:
    """Milliseconds that each request took, one after another on one connection."""
    took = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for each in requests:
            began = perf_counter()
            connection.sendall(each)
            receive(connection)
            took.append((perf_counter() - began) * 1e3)
    return took


def time_for(port: int, request_: bytes, seconds: float, pause: float) -> list[float]:
    """Milliseconds that a request took whenever it was asked, with pauses, for so many seconds."""
    took, until = [], monotonic() + seconds
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.settimeout(30)
        while monotonic() < until:
            began = perf_counter()
            connection.sendall(request_)
            receive(connection)
            took.append((perf_counter() - began) * 1e3)
            _wait(pause)
    return took


def _wait(seconds: float) -> None:
    """Sleep without owning the processor."""
    DefaultSelector().select(seconds)


def receive(connection: socket.socket) -> None:
    """One whole answer with a length."""
    got = b""
    while HEAD_END not in got:
        piece = connection.recv(PIECE)
        if not piece:
            raise ConnectionError("the server closed the connection")
        got += piece
    head, _, body = got.partition(HEAD_END)
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    missing = int(length or 0) - len(body)
    while missing > 0:
        missing -= len(connection.recv(min(missing, PIECE)))
