"""Commands as processes of their own, and a city for them to ask. For tests only."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from api.demo.city import City, fake_city
from tests.api.cli.conftest import COMMAND

SOURCE = """
[service]
port = 0
[fetch]
allow_loopback = true
[[source]]
id = "musterstadt"
connector = "freinet"
every = "1s"
[source.settings]
base_url = "{url}query/api/"
agency = 177
key = "env:CITY_KEY"
"""


@contextmanager
def running_city(city: City) -> Iterator[City]:
    """The city on a loop in a thread of its own."""
    started, ended = threading.Event(), threading.Event()

    async def live() -> None:
        async with fake_city(city):
            started.set()
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=asyncio.run, args=[live()])
    thread.start()
    started.wait(10)
    try:
        yield city
    finally:
        ended.set()
        thread.join()


def configure(folder: Path, city: City) -> Path:
    """A configuration that asks the city every second."""
    file = folder / "allmende.toml"
    file.write_text(SOURCE.format(url=city.url))
    return file


@contextmanager
def living(
    *arguments: object, cwd: Path, key: str = "", program: Sequence[str] = COMMAND[1:]
) -> Iterator[subprocess.Popen[str]]:
    """A command that runs until told otherwise; killed when the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", *program, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env={**os.environ, "CITY_KEY": key},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def event(process: subprocess.Popen[str], name: str) -> dict[str, Any]:
    """The next event of this name that the command says in JSON."""
    assert process.stdout is not None
    for line in process.stdout:
        said: dict[str, Any] = orjson.loads(line)
        if said["event"] == name:
            return said
    raise AssertionError(f"it ended without {name}: {process.communicate()[1]}")


def end(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, float, str]:
    """Send a signal; exit code, seconds until then, what it said on standard error."""
    began = time.monotonic()
    process.send_signal(number)
    _, said = process.communicate(timeout=15)
    return process.returncode, time.monotonic() - began, said


def get(url: str) -> tuple[int, Any]:
    """Status and JSON body."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return response.status, orjson.loads(response.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, orjson.loads(error.read())


def wait_until_ready(url: str, seconds: float = 30) -> None:
    """Wait until `/readyz` says 200."""
    for _ in range(int(seconds / 0.1)):
        if get(f"{url}readyz")[0] == 200:
            return
        time.sleep(0.1)
    raise AssertionError(get(f"{url}readyz"))
