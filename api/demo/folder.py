"""What the demo keeps in its folder: birth, seed, ports, the city's key, a configuration.

Knows the configuration only as text; imports nothing of the other rooms.
"""

import fcntl
import json
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Final

from api.demo.configuration import first_configuration

STATE: Final = "demo.json"
CONFIGURATION: Final = "allmende.toml"
KEY: Final = "city.key"
LOCK: Final = "demo.lock"
FIRST_PORT: Final = 8080
FIRST_CITY_PORT: Final = 8180
LAST_PORT: Final = 65535
PORT: Final = re.compile(r"(http://127\.0\.0\.1:|\nport = )(\d+)")


class InUse(Exception):
    """Another demo runs in this folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What makes a demo the same when it is started again. `birth` is in Unix seconds."""

    seed: int
    birth: int
    port: int
    city_port: int


@contextmanager
def occupied(folder: Path) -> Iterator[None]:
    """Hold the folder for this process. Raises `InUse` where another one holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse from None
        yield


def settle(folder: Path, now: int, port: int | None) -> Kept:
    """Read or begin what is kept, find free ports, write the configuration and the key.

    `now` (Unix seconds) becomes the birth of a new demo; `port` is where the service should
    listen. A taken port gives way to the next free one.
    """
    before = _read(folder)
    begun = before or Kept(seed=1, birth=now, port=FIRST_PORT, city_port=FIRST_CITY_PORT)
    chosen = free_port(port or begun.port)
    kept = replace(begun, port=chosen, city_port=free_port(begun.city_port, besides=chosen))
    _write_configuration(folder, before, kept)
    (folder / STATE).write_text(json.dumps(asdict(kept), indent=2) + "\n", "utf-8")
    return kept


def key(folder: Path) -> str:
    """The city's access key, made up once; only its owner may read the file."""
    file = folder / KEY
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as opened:
            opened.write(token_hex(16) + "\n")
    return file.read_text("utf-8").strip()


def free_port(first: int, besides: int | None = None) -> int:
    """The first port from `first` on that nobody listens on; 0 (any) where there is none."""
    for port in range(first, LAST_PORT + 1):
        if port != besides and _is_free(port):
            return port
    return 0


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _read(folder: Path) -> Kept | None:
    """What an earlier demo kept; None where there is none or it cannot be understood."""
    try:
        return Kept(**json.loads((folder / STATE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write_configuration(folder: Path, before: Kept | None, kept: Kept) -> None:
    """The configuration, once; later only its ports change, so that edits stay."""
    file = folder / CONFIGURATION
    if before is None or not file.exists():
        text = first_configuration(kept.port, kept.city_port)
    else:
        new = {str(before.port): str(kept.port), str(before.city_port): str(kept.city_port)}
        text = PORT.sub(
            lambda found: found[1] + new.get(found[2], found[2]), file.read_text("utf-8")
        )
    file.write_text(text, "utf-8")
